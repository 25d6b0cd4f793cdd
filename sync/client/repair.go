package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/gorilla/websocket"

	"segnavia/civic"
)

// repairEvery is how often a scope may be repaired (sync protocol 1, HTTP twin).
const repairEvery = time.Minute

// tooFast says when the server will answer again.
type tooFast struct{ wait time.Duration }

func (e *tooFast) Error() string { return fmt.Sprintf("too fast, wait %s", e.wait) }

func readTooFast(body io.Reader) error {
	var f struct {
		RetryAfter float64 `json:"retry_after"`
	}
	if err := json.NewDecoder(body).Decode(&f); err != nil || f.RetryAfter <= 0 {
		return &tooFast{repairEvery}
	}
	return &tooFast{time.Duration(f.RetryAfter * float64(time.Second))}
}

// mend repairs a scope and subscribes again from where it then stands.
func (c *Client) mend(ctx context.Context, conn *websocket.Conn, s civic.Scope) error {
	if done, err := c.tryRepair(ctx, s); err != nil || !done {
		return err
	}
	return c.sub(conn, s)
}

// mendLate repairs the scopes that had to wait for it.
func (c *Client) mendLate(ctx context.Context, conn *websocket.Conn) error {
	var due []civic.Scope
	c.mu.Lock()
	for s, r := range c.scopes {
		if r.held && r.wrong && time.Now().After(r.mendAt) {
			due = append(due, s)
		}
	}
	c.mu.Unlock()
	for _, s := range due {
		if err := c.mend(ctx, conn, s); err != nil {
			return err
		}
	}
	return nil
}

// tryRepair repairs a scope; false when it has to wait for that: meanwhile deltas
// go on.
func (c *Client) tryRepair(ctx context.Context, s civic.Scope) (done bool, err error) {
	c.mu.Lock()
	r := c.scopes[s]
	wait := r == nil || time.Now().Before(r.mendAt)
	if r != nil {
		r.wrong = true
	}
	c.mu.Unlock()
	if wait {
		return false, nil
	}
	err = c.repair(ctx, s)
	c.mu.Lock()
	defer c.mu.Unlock()
	if late, ok := errors.AsType[*tooFast](err); ok {
		r.mendAt = time.Now().Add(late.wait)
		return false, nil
	}
	if err == nil {
		r.wrong, r.mendAt = false, time.Now().Add(repairEvery)
	}
	return err == nil, err
}

// repair compares the buckets of a scope with the server's and replaces those
// that differ.
func (c *Client) repair(ctx context.Context, s civic.Scope) error {
	body, err := c.get(ctx, "/sync/repair", url.Values{"scope": {string(s)}})
	if err != nil {
		return err
	}
	var frame struct {
		V     int64          `json:"v"`
		Lanes [256]civic.Sum `json:"lanes"`
	}
	err = json.NewDecoder(body).Decode(&frame)
	if err = errors.Join(err, body.Close()); err != nil {
		return err
	}
	c.mu.Lock()
	r := c.scopes[s]
	c.counts.Repairs++
	if r == nil {
		c.mu.Unlock()
		return nil
	}
	var mine [256]civic.Sum
	for id, row := range r.rows {
		mine[id[0]] = mine[id[0]].Add(civic.SumOf(id, row.Rev))
	}
	c.mu.Unlock()
	at := frame.V
	for i, lane := range frame.Lanes {
		if lane == mine[i] {
			continue
		}
		v, err := c.bucket(ctx, s, r, i)
		if err != nil {
			return err
		}
		at = min(at, v)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	// Buckets were read at several moments: from the earliest on, ops are
	// applied again where they are newer than the rows.
	r.upto = max(r.upto, frame.V)
	r.cursor = at
	return nil
}

func (c *Client) bucket(ctx context.Context, s civic.Scope, r *replica, i int) (v int64, err error) {
	body, err := c.get(ctx, "/sync/repair", url.Values{"scope": {string(s)}, "prefix": {fmt.Sprintf("%02x", i)}})
	if err != nil {
		return 0, err
	}
	rows, v, upto, err := lines(body)
	if err = errors.Join(err, body.Close()); err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for id := range r.rows {
		if id[0] == byte(i) { // #nosec G115 -- a lane's number
			r.drop(id)
		}
	}
	for id, row := range rows {
		r.put(id, row)
	}
	r.upto = max(r.upto, upto)
	return v, nil
}
