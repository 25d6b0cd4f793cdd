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
	ctx, watch := watched(ctx, c.o.Patience)
	body, err := c.ask(ctx, path, q)
	if err != nil {
		watch.end()
		return nil, err
	}
	return &patientBody{body, watch}, nil
}

func (c *Client) ask(ctx context.Context, path string, q url.Values) (io.ReadCloser, error) {
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
	case http.StatusTooManyRequests:
		err = readTooFast(answer.Body)
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
				if _, err := c.tryRepair(ctx, s); err != nil {
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
		r := &replica{held: true, cursor: v, upto: upto, rows: rows}
		r.sum = r.computeSum()
		c.scopes[s] = r
	}
	return nil
}
