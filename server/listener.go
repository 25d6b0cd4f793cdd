package server

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"
)

// seatPatience is how long somebody waits whose place has its share open.
const seatPatience = 10 * time.Second

// Listener bounds how many connections of an address, and of all strangers, are
// open at once. Our own proxies are not strangers, and neither is a device once it
// has said who it is: those count no more.
func (s *Server) Listener(l net.Listener) net.Listener { return &listener{l, s} }

type listener struct {
	net.Listener
	server *Server
}

// Accept takes the next connection that there is room for.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		place := l.server.peerOf(c)
		g, ok := l.server.conns.enter(place, func() { _ = c.Close() }) // it does nothing
		if ok {
			return &conn{Conn: c, guest: g, server: l.server}, nil
		}
		crowded(c)
	}
}

// peerOf is the place of a connection, "" for a proxy's.
func (s *Server) peerOf(c net.Conn) string {
	at, err := netip.ParseAddrPort(c.RemoteAddr().String())
	if err != nil {
		return "?"
	}
	if s.trusts(at.Addr().Unmap()) {
		return ""
	}
	return placeName(at.Addr())
}

// tooMany is said to a connection that is not served, as far as it listens.
const tooMany = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

func crowded(c net.Conn) {
	_ = c.SetWriteDeadline(time.Now().Add(10 * time.Millisecond)) // it goes whatever comes of it
	_, _ = c.Write([]byte(tooMany))
	_ = c.Close()
}

var errCrowded = errors.New("too many connections from this address")

// conn is a connection that counts until it is closed.
type conn struct {
	net.Conn
	guest  *guest
	server *Server
	first  firstLine
	seated atomic.Bool
}

// Read waits for a seat first: a full address is served later.
func (c *conn) Read(p []byte) (int, error) {
	if !c.seated.Load() {
		if !c.guest.await(seatPatience) {
			crowded(c.Conn)
			return 0, errCrowded
		}
		c.seated.Store(true)
	}
	n, err := c.Conn.Read(p)
	c.first.add(p[:n])
	return n, err
}

// Write sends what is written, but for what net/http says of a request that it cannot
// read: that is said in the door's form.
func (c *conn) Write(p []byte) (int, error) {
	if status := rawStatus(p); status != 0 {
		if _, err := c.Conn.Write(c.server.inForm(status, c.first.line())); err != nil {
			return 0, err
		}
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// CloseWrite lets net/http end an answer before the connection, so that whoever
// still sends hears it.
func (c *conn) CloseWrite() error {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		return tcp.CloseWrite()
	}
	return nil
}

// Close closes the connection and counts it no longer.
func (c *conn) Close() error {
	c.guest.leave()
	return c.Conn.Close()
}

type connKey struct{}

// withConn lets a request find its connection.
func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// connOf is the connection of a request, nil where the listener is another's.
func connOf(r *http.Request) *conn {
	c, _ := r.Context().Value(connKey{}).(*conn)
	return c
}

// connState tells who does nothing: a connection between two requests, or one
// whose first head is not here yet.
func connState(c net.Conn, state http.ConnState) {
	if c, ok := c.(*conn); ok {
		c.guest.idle(state == http.StateNew || state == http.StateIdle)
		if state == http.StateIdle {
			c.first.forget()
		}
	}
}
