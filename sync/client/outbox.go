package client

import (
	"encoding/json"

	"github.com/gorilla/websocket"

	"segnavia/civic"
)

// What one push may hold (sync protocol 1, push).
const (
	pushEdits = 100
	pushBytes = 200 << 10
)

// sendOutbox sends the first unanswered edits, unless they are on their way.
func (c *Client) sendOutbox(conn *websocket.Conn) error {
	c.mu.Lock()
	if c.sent || len(c.outbox) == 0 {
		c.mu.Unlock()
		return nil
	}
	var edits []json.RawMessage
	size := 0
	for _, e := range c.outbox[:min(len(c.outbox), pushEdits)] {
		raw, err := json.Marshal(e)
		if err != nil {
			c.mu.Unlock()
			return err
		}
		if size += len(raw); size > pushBytes && len(edits) > 0 {
			break
		}
		edits = append(edits, raw)
	}
	n0 := c.nextN
	c.sent = true
	c.mu.Unlock()
	return write(conn, map[string]any{"t": "push", "n0": n0, "edits": edits})
}

// ack takes answered edits out of the outbox. Those to be tried again stay, in
// their order.
func (c *Client) ack(f inFrame) {
	c.mu.Lock()
	answered := make(map[civic.EditID]bool, len(f.Results))
	var told []civic.Answer
	for _, a := range f.Results {
		if a.Status != civic.Retry {
			answered[a.ID] = true
		}
	}
	kept := c.outbox[:0]
	for _, e := range c.outbox {
		if !answered[e.ID] {
			kept = append(kept, e)
		}
	}
	if len(kept) < len(c.outbox) {
		told = f.Results
	}
	clear(c.outbox[len(kept):])
	c.outbox = kept
	c.nextN = f.N + 1
	c.sent = false
	c.mu.Unlock()
	if c.o.Answered == nil {
		return
	}
	for _, a := range told {
		if a.Status != civic.Retry {
			c.o.Answered(a)
		}
	}
}
