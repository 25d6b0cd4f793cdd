package storage

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"segnavia/civic"
)

// wakeChannel is where nodes tell each other that scopes moved. What is said
// holds no row: "jurisdiction/scope:v", several to a line.
const wakeChannel = "segnavia_wake"

// notifyEvery is how long wake-ups are gathered before one NOTIFY tells the
// other nodes: said inside each transaction it would cost half the throughput.
const notifyEvery = 5 * time.Millisecond

// Wakes carries wake-ups between nodes over PostgreSQL's own LISTEN and NOTIFY.
type Wakes struct {
	db *DB

	mu      sync.Mutex
	pending map[wakeKey]int64
	kick    chan struct{}
}

type wakeKey struct {
	j civic.JurisdictionID
	s civic.Scope
}

// NewWakes prepares to carry wake-ups; Run does it.
func (db *DB) NewWakes() *Wakes {
	return &Wakes{db: db, pending: make(map[wakeKey]int64), kick: make(chan struct{}, 1)}
}

// Send asks for other nodes to be told. It never blocks.
func (w *Wakes) Send(list []civic.Wake) {
	w.mu.Lock()
	for _, one := range list {
		k := wakeKey{one.Jurisdiction, one.Scope}
		w.pending[k] = max(w.pending[k], one.V)
	}
	w.mu.Unlock()
	select {
	case w.kick <- struct{}{}:
	default:
	}
}

// Run tells other nodes what Send was given, and gives receive what they say,
// until the context ends. A connection that breaks is opened again; what is lost
// meanwhile costs latency only, since heads are polled.
func (w *Wakes) Run(ctx context.Context, receive func([]civic.Wake)) {
	var wg sync.WaitGroup
	wg.Go(func() { w.sendAll(ctx) })
	wg.Go(func() {
		for ctx.Err() == nil {
			if w.listen(ctx, receive) != nil {
				pause(ctx, time.Second)
			}
		}
	})
	wg.Wait()
}

func (w *Wakes) sendAll(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.kick:
		}
		pause(ctx, notifyEvery)
		w.mu.Lock()
		batch := w.pending
		w.pending = make(map[wakeKey]int64)
		w.mu.Unlock()
		w.tell(ctx, payloads(batch))
	}
}

func (w *Wakes) tell(ctx context.Context, payloads []string) {
	ctx, cancel := w.db.sync.bounded(ctx)
	defer cancel()
	for _, payload := range payloads {
		if _, err := w.db.sync.Exec(ctx, `SELECT pg_notify($1, $2)`, wakeChannel, payload); err != nil {
			return
		}
	}
}

// quietFor is how long nothing may be heard before the connection is tried: one
// whose other end is gone is as silent as a quiet night.
const quietFor = 30 * time.Second

// maxPayload is below the 8000 bytes that NOTIFY takes.
const maxPayload = 7000

func payloads(batch map[wakeKey]int64) []string {
	var list []string
	var b strings.Builder
	keys := slices.SortedFunc(maps.Keys(batch), func(a, b wakeKey) int { return strings.Compare(string(a.s), string(b.s)) })
	for _, k := range keys {
		if b.Len() > maxPayload {
			list = append(list, b.String())
			b.Reset()
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s/%s:%d", k.j, k.s, batch[k])
	}
	if b.Len() > 0 {
		list = append(list, b.String())
	}
	return list
}

func (w *Wakes) listen(ctx context.Context, receive func([]civic.Wake)) error {
	conn, err := connect(ctx, w.db.url)
	if err != nil {
		return err
	}
	defer hangUp(ctx, conn)
	if _, err := conn.Exec(ctx, `LISTEN `+wakeChannel); err != nil {
		return err
	}
	for {
		n, err := w.hear(ctx, conn)
		if err != nil {
			return err
		}
		if n != nil {
			receive(parseWakes(n.Payload))
		}
	}
}

// hear waits for a notification; none is heard from a connection that was silent
// and still answers.
func (w *Wakes) hear(ctx context.Context, conn *pgx.Conn) (*pgconn.Notification, error) {
	wait, cancel := context.WithTimeout(ctx, quietFor)
	defer cancel()
	n, err := conn.WaitForNotification(wait)
	if err == nil || wait.Err() == nil || ctx.Err() != nil {
		return n, err
	}
	ping, done := w.db.sync.bounded(ctx)
	defer done()
	return nil, conn.Ping(ping)
}

func parseWakes(payload string) []civic.Wake {
	var list []civic.Wake
	for line := range strings.Lines(payload) {
		town, rest, _ := strings.Cut(strings.TrimSpace(line), "/")
		at := strings.LastIndexByte(rest, ':')
		j, err := civic.ParseID[civic.Jurisdiction](town)
		if err != nil || at < 0 {
			continue
		}
		v, err := strconv.ParseInt(rest[at+1:], 10, 64)
		if err != nil {
			continue
		}
		list = append(list, civic.Wake{Jurisdiction: j, Scope: civic.Scope(rest[:at]), V: v})
	}
	return list
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
