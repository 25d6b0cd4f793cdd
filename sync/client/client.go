package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"segnavia/civic"
)

// Options say which server, as which device, and what to follow.
type Options struct {
	URL    string // of the server, without a path
	Device civic.DeviceID
	Token  string
	// Scopes chooses what to follow from what the server offers; nil takes all.
	Scopes func(offer []civic.Scope) []civic.Scope
	HTTP   *http.Client
	TLS    *tls.Config
	// Dial opens the websocket's connection; nil takes the machine's dialler.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Host is sent as the request's host, where one address serves many towns.
	Host string
	// BackoffMost bounds the wait between two connections; zero is the protocol's.
	BackoffMost time.Duration
	// Patience is how long an answer by HTTP may stand still before it is given up;
	// zero is as long as a silent socket's.
	Patience time.Duration
	// Answered is called for each result, in the client's own goroutine; again for an
	// edit that is offered anew after a restore.
	Answered func(civic.Answer)
	// Changed is called after each delta that was applied, in the client's own
	// goroutine.
	Changed func(scope civic.Scope, ops []civic.Op)
}

// Client keeps replicas and an outbox. Its methods may be called from any
// goroutine; Run owns the connection.
type Client struct {
	o Options

	mu     sync.Mutex
	epoch  string
	scopes map[civic.Scope]*replica
	outbox []item // unanswered, in order; the first has number nextN
	// answered are those of the last seven days, in order.
	answered []item
	nextN    int64
	flight   *flight                      // the push that waits for its answer
	waits    map[civic.ReportID]time.Time // whose edits were answered retry, and until when they wait
	kick     chan struct{}
	counts   Counts

	wish     wishes
	welcomed bool               // on this connection
	away     bool               // no network, as a test or a trial wants it
	hangUp   context.CancelFunc // ends this connection
}

// New makes a client that holds nothing.
func New(o Options) *Client {
	if o.HTTP == nil {
		o.HTTP = http.DefaultClient
	}
	if o.BackoffMost == 0 {
		o.BackoffMost = backoffMost
	}
	if o.Patience == 0 {
		o.Patience = silence
	}
	return &Client{
		o: o, scopes: make(map[civic.Scope]*replica), nextN: 1, kick: make(chan struct{}, 1), waits: make(map[civic.ReportID]time.Time),
		wish: wishes{more: make(map[civic.Scope]bool), less: make(map[civic.Scope]bool)},
	}
}

// Sibling makes a client of the same device that holds nothing yet and tells its
// answers to answered, which may be nil.
func (c *Client) Sibling(answered func(civic.Answer)) *Client {
	o := c.o
	o.Answered, o.Changed = answered, nil
	return New(o)
}

// Push puts an edit into the outbox; it is sent as soon as there is a
// connection, and again until it is answered.
func (c *Client) Push(e civic.Edit) {
	c.mu.Lock()
	c.outbox = append(c.outbox, item{edit: e, epoch: c.epoch})
	c.mu.Unlock()
	c.wake()
}

// Reconnection waits (sync protocol 1, Frames: backoff with full jitter).
const (
	backoffFirst = 500 * time.Millisecond
	backoffMost  = 30 * time.Second
	silence      = 60 * time.Second
	lookAgain    = 50 * time.Millisecond // whether there is a network again
	answerWithin = 10 * time.Second
	lookEvery    = 200 * time.Millisecond
)

// ErrRefused says that the server will not have this device: the token is bad,
// the protocol is not served, or nothing is allowed.
var ErrRefused = errors.New("refused by the server")

// Run connects and follows until the context ends, coming back after each cut.
// It returns early with ErrRefused.
func (c *Client) Run(ctx context.Context) error {
	wait := min(backoffFirst, c.o.BackoffMost)
	for ctx.Err() == nil {
		began := time.Now()
		err := c.online(ctx)
		if errors.Is(err, ErrRefused) {
			return err
		}
		if time.Since(began) > 5*time.Second {
			wait = min(backoffFirst, c.o.BackoffMost)
		}
		pause(ctx, time.Duration(rand.Float64()*float64(wait))) // #nosec G404 -- spreads reconnections
		wait = min(2*wait, c.o.BackoffMost)
	}
	return ctx.Err()
}

// online is one connection, unless there is no network.
func (c *Client) online(ctx context.Context) error {
	ctx, hangUp := context.WithCancel(ctx)
	defer hangUp()
	c.mu.Lock()
	for c.away && ctx.Err() == nil {
		c.mu.Unlock()
		pause(ctx, lookAgain)
		c.mu.Lock()
	}
	c.hangUp = hangUp
	c.mu.Unlock()
	err := c.session(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.welcomed, c.flight = false, nil
	clear(c.waits)
	return err
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

func (c *Client) dial(ctx context.Context) (*websocket.Conn, error) {
	u, err := url.Parse(c.o.URL)
	if err != nil {
		return nil, err
	}
	u.Scheme = strings.Replace(u.Scheme, "http", "ws", 1)
	u.Path = "/sync"
	header := http.Header{}
	if c.o.Host != "" {
		header.Set("Host", c.o.Host)
	}
	d := websocket.Dialer{
		HandshakeTimeout: 10 * time.Second, Subprotocols: []string{"segnavia.sync.1"}, EnableCompression: true,
		TLSClientConfig: c.o.TLS, NetDialContext: c.o.Dial, ReadBufferSize: 1024, WriteBufferSize: 1024,
	}
	conn, answer, err := d.DialContext(ctx, u.String(), header)
	if err != nil {
		return nil, err
	}
	_ = answer.Body.Close() // there is none after an upgrade
	return conn, nil
}

// session is one connection from dialling to its end.
func (c *Client) session(ctx context.Context) error {
	conn, err := c.dial(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	frames := make(chan []byte, 64)
	ended := make(chan error, 1)
	go func() { ended <- read(ctx, conn, frames) }() // ends with ctx and conn, below
	defer func() {
		cancel()         // it may wait for room in frames, which nobody makes any more
		_ = conn.Close() // it may be cut already
		<-ended
	}()
	c.mu.Lock()
	c.counts.Connects++
	c.mu.Unlock()
	if err := c.hello(conn); err != nil {
		return err
	}
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-ended:
			ended <- err
			return c.closed(err)
		case raw := <-frames:
			if err := c.frame(ctx, conn, raw); err != nil {
				return err
			}
		case <-look.C:
			if err := c.insist(conn); err != nil {
				return err
			}
			if err := c.mendLate(ctx, conn); err != nil {
				return err
			}
		case <-c.kick:
		}
		if err := c.sendWishes(conn); err != nil {
			return err
		}
		if err := c.sendOutbox(conn); err != nil {
			return err
		}
	}
}

func read(ctx context.Context, conn *websocket.Conn, frames chan<- []byte) error {
	for {
		if err := conn.SetReadDeadline(time.Now().Add(silence)); err != nil {
			return err
		}
		_, raw, err := conn.ReadMessage()
		if err != nil {
			return err
		}
		select {
		case frames <- raw:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// closed reads a close code: some mean that coming back is of no use.
func (c *Client) closed(err error) error {
	var closed *websocket.CloseError
	if errors.As(err, &closed) {
		switch closed.Code {
		case 4401, 4403, 4409:
			return fmt.Errorf("%w: close %d", ErrRefused, closed.Code)
		}
	}
	return err
}

func write(conn *websocket.Conn, frame any) error {
	if err := conn.SetWriteDeadline(time.Now().Add(answerWithin)); err != nil {
		return err
	}
	return conn.WriteJSON(frame)
}

func (c *Client) hello(conn *websocket.Conn) error {
	c.mu.Lock()
	cursors := make(map[civic.Scope]*int64)
	for s, r := range c.scopes {
		cursors[s] = nil
		if r.held {
			v := r.cursor
			cursors[s] = &v
		}
	}
	var epoch *string
	if c.epoch != "" {
		e := c.epoch
		epoch = &e
	}
	next := c.nextN
	c.mu.Unlock()
	return write(conn, map[string]any{
		"t": "hello", "proto": 1, "device": c.o.Device, "token": c.o.Token, "epoch": epoch, "cursors": cursors, "next_n": next,
	})
}
