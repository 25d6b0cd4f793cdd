package load

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"segnavia/sync/client"
)

// fleet is many devices of the crews, each of which follows what the server
// offers it.
type fleet struct {
	site    *Site
	marks   *marks
	clients []*client.Client
	wire    atomic.Int64 // bytes that came on websockets, frames and their headers

	mu    sync.Mutex
	conns map[net.Conn]struct{}
}

// connectEvery spaces the first connections, so that they measure the sockets
// and not the crowd at the door; the crowd has its own figure.
const connectEvery = 2 * time.Millisecond

func (s *Site) newFleet(ctx context.Context, n int) (*fleet, error) {
	list, err := s.devices(ctx, n)
	if err != nil {
		return nil, err
	}
	return s.fleetOf(list), nil
}

func (s *Site) fleetOf(list []device) *fleet {
	f := &fleet{site: s, marks: newMarks(), conns: make(map[net.Conn]struct{})}
	for _, d := range list {
		f.clients = append(f.clients, client.New(client.Options{
			URL: s.URL, Device: d.id, Token: d.token, HTTP: s.client, Dial: f.dial,
			Answered: f.marks.answered, Changed: f.marks.arrived,
		}))
	}
	return f
}

// start connects everybody, one shortly after the other, and waits until each
// holds what it follows. The clients end with ctx; running waits for them.
func (f *fleet) start(ctx context.Context, running *sync.WaitGroup) error {
	for _, c := range f.clients {
		running.Go(func() { _ = c.Run(ctx) }) // ends with its context
		time.Sleep(connectEvery)
	}
	return f.live(ctx)
}

// live waits until everybody is connected and holds its scopes.
func (f *fleet) live(ctx context.Context) error {
	for {
		waiting := 0
		for _, c := range f.clients {
			if !c.Live() {
				waiting++
			}
		}
		if waiting == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d of %d are not there: %w", waiting, len(f.clients), ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// dial opens a connection whose bytes are counted and that can be cut.
func (f *fleet) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	inner, err := tallying(&f.wire)(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	c := &cuttable{inner, f}
	f.mu.Lock()
	f.conns[c] = struct{}{}
	f.mu.Unlock()
	return c, nil
}

// cuttable is one client's connection, known to its fleet while it is open.
type cuttable struct {
	net.Conn
	fleet *fleet
}

func (c *cuttable) Close() error {
	c.fleet.mu.Lock()
	delete(c.fleet.conns, c)
	c.fleet.mu.Unlock()
	return c.Conn.Close()
}

// cut closes every connection at once.
func (f *fleet) cut() {
	f.mu.Lock()
	list := make([]net.Conn, 0, len(f.conns))
	for c := range f.conns {
		list = append(list, c)
	}
	f.mu.Unlock()
	for _, c := range list {
		_ = c.Close() // it may be closed already
	}
}
