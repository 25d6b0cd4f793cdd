package storage

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// opsPerVersion bounds what one version of a scope holds, so that a pull can
// always carry whole versions (sync protocol 1, The log).
const opsPerVersion = 200

// logColumns are rows of the log, one array a column: row security forbids COPY,
// and one INSERT over arrays is nearly as quick.
type logColumns struct {
	scopes, kinds, ids  []string
	vs, revs, as, bs    []int64
	seqs                []int32
	bodies, whys, edits []*string
}

// add numbers the ops of one scope from its head on, and moves the head. The
// rows of one version all carry the sum at its end.
func (c *logColumns) add(h *civic.Head, ops []civic.ScopedOp) {
	inVersion := make(map[civic.ReportID]bool)
	var seq int32
	start := len(c.vs)
	for i, op := range ops {
		if i == 0 || seq == opsPerVersion || inVersion[op.ID] {
			h.V++
			seq = 0
			clear(inVersion)
		}
		inVersion[op.ID] = true
		dn, sum := weight(op)
		h.N += int64(dn)
		h.Sum = h.Sum.Add(sum)
		c.scopes, c.kinds, c.ids = append(c.scopes, string(op.Scope)), append(c.kinds, string(op.Kind)), append(c.ids, op.ID.String())
		c.vs, c.seqs, c.revs = append(c.vs, h.V), append(c.seqs, seq), append(c.revs, op.Rev)
		c.bodies, c.whys = append(c.bodies, textOrNull(string(op.Body))), append(c.whys, textOrNull(op.Why))
		c.edits = append(c.edits, idOrNull(op.Edit))
		c.as, c.bs = append(c.as, int64(h.Sum.A)), append(c.bs, int64(h.Sum.B))
		seq++
	}
	for i := len(c.vs) - 2; i >= start; i-- {
		if c.vs[i] == c.vs[i+1] {
			c.as[i], c.bs[i] = c.as[i+1], c.bs[i+1]
		}
	}
}

func (c *logColumns) insert(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO scope_log (jurisdiction_id, day, scope, v, seq, kind, report_id, rev, body, why, edit_id, sum_a, sum_b)
		SELECT $1, (now() AT TIME ZONE 'utc')::date, * FROM unnest($2::text[], $3::bigint[], $4::int[], $5::text[],
			$6::text[]::uuid[], $7::bigint[], $8::text[]::jsonb[], $9::text[], $10::text[]::uuid[], $11::bigint[], $12::bigint[])`,
		j, c.scopes, c.vs, c.seqs, c.kinds, c.ids, c.revs, c.bodies, c.whys, c.edits, c.as, c.bs)
	return err
}

// weight is what an op changes of its scope's count and sum.
func weight(op civic.ScopedOp) (dn int32, sum civic.Sum) {
	if op.Was > 0 {
		dn, sum = -1, sum.Sub(civic.SumOf(op.ID, op.Was))
	}
	if op.Kind != civic.OpLeave {
		dn, sum = dn+1, sum.Add(civic.SumOf(op.ID, op.Rev))
	}
	return dn, sum
}

func lockHeads(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, scopes []string) (map[civic.Scope]civic.Head, error) {
	rows, err := tx.Query(ctx, `
		SELECT scope, v, min_v, n, sum_a, sum_b FROM scope_head
		WHERE jurisdiction_id = $1 AND scope = ANY($2) ORDER BY scope FOR UPDATE`, j, scopes)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, scanHead)
	if err != nil {
		return nil, err
	}
	heads := make(map[civic.Scope]civic.Head, len(list))
	for _, h := range list {
		heads[h.Scope] = h
	}
	return heads, nil
}

func scanHead(row pgx.CollectableRow) (civic.Head, error) {
	var h civic.Head
	var a, b int64
	err := row.Scan(&h.Scope, &h.V, &h.Min, &h.N, &a, &b)
	h.Sum = civic.Sum{A: uint32(a), B: uint32(b)} // #nosec G115 -- the table checks the range
	return h, err
}

func saveHeads(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, heads map[civic.Scope]civic.Head) error {
	batch := &pgx.Batch{}
	for _, h := range heads {
		batch.Queue(`UPDATE scope_head SET v = $3, n = $4, sum_a = $5, sum_b = $6
			WHERE jurisdiction_id = $1 AND scope = $2`, j, string(h.Scope), h.V, h.N, int64(h.Sum.A), int64(h.Sum.B))
	}
	return tx.SendBatch(ctx, batch).Close()
}

// saveMembers brings the membership to what the ops say last of each report.
func saveMembers(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, ops []civic.ScopedOp) error {
	type member struct {
		scope civic.Scope
		id    civic.ReportID
	}
	last := make(map[member]civic.ScopedOp, len(ops))
	for _, op := range ops {
		last[member{op.Scope, op.ID}] = op
	}
	var scopes, ids, goneScopes, goneIDs []string
	var revs []int64
	for m, op := range last {
		if op.Kind == civic.OpLeave {
			goneScopes, goneIDs = append(goneScopes, string(m.scope)), append(goneIDs, m.id.String())
			continue
		}
		scopes, ids, revs = append(scopes, string(m.scope)), append(ids, m.id.String()), append(revs, op.Rev)
	}
	if _, err := tx.Exec(ctx, `
		INSERT INTO membership (jurisdiction_id, scope, report_id, rev)
		SELECT $1, * FROM unnest($2::text[], $3::text[]::uuid[], $4::bigint[])
		ON CONFLICT (jurisdiction_id, scope, report_id) DO UPDATE SET rev = excluded.rev`,
		j, scopes, ids, revs); err != nil {
		return fmt.Errorf("membership: %w", err)
	}
	if len(goneIDs) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		DELETE FROM membership m USING unnest($2::text[], $3::text[]::uuid[]) AS g(scope, report_id)
		WHERE m.jurisdiction_id = $1 AND m.scope = g.scope AND m.report_id = g.report_id`, j, goneScopes, goneIDs)
	return err
}

func bodyOrNull(body []byte) any {
	if len(body) == 0 {
		return nil
	}
	return body
}

func idOrNull[T any](id civic.ID[T]) *string {
	if id.IsZero() {
		return nil
	}
	return textOrNull(id.String())
}
