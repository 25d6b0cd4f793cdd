package client

import (
	"encoding/json"
	"time"

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
	for _, i := range c.outbox[:min(len(c.outbox), pushEdits)] {
		raw, err := json.Marshal(i.wire(c.epoch))
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
	answers := make(map[civic.EditID]civic.Answer, len(f.Results))
	for _, a := range f.Results {
		if a.Status != civic.Retry {
			answers[a.ID] = a
		}
	}
	kept := c.outbox[:0]
	var told []civic.Answer
	var done []item
	for _, i := range c.outbox {
		if a, ok := answers[i.edit.ID]; ok {
			told, done = append(told, a), append(done, i)
		} else {
			kept = append(kept, i)
		}
	}
	c.remember(done, time.Now())
	clear(c.outbox[len(kept):])
	c.outbox = kept
	c.nextN = f.N + 1
	c.sent = false
	c.mu.Unlock()
	if c.o.Answered == nil {
		return
	}
	for _, a := range told {
		c.o.Answered(a)
	}
}
