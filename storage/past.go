package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// IngestPast writes cases that another system, or a demonstration, tells, in one
// transaction with one head bump: the same rules as for any edit, many rows at a
// time. Cases that are here already are counted as known and left alone.
func (db *DB) IngestPast(ctx context.Context, j civic.JurisdictionID, batch []civic.Past) (civic.Told, error) {
	rules, err := db.Rules(ctx, j)
	if err != nil {
		return civic.Told{}, err
	}
	var told civic.Told
	var versions map[civic.Scope]int64
	var codes []civic.Code
	defer func() { db.drawing.release(codes) }()
	err = within(ctx, db.bulk, j, pgx.TxOptions{}, func(tx pgx.Tx) (err error) {
		told = civic.Told{}
		fresh, err := unknownCases(ctx, tx, j, batch, &told)
		if err != nil || len(fresh) == 0 {
			return err
		}
		codes, err = db.drawing.draw(ctx, tx, j, rules.Prefix, len(fresh))
		if err != nil {
			return err
		}
		if err := spotPast(ctx, tx, j, fresh); err != nil {
			return err
		}
		w := &pastWriter{j: j, key: rules.Key, rules: rules, apart: &pgx.Batch{}}
		for i, past := range fresh {
			if err := w.tell(past, codes[i], &told); err != nil {
				return err
			}
		}
		versions, err = w.write(ctx, tx)
		return err
	})
	if err != nil {
		return civic.Told{}, fmt.Errorf("ingest: %w", err)
	}
	db.wake(j, versions)
	return told, nil
}

func unknownCases(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, batch []civic.Past, told *civic.Told) ([]civic.Past, error) {
	ids := make([]string, len(batch))
	for i, p := range batch {
		ids[i] = p.Report.String()
	}
	rows, err := tx.Query(ctx, `SELECT id FROM report WHERE jurisdiction_id = $1 AND id = ANY($2::text[]::uuid[])`, j, ids)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[civic.ReportID])
	if err != nil {
		return nil, err
	}
	known := make(map[civic.ReportID]bool, len(list))
	for _, id := range list {
		known[id] = true
	}
	fresh := make([]civic.Past, 0, len(batch))
	for _, p := range batch {
		if known[p.Report] {
			told.Known++
			continue
		}
		known[p.Report] = true // a row told twice in one batch is told once
		fresh = append(fresh, p)
	}
	return fresh, nil
}

// pastWriter gathers the rows of a batch.
type pastWriter struct {
	j       civic.JurisdictionID
	key     civic.TownKey
	rules   *civic.Rules
	reports reportColumnsOf
	edits   editColumns
	updates updateColumns
	ops     []civic.ScopedOp
	apart   *pgx.Batch
}

// tell runs the rules over one case and gathers its rows.
func (w *pastWriter) tell(past civic.Past, code civic.Code, told *civic.Told) error {
	var r civic.Report
	for i, e := range past.Edits {
		if i == 0 {
			e.Minted.Code = code
		}
		e.Minted.Proven = true // whoever tells the past has what it shows
		next, out, err := civic.Apply(w.rules, r, e.Edit, e.Now)
		if err != nil {
			return err
		}
		if !out.Result.Changes() {
			if out.Result.Status == civic.Refused {
				told.Refuse(past, e.Edit, out.Result)
			}
			if i == 0 {
				return nil
			}
			continue
		}
		r = next
		if err := w.keep(e.Edit, out, e.Now); err != nil {
			return err
		}
		for _, follow := range out.Follow {
			next, more, err := civic.Apply(w.rules, r, follow, e.Now)
			if err != nil {
				return err
			}
			if !more.Result.Changes() {
				continue
			}
			r = next
			if err := w.keep(follow, more, e.Now); err != nil {
				return err
			}
		}
	}
	told.New++
	w.ops = append(w.ops, civic.Emit(&civic.Report{}, &r, nil, civic.EditID{}, "", false)...)
	return w.reports.add(&r)
}

func (w *pastWriter) keep(e civic.Edit, out civic.Outcome, now time.Time) error {
	one := job{j: w.j, key: w.key, edit: e}
	one.queueApart(w.apart, e, out, now)
	w.updates.add(out.Update)
	return w.edits.add(e, out, now)
}

func (w *pastWriter) write(ctx context.Context, tx pgx.Tx) (map[civic.Scope]int64, error) {
	if err := w.reports.insert(ctx, tx, w.j); err != nil {
		return nil, fmt.Errorf("reports: %w", err)
	}
	if err := w.edits.insert(ctx, tx, w.j); err != nil {
		return nil, fmt.Errorf("edits: %w", err)
	}
	if err := w.updates.insert(ctx, tx, w.j); err != nil {
		return nil, fmt.Errorf("updates: %w", err)
	}
	if w.apart.Len() > 0 {
		if err := tx.SendBatch(ctx, w.apart).Close(); err != nil {
			return nil, fmt.Errorf("texts: %w", err)
		}
	}
	return emitMany(ctx, tx, w.j, w.ops)
}

// editColumns are rows of the history, one array a column.
type editColumns struct {
	ids, reports, kinds, roles []string
	digests                    [][]byte
	args, results, users       []*string
	revs                       []int64
	made, received             []*time.Time
}

func (c *editColumns) add(e civic.Edit, out civic.Outcome, now time.Time) error {
	result, err := json.Marshal(struct {
		civic.Result
		Versions struct{} `json:"versions"`
	}{Result: out.Result})
	if err != nil {
		return err
	}
	digest := e.Digest()
	c.ids, c.reports = append(c.ids, e.ID.String()), append(c.reports, e.Report.String())
	c.kinds, c.roles = append(c.kinds, string(e.Kind)), append(c.roles, string(e.Actor.Role))
	c.digests, c.revs = append(c.digests, digest[:]), append(c.revs, out.Result.Rev)
	c.args, c.results = append(c.args, textOrNull(string(out.Record))), append(c.results, textOrNull(string(result)))
	c.users = append(c.users, idOrNull(e.Actor.User))
	c.made, c.received = append(c.made, orNull(sane(e.At))), append(c.received, &now)
	return nil
}

func (c *editColumns) insert(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO edit (jurisdiction_id, id, report_id, kind, digest, args, result, rev, role, user_id, made, received)
		SELECT $1, * FROM unnest($2::text[]::uuid[], $3::text[]::uuid[], $4::text[], $5::bytea[], $6::text[]::jsonb[],
			$7::text[]::jsonb[], $8::bigint[], $9::text[], $10::text[]::uuid[], $11::timestamptz[], $12::timestamptz[])`,
		j, c.ids, c.reports, c.kinds, c.digests, c.args, c.results, c.revs, c.roles, c.users, c.made, c.received)
	return err
}
