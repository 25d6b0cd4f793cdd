package client

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"segnavia/civic"
)

// errReset says that the cursor is of no use any more.
var errReset = errors.New("reset")

func (c *Client) get(ctx context.Context, path string, q url.Values) (io.ReadCloser, error) {
	c.mu.Lock()
	q.Set("epoch", c.epoch)
	c.mu.Unlock()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.o.URL+path+"?"+q.Encode(), nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+c.o.Token)
	if c.o.Host != "" {
		r.Host = c.o.Host
	}
	answer, err := c.o.HTTP.Do(r)
	if err != nil {
		return nil, err
	}
	switch answer.StatusCode {
	case http.StatusOK:
		return answer.Body, nil
	case http.StatusGone:
		err = errReset
	default:
		err = fmt.Errorf("%s: status %d", path, answer.StatusCode)
	}
	_ = answer.Body.Close() // nothing in it is wanted
	return nil, err
}

// pull brings a scope to its head by the HTTP twin.
func (c *Client) pull(ctx context.Context, s civic.Scope) error {
	for {
		c.mu.Lock()
		r := c.scopes[s]
		if r == nil {
			c.mu.Unlock()
			return nil
		}
		from, held := r.cursor, r.held
		c.counts.Pulls++
		c.mu.Unlock()
		if !held {
			return c.snapshot(ctx, s)
		}
		body, err := c.get(ctx, "/sync/pull", url.Values{"scope": {string(s)}, "from": {strconv.FormatInt(from, 10)}})
		if errors.Is(err, errReset) {
			return c.snapshot(ctx, s)
		}
		if err != nil {
			return err
		}
		var frames []deltaFrame
		err = json.NewDecoder(body).Decode(&frames)
		if err = errors.Join(err, body.Close()); err != nil {
			return err
		}
		if len(frames) == 0 {
			return nil
		}
		for _, d := range frames {
			c.mu.Lock()
			ok := r.apply(d)
			c.counts.Ops += len(d.Ops)
			c.mu.Unlock()
			if c.o.Changed != nil {
				c.o.Changed(s, d.Ops)
			}
			if !ok {
				if err := c.repair(ctx, s); err != nil {
					return err
				}
			}
		}
	}
}

// line is any line of a snapshot.
type line struct {
	T    string          `json:"t"`
	V    int64           `json:"v"`
	Upto int64           `json:"upto"`
	N    int             `json:"n"`
	ID   civic.ReportID  `json:"id"`
	Rev  int64           `json:"rev"`
	Body json.RawMessage `json:"body"`
}

// maxLine bounds one row of a snapshot.
const maxLine = 4 << 20

// lines reads a snapshot to its end; v and upto are those of its first and last
// lines.
func lines(body io.Reader) (rows map[civic.ReportID]Row, v, upto int64, err error) {
	rows = make(map[civic.ReportID]Row)
	in := bufio.NewScanner(body)
	in.Buffer(make([]byte, 64<<10), maxLine)
	for in.Scan() {
		var l line
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			return nil, 0, 0, err
		}
		switch l.T {
		case "snapshot":
			v = l.V
		case "end":
			if l.N != len(rows) {
				return nil, 0, 0, fmt.Errorf("snapshot of %d rows, %d came", l.N, len(rows))
			}
			return rows, v, l.Upto, nil
		default:
			rows[l.ID] = Row{l.Rev, l.Body}
		}
	}
	return nil, 0, 0, errors.Join(errors.New("snapshot cut off"), in.Err())
}

// snapshot replaces a scope, whatever was held. The outbox is left alone.
func (c *Client) snapshot(ctx context.Context, s civic.Scope) error {
	body, err := c.get(ctx, "/sync/snapshot", url.Values{"scope": {string(s)}})
	if err != nil {
		return err
	}
	rows, v, upto, err := lines(body)
	if err = errors.Join(err, body.Close()); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts.Snapshots++
	if c.scopes[s] != nil {
		c.scopes[s] = &replica{held: true, cursor: v, upto: upto, rows: rows}
	}
	return nil
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
			delete(r.rows, id)
		}
	}
	for id, row := range rows {
		r.rows[id] = row
	}
	r.upto = max(r.upto, upto)
	return v, nil
}
