package sync

import (
	"context"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"segnavia/civic"
)

// stream reads a scope's log after cur and gives each frame to everybody. A
// subscriber's own cursor is never below cur when it is attached.
type stream struct {
	hub *hub
	key streamKey

	mu    sync.Mutex
	cur   int64
	want  int64
	wakes int // counts the wake-ups, so that none is overlooked while reading
	busy  bool
	subs  map[*subscription]*session
}

func (st *stream) detach(sub *subscription) {
	st.hub.mu.Lock()
	defer st.hub.mu.Unlock()
	st.mu.Lock()
	defer st.mu.Unlock()
	delete(st.subs, sub)
	st.letGo()
}

// letGo forgets a stream that nobody follows; both locks are held.
func (st *stream) letGo() {
	if len(st.subs) == 0 && !st.busy && st.hub.streams[st.key] == st {
		delete(st.hub.streams, st.key)
	}
}

func (st *stream) wake(v int64) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.want = max(st.want, v)
	st.wakes++
	if st.busy || len(st.subs) == 0 || st.want <= st.cur {
		return
	}
	st.busy = true
	st.hub.work.Go(st.drain)
}

// drainTimeout bounds one reading of the log; a reading that fails is tried
// again while somebody listens.
const drainTimeout = 5 * time.Second

// drain reads and hands out until there is nothing more.
func (st *stream) drain() {
	for {
		from, wakes, ok := st.next()
		if !ok {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
		frame, size, d, err := st.read(ctx, from)
		cancel()
		if err != nil {
			if civic.CodeOf(err) == "reset" {
				st.reset()
				return
			}
			time.Sleep(100 * time.Millisecond)
			continue
		}
		st.hand(frame, size, d, wakes)
	}
}

// next tells from where to read on; false, and no longer busy, when there is
// nothing more or nobody to read for.
func (st *stream) next() (from int64, wakes int, ok bool) {
	st.hub.mu.Lock()
	defer st.hub.mu.Unlock()
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.want <= st.cur || len(st.subs) == 0 {
		st.busy = false
		st.letGo()
		return 0, 0, false
	}
	return st.cur, st.wakes, true
}

// read makes the next frame, compressed once for everybody.
func (st *stream) read(ctx context.Context, from int64) (*websocket.PreparedMessage, int, civic.Delta, error) {
	d, _, err := pull(ctx, st.hub.log, st.key, from, pullOps)
	if err != nil || d.To == from {
		return nil, 0, d, err
	}
	raw := encode(delta(d))
	frame, err := websocket.NewPreparedMessage(websocket.TextMessage, raw)
	d.Ops = nil
	return frame, len(raw), d, err
}

func (st *stream) hand(frame *websocket.PreparedMessage, size int, d civic.Delta, wakes int) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if frame == nil { // the wake-up was early: another node's commit is not visible yet
		if st.wakes == wakes {
			st.want = min(st.want, d.To)
		}
		return
	}
	st.cur = d.To
	for sub, ss := range st.subs {
		if !ss.deliver(sub, d, item{prepared: frame, size: size}) {
			delete(st.subs, sub)
		}
	}
}

// reset lets go of everybody: the log no longer reaches back to cur.
func (st *stream) reset() {
	st.hub.mu.Lock()
	st.mu.Lock()
	subs := st.subs
	st.subs = make(map[*subscription]*session)
	st.busy = false
	want := st.want
	st.letGo()
	st.mu.Unlock()
	st.hub.mu.Unlock()
	for sub, ss := range subs {
		ss.poke(sub, want)
	}
}

// pull reads a delta and joins its texts.
func pull(ctx context.Context, log Log, k streamKey, from int64, limit int) (civic.Delta, int64, error) {
	d, head, err := log.Pull(ctx, k.j, k.scope, from, limit)
	if err != nil {
		return d, head, err
	}
	return d, head, log.Join(ctx, k.j, bodies(d.Ops), k.who)
}

// bodies lists the bodies of ops for joining.
func bodies(ops []civic.Op) []civic.Body {
	list := make([]civic.Body, 0, len(ops))
	for i := range ops {
		if len(ops[i].Body) > 0 {
			list = append(list, civic.Body{ID: ops[i].ID, Whole: ops[i].Kind == civic.OpEnter, JSON: &ops[i].Body})
		}
	}
	return list
}
