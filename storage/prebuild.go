package storage

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// Build puts a fresh snapshot of each large scope of a town into the bucket where
// the last one is half used up, and removes what no row names any more.
func (p *Prebuilt) Build(ctx context.Context, j civic.JurisdictionID) error {
	large := p.Large
	if large == 0 {
		large = largeScope
	}
	var due []civic.Scope
	err := within(ctx, p.bulk, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT h.scope FROM scope_head h
			LEFT JOIN scope_snapshot s ON s.jurisdiction_id = h.jurisdiction_id AND s.scope = h.scope
			     AND s.epoch = $3::uuid AND s.shape = $4 AND s.v >= h.min_v AND (s.ready OR s.built > now() - interval '10 minutes')
			WHERE h.jurisdiction_id = $1 AND h.n >= $2 AND (s.scope IS NULL OR h.v - s.v > $5)
			ORDER BY h.scope`, j, large, p.Epoch(), civic.BodyShape(), staleAfter/2)
		if err != nil {
			return err
		}
		due, err = pgx.CollectRows(rows, pgx.RowTo[civic.Scope])
		return err
	})
	for _, s := range due {
		if one := p.build(ctx, j, s); one != nil {
			err = errors.Join(err, fmt.Errorf("prebuild %s: %w", s, one))
		}
	}
	return errors.Join(err, p.sweep(ctx, j))
}

func snapshotPrefix(j civic.JurisdictionID) string { return j.String() + "/snapshots/" }

// build writes one scope. Its row is there, not ready, before the first member is
// read: a redaction meanwhile removes it, and what was built is not shown.
func (p *Prebuilt) build(ctx context.Context, j civic.JurisdictionID, s civic.Scope) error {
	key := fmt.Sprintf("%s%s-%d.ndjson.gz", snapshotPrefix(j), s, time.Now().UnixNano())
	if err := within(ctx, p.bulk, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO scope_snapshot (jurisdiction_id, scope, v, n, sum_a, sum_b, epoch, shape, key)
			SELECT $1, $2, v, n, sum_a, sum_b, $3::uuid, $4, $5 FROM scope_head WHERE jurisdiction_id = $1 AND scope = $2
			ON CONFLICT (jurisdiction_id, scope) DO UPDATE SET v = excluded.v, epoch = excluded.epoch, shape = excluded.shape,
				key = excluded.key, ready = false, built = now()`,
			j, string(s), p.Epoch(), civic.BodyShape(), key)
		return err
	}); err != nil {
		return err
	}
	f, err := os.CreateTemp("", "snapshot-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // a temporary file
	defer f.Close()           //nolint:errcheck // read back below
	h, err := p.dump(ctx, j, s, f)
	if err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	if err := p.Bucket.Put(ctx, key, f, size, "application/x-ndjson+gzip"); err != nil {
		return err
	}
	return within(ctx, p.bulk, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			UPDATE scope_snapshot SET v = $4, n = $5, sum_a = $6, sum_b = $7, ready = true
			WHERE jurisdiction_id = $1 AND scope = $2 AND key = $3`,
			j, string(s), key, h.V, h.N, int64(h.Sum.A), int64(h.Sum.B))
		return err
	})
}

// dump writes the members of a scope as they are at one moment.
func (p *Prebuilt) dump(ctx context.Context, j civic.JurisdictionID, s civic.Scope, to io.Writer) (h civic.Head, err error) {
	packed, err := gzip.NewWriterLevel(to, gzip.BestSpeed)
	if err != nil {
		return h, err
	}
	lines := json.NewEncoder(packed)
	lines.SetEscapeHTML(false)
	err = within(ctx, p.bulk, j, snapshotRead, func(tx pgx.Tx) error {
		h.Scope = s
		if err := tx.QueryRow(ctx, `SELECT v, min_v, n, sum_a, sum_b FROM scope_head WHERE jurisdiction_id = $1 AND scope = $2`,
			j, string(s)).Scan(&h.V, &h.Min, &h.N, &h.Sum.A, &h.Sum.B); err != nil {
			return orNotFound(err)
		}
		var after civic.ReportID
		for {
			page, err := members(ctx, tx, j, s, after, lastID)
			if err != nil {
				return err
			}
			for _, row := range page {
				if err := lines.Encode(line(row)); err != nil {
					return err
				}
			}
			if len(page) < snapshotPage {
				return nil
			}
			after = page[len(page)-1].ID
		}
	})
	return h, errors.Join(err, packed.Close())
}

// sweepAfter lets readers under way finish with what a newer one replaced.
const sweepAfter = 10 * time.Minute

// sweep removes the objects that no row names.
func (p *Prebuilt) sweep(ctx context.Context, j civic.JurisdictionID) error {
	named := make(map[string]bool)
	if err := within(ctx, p.bulk, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT key FROM scope_snapshot WHERE jurisdiction_id = $1`, j)
		if err != nil {
			return err
		}
		keys, err := pgx.CollectRows(rows, pgx.RowTo[string])
		for _, key := range keys {
			named[key] = true
		}
		return err
	}); err != nil {
		return err
	}
	for info, err := range p.Bucket.List(ctx, snapshotPrefix(j)) {
		if err != nil {
			return err
		}
		if named[info.Key] || time.Since(info.Modified) < sweepAfter {
			continue
		}
		if err := p.Bucket.Delete(ctx, info.Key); err != nil {
			return err
		}
	}
	return nil
}
