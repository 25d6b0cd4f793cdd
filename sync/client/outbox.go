package client

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/gorilla/websocket"

	"segnavia/civic"
)

// What one push may hold (sync protocol 1, push).
const (
	pushEdits = 100
	pushBytes = 200 << 10
)

// flight is a push on its way.
type flight struct {
	frame map[string]any
	ids   map[civic.EditID]bool
	at    time.Time
	tries int
}

// maxTries is how often a push is sent on one connection: one that carries
// heartbeats and no answers has lost bytes on its way, and is left.
const maxTries = 3

// sendOutbox sends the first unanswered edits, unless some are on their way.
func (c *Client) sendOutbox(conn *websocket.Conn) error {
	c.mu.Lock()
	if !c.welcomed || c.flight != nil {
		c.mu.Unlock()
		return nil
	}
	edits, ids, err := c.batch(time.Now())
	if err != nil || len(edits) == 0 {
		c.mu.Unlock()
		return err
	}
	c.flight = &flight{
		frame: map[string]any{"t": "push", "n0": c.nextN, "edits": edits}, ids: ids, at: time.Now(), tries: 1,
	}
	frame := c.flight.frame
	c.mu.Unlock()
	return write(conn, frame)
}

// batch takes what one push may hold; the lock is held.
func (c *Client) batch(now time.Time) (edits []json.RawMessage, ids map[civic.EditID]bool, err error) {
	size := 0
	ids = make(map[civic.EditID]bool)
	for _, i := range c.outbox {
		if until, waits := c.waits[i.edit.Report]; waits && now.Before(until) {
			continue
		}
		raw, err := json.Marshal(i.wire(c.epoch))
		if err != nil {
			return nil, nil, err
		}
		if size += len(raw); len(edits) == pushEdits || size > pushBytes && len(edits) > 0 {
			break
		}
		edits = append(edits, raw)
		ids[i.edit.ID] = true
	}
	return edits, ids, nil
}

// insist sends again what has had no answer for long.
func (c *Client) insist(conn *websocket.Conn) error {
	c.mu.Lock()
	f := c.flight
	if f == nil || time.Since(f.at) < answerWithin {
		c.mu.Unlock()
		return nil
	}
	f.at = time.Now()
	f.tries++
	lost := f.tries > maxTries
	c.mu.Unlock()
	if lost {
		return errors.New("no answer on this connection")
	}
	return write(conn, f.frame)
}

// ack takes answered edits out of the outbox. Those to be tried again stay, in
// their order, and wait. The answer to a push that was sent twice comes twice:
// only what is on its way now makes room for the next.
func (c *Client) ack(f inFrame) {
	c.mu.Lock()
	answers := make(map[civic.EditID]civic.Answer, len(f.Results))
	for _, a := range f.Results {
		if c.flight != nil && c.flight.ids[a.ID] {
			c.flight = nil
		}
		answers[a.ID] = a
	}
	kept := c.outbox[:0]
	var told []civic.Answer
	var done []item
	for _, i := range c.outbox {
		switch a, ok := answers[i.edit.ID]; {
		case !ok:
			kept = append(kept, i)
		case a.Status == civic.Retry:
			kept = append(kept, i)
			c.waits[i.edit.Report] = time.Now().Add(time.Duration(a.RetryAfter * float64(time.Second)))
		default:
			told, done = append(told, a), append(done, i)
		}
	}
	c.remember(done, time.Now())
	clear(c.outbox[len(kept):])
	c.outbox = kept
	c.nextN = f.N + 1
	c.mu.Unlock()
	if c.o.Answered == nil {
		return
	}
	for _, a := range told {
		c.o.Answered(a)
	}
}
