package client

import (
	"github.com/gorilla/websocket"

	"segnavia/civic"
)

// wishes are what a client follows beside, or leaves out of, what it is offered,
// and the frames that say so on a connection that is there.
type wishes struct {
	more, less map[civic.Scope]bool
	frames     []any
}

// Follow asks for a scope, now or at the next connection.
func (c *Client) Follow(s civic.Scope) {
	c.mu.Lock()
	delete(c.wish.less, s)
	c.wish.more[s] = true
	if c.scopes[s] == nil {
		c.scopes[s] = newReplica()
		c.wish.frames = append(c.wish.frames, map[string]any{"t": "sub", "scopes": map[civic.Scope]*int64{s: nil}})
	}
	c.mu.Unlock()
	c.wake()
}

// Leave lets go of a scope and of what is held of it, until Follow asks for it.
func (c *Client) Leave(s civic.Scope) {
	c.mu.Lock()
	delete(c.wish.more, s)
	c.wish.less[s] = true
	if c.scopes[s] != nil {
		delete(c.scopes, s)
		c.wish.frames = append(c.wish.frames, map[string]any{"t": "unsub", "scopes": []civic.Scope{s}})
	}
	c.mu.Unlock()
	c.wake()
}

// wanted is what a client follows of an offer; the lock is held.
func (w *wishes) wanted(offer []civic.Scope) (list []civic.Scope) {
	for _, s := range offer {
		if !w.less[s] && !w.more[s] {
			list = append(list, s)
		}
	}
	for s := range w.more {
		list = append(list, s)
	}
	return list
}

// sendWishes says what has changed since the welcome, which was told the rest.
func (c *Client) sendWishes(conn *websocket.Conn) error {
	c.mu.Lock()
	if !c.welcomed {
		c.mu.Unlock()
		return nil
	}
	frames := c.wish.frames
	c.wish.frames = nil
	c.mu.Unlock()
	for _, f := range frames {
		if err := write(conn, f); err != nil {
			return err
		}
	}
	return nil
}

func (c *Client) wake() {
	select {
	case c.kick <- struct{}{}:
	default:
	}
}
