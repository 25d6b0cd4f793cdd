package client

import (
	"encoding/json"

	"segnavia/civic"
)

// Row is one member of a scope as this client holds it.
type Row struct {
	Rev  int64
	Body json.RawMessage
}

// Counts tell what a client went through.
type Counts struct {
	Connects, Deltas, Ops, Pulls, Snapshots, Repairs, Gaps, Resets, Reoffered int
	Bytes                                                                     int64
}

// Pending is how many edits have no answer yet.
func (c *Client) Pending() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.outbox)
}

// Live reports whether the client is connected, was greeted, and holds every
// scope that it follows.
func (c *Client) Live() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.welcomed || len(c.scopes) == 0 {
		return false
	}
	for _, r := range c.scopes {
		if !r.held {
			return false
		}
	}
	return true
}

// Away takes the network from the client, or gives it back. What is pushed
// meanwhile waits.
func (c *Client) Away(away bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.away = away
	if away && c.hangUp != nil {
		c.hangUp()
		c.hangUp = nil
	}
}

// Any gives one row of a scope, whichever; false when it has none.
func (c *Client) Any(s civic.Scope) (id civic.ReportID, row Row, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.scopes[s]; r != nil {
		for id, row = range r.rows {
			return id, row, true
		}
	}
	return id, row, false
}

// Counts tells what happened so far.
func (c *Client) Counts() Counts {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.counts
}

// Held tells the cursor and the checksum of a scope, computed from the rows;
// false when it is not held.
func (c *Client) Held(s civic.Scope) (cursor int64, sum civic.Sum, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.scopes[s]
	if r == nil || !r.held {
		return 0, civic.Sum{}, false
	}
	return r.cursor, r.computeSum(), true
}

// Scopes lists the scopes that are held.
func (c *Client) Scopes() []civic.Scope {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]civic.Scope, 0, len(c.scopes))
	for s, r := range c.scopes {
		if r.held {
			list = append(list, s)
		}
	}
	return list
}

// Rows copies the rows of a scope.
func (c *Client) Rows(s civic.Scope) map[civic.ReportID]Row {
	c.mu.Lock()
	defer c.mu.Unlock()
	rows := make(map[civic.ReportID]Row)
	if r := c.scopes[s]; r != nil {
		for id, row := range r.rows {
			rows[id] = row
		}
	}
	return rows
}
