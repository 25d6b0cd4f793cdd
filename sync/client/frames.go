package client

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/gorilla/websocket"

	"segnavia/civic"
)

type deltaFrame struct {
	Scope civic.Scope `json:"scope"`
	From  int64       `json:"from"`
	To    int64       `json:"to"`
	Ops   []civic.Op  `json:"ops"`
	Sum   civic.Sum   `json:"sum"`
}

type scopeState struct {
	Scope civic.Scope `json:"scope"`
	Head  int64       `json:"head"`
	Mode  string      `json:"mode"`
}

// inFrame is any frame of the server.
type inFrame struct {
	T       string         `json:"t"`
	Epoch   string         `json:"epoch"`
	LastN   *int64         `json:"last_n"`
	Offer   []civic.Scope  `json:"offer"`
	Scopes  []scopeState   `json:"scopes"`
	Scope   civic.Scope    `json:"scope"`
	N       int64          `json:"n"`
	Results []civic.Answer `json:"results"`
	Code    string         `json:"code"`
	Why     string         `json:"why"`
	Expires int            `json:"token_expires_in"`
}

func (c *Client) frame(ctx context.Context, conn *websocket.Conn, raw []byte) error {
	c.mu.Lock()
	c.counts.Bytes += int64(len(raw))
	c.mu.Unlock()
	var f inFrame
	if err := json.Unmarshal(raw, &f); err != nil {
		return fmt.Errorf("frame: %w", err)
	}
	switch f.T {
	case "welcome":
		return c.welcome(ctx, conn, f)
	case "subbed":
		return c.settle(ctx, conn, f.Scopes)
	case "delta":
		var d deltaFrame
		if err := json.Unmarshal(raw, &d); err != nil {
			return fmt.Errorf("delta: %w", err)
		}
		return c.delta(ctx, conn, d)
	case "poke":
		return c.catchUp(ctx, conn, f.Scope)
	case "ack":
		c.ack(f)
	case "drop":
		return c.drop(conn, f)
	case "error":
		return c.failed(f)
	}
	return nil // what is unknown is ignored
}

// welcome takes over the server's numbers and subscribes to what is new.
func (c *Client) welcome(ctx context.Context, conn *websocket.Conn, f inFrame) error {
	wanted := f.Offer
	if c.o.Scopes != nil {
		wanted = c.o.Scopes(f.Offer)
	}
	c.mu.Lock()
	if c.epoch != "" && c.epoch != f.Epoch {
		c.counts.Resets++
		for _, r := range c.scopes { // a cursor counts in its own epoch only
			r.held = false
		}
		c.reoffer(time.Now())
	}
	c.epoch = f.Epoch
	if f.LastN != nil {
		c.nextN = *f.LastN + 1
	}
	c.welcomed = true
	wanted = c.wish.wanted(wanted)
	c.wish.frames = nil
	fresh := make(map[civic.Scope]*int64)
	for _, s := range wanted {
		if c.scopes[s] == nil {
			c.scopes[s] = newReplica()
			fresh[s] = nil
		}
	}
	c.mu.Unlock()
	if err := c.settle(ctx, conn, f.Scopes); err != nil {
		return err
	}
	if len(fresh) == 0 {
		return nil
	}
	return write(conn, map[string]any{"t": "sub", "scopes": fresh})
}

// settle does what each scope's mode asks for.
func (c *Client) settle(ctx context.Context, conn *websocket.Conn, scopes []scopeState) error {
	for _, s := range scopes {
		var err error
		switch s.Mode {
		case "pull":
			err = c.catchUp(ctx, conn, s.Scope)
		case "reset":
			err = c.start(ctx, conn, s.Scope)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *Client) delta(ctx context.Context, conn *websocket.Conn, d deltaFrame) error {
	c.mu.Lock()
	r := c.scopes[d.Scope]
	c.counts.Deltas++
	if r == nil || !r.held || d.To <= r.cursor {
		c.mu.Unlock()
		return nil
	}
	if d.From > r.cursor {
		c.mu.Unlock()
		return c.catchUp(ctx, conn, d.Scope)
	}
	ok := r.apply(d)
	c.counts.Ops += len(d.Ops)
	c.mu.Unlock()
	if c.o.Changed != nil {
		c.o.Changed(d.Scope, d.Ops)
	}
	if ok {
		return nil
	}
	return c.mend(ctx, conn, d.Scope)
}

// drop forgets a scope. One that was revoked may be had again, otherwise
// written: it is asked for once more, and refused if it may not.
func (c *Client) drop(conn *websocket.Conn, f inFrame) error {
	c.mu.Lock()
	_, held := c.scopes[f.Scope]
	delete(c.scopes, f.Scope)
	again := f.Why == "revoked" && held
	if again {
		c.scopes[f.Scope] = newReplica()
	}
	c.mu.Unlock()
	if !again {
		return nil
	}
	return c.sub(conn, f.Scope)
}

// catchUp pulls to the head and subscribes again.
func (c *Client) catchUp(ctx context.Context, conn *websocket.Conn, s civic.Scope) error {
	if err := c.pull(ctx, s); err != nil {
		return err
	}
	return c.sub(conn, s)
}

// start fetches a scope whole.
func (c *Client) start(ctx context.Context, conn *websocket.Conn, s civic.Scope) error {
	if err := c.snapshot(ctx, s); err != nil {
		return err
	}
	return c.sub(conn, s)
}

func (c *Client) sub(conn *websocket.Conn, s civic.Scope) error {
	c.mu.Lock()
	r := c.scopes[s]
	if r == nil {
		c.mu.Unlock()
		return nil
	}
	var cursor *int64
	if r.held {
		v := r.cursor
		cursor = &v
	}
	c.mu.Unlock()
	return write(conn, map[string]any{"t": "sub", "scopes": map[civic.Scope]*int64{s: cursor}})
}

func (c *Client) failed(f inFrame) error {
	if f.Code == "gap" && f.LastN != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.counts.Gaps++
		c.nextN = *f.LastN + 1
		c.flight = nil
		return nil
	}
	return nil // a close follows, and says what to do
}
