package storage

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
	"segnavia/storage/objects"
)

// Prebuilt is the database with snapshots of its large scopes ready in the
// bucket, so that many phones that start at once read the database little. What
// it gives is what DB gives; where nothing lies ready, DB does it.
type Prebuilt struct {
	*DB
	Bucket *objects.Bucket
	// Large is how many members a scope has that is worth it; zero is usual.
	Large int64
}

const (
	// largeScope is about a megabyte of rows: two seconds of a bulk connection.
	largeScope = 20_000
	// staleAfter is how many versions a client may have to pull after a snapshot:
	// ten pulls.
	staleAfter = 5000
)

// line is a row as the bucket keeps it.
type line struct {
	ID   civic.ReportID  `json:"id"`
	Rev  int64           `json:"rev"`
	Body json.RawMessage `json:"body"`
}

// Snapshot reads a scope as DB.Snapshot does, out of the bucket where that is
// fresh enough. What lies there was read at one moment: upto is its version.
func (p *Prebuilt) Snapshot(ctx context.Context, j civic.JurisdictionID, s civic.Scope, after civic.ReportID,
	first func(civic.Head) error, yield func([]civic.Row) error,
) (int64, error) {
	head, key, err := p.ready(ctx, j, s)
	if err != nil || key == "" {
		return p.fresh(ctx, j, s, after, first, yield, err)
	}
	object, err := p.Bucket.Get(ctx, key)
	if err != nil {
		return p.fresh(ctx, j, s, after, first, yield, err)
	}
	defer object.Close() //nolint:errcheck // only read
	unpacked, err := gzip.NewReader(object)
	if err != nil {
		return p.fresh(ctx, j, s, after, first, yield, err)
	}
	if err := first(head); err != nil {
		return 0, err
	}
	return head.V, readLines(unpacked, after, yield)
}

// fresh asks the database. That the bucket does not answer is no reason to fail.
func (p *Prebuilt) fresh(ctx context.Context, j civic.JurisdictionID, s civic.Scope, after civic.ReportID,
	first func(civic.Head) error, yield func([]civic.Row) error, why error,
) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, errors.Join(err, why)
	}
	return p.DB.Snapshot(ctx, j, s, after, first, yield)
}

func readLines(r io.Reader, after civic.ReportID, yield func([]civic.Row) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), 16<<20)
	page := make([]civic.Row, 0, snapshotPage)
	for lines.Scan() {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return fmt.Errorf("prebuilt snapshot: %w", err)
		}
		if bytes.Compare(l.ID[:], after[:]) <= 0 {
			continue
		}
		if page = append(page, civic.Row(l)); len(page) == snapshotPage {
			if err := yield(page); err != nil {
				return err
			}
			page = make([]civic.Row, 0, snapshotPage)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("prebuilt snapshot: %w", err)
	}
	if len(page) == 0 {
		return nil
	}
	return yield(page)
}

// ready finds what lies ready for a scope; an empty key is nothing.
func (p *Prebuilt) ready(ctx context.Context, j civic.JurisdictionID, s civic.Scope) (h civic.Head, key string, err error) {
	h.Scope = s
	err = within(ctx, p.sync, j, readOnly, func(tx pgx.Tx) error {
		return ignoreNoRows(tx.QueryRow(ctx, `
			SELECT s.v, h.min_v, s.n, s.sum_a, s.sum_b, s.key FROM scope_snapshot s
			JOIN scope_head h ON h.jurisdiction_id = s.jurisdiction_id AND h.scope = s.scope
			WHERE s.jurisdiction_id = $1 AND s.scope = $2 AND s.ready AND s.epoch = $3::uuid AND s.shape = $4
			  AND s.v >= h.min_v AND h.v - s.v <= $5`,
			j, string(s), p.Epoch(), civic.BodyShape(), staleAfter).
			Scan(&h.V, &h.Min, &h.N, &h.Sum.A, &h.Sum.B, &key))
	})
	return h, key, err
}
