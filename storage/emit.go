package storage

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// emitSQL is the one statement that writes the log, and the last of every
// transaction that changes something: it locks the heads in sorted order, gives
// each scope its next version, writes the rows of the log and the membership,
// and keeps the edit with the versions that it got. $1 town, $2… one array per
// column of ops, then the edit.
//
// Each scope has at most one op here. Sums are modulo 2³².
const emitSQL = `
	WITH op AS MATERIALIZED (
		SELECT * FROM unnest($2::text[], $3::text[], $4::text[]::uuid[], $5::bigint[], $6::text[]::jsonb[],
			$7::text[], $8::text[]::uuid[], $9::int[], $10::bigint[], $11::bigint[])
			AS o(scope, kind, report_id, rev, body, why, edit_id, dn, da, db)
	), locked AS MATERIALIZED (
		SELECT scope FROM scope_head
		WHERE jurisdiction_id = $1 AND scope = ANY($2::text[]) ORDER BY scope FOR UPDATE
	), bumped AS (
		UPDATE scope_head h SET v = h.v + 1, n = h.n + o.dn,
			sum_a = (h.sum_a + o.da) & 4294967295, sum_b = (h.sum_b + o.db) & 4294967295
		FROM locked l JOIN op o USING (scope)
		WHERE h.jurisdiction_id = $1 AND h.scope = l.scope
		RETURNING h.scope, h.v, h.sum_a, h.sum_b
	), logged AS (
		INSERT INTO scope_log (jurisdiction_id, scope, v, day, seq, kind, report_id, rev, body, why, edit_id, sum_a, sum_b)
		SELECT $1, o.scope, b.v, (now() AT TIME ZONE 'utc')::date, 0, o.kind, o.report_id, o.rev, o.body, o.why,
			o.edit_id, b.sum_a, b.sum_b
		FROM bumped b JOIN op o USING (scope)
	), entered AS (
		INSERT INTO membership (jurisdiction_id, scope, report_id, rev)
		SELECT $1, scope, report_id, rev FROM op WHERE kind <> 'leave'
		ON CONFLICT (jurisdiction_id, scope, report_id) DO UPDATE SET rev = excluded.rev
	), left_ AS (
		DELETE FROM membership m USING op o
		WHERE m.jurisdiction_id = $1 AND o.kind = 'leave' AND m.scope = o.scope AND m.report_id = o.report_id
	), kept AS (
		INSERT INTO edit (jurisdiction_id, id, device_id, n, report_id, kind, digest, args, result, rev,
			role, user_id, made, received)
		VALUES ($1, $12, $13, $14, $15, $16, $17, $18,
			$19::jsonb || jsonb_build_object('versions', coalesce((SELECT jsonb_object_agg(scope, v) FROM bumped), '{}')),
			$20, $21, $22, $23, now())
	)
	SELECT scope, v FROM bumped`

// opColumns turns ops into one array per column, as unnest wants them.
type opColumns struct {
	scopes, kinds, ids []string
	revs               []int64
	bodies, whys       []*string
	edits              []*string
	dn                 []int32
	da, db             []int64
}

func columns(ops []civic.ScopedOp) opColumns {
	slices.SortFunc(ops, func(a, b civic.ScopedOp) int {
		if a.Scope < b.Scope {
			return -1
		}
		return 1
	})
	var c opColumns
	for _, op := range ops {
		c.scopes = append(c.scopes, string(op.Scope))
		c.kinds = append(c.kinds, string(op.Kind))
		c.ids = append(c.ids, op.ID.String())
		c.revs = append(c.revs, op.Rev)
		c.bodies = append(c.bodies, textOrNull(string(op.Body)))
		c.whys = append(c.whys, textOrNull(op.Why))
		c.edits = append(c.edits, idOrNull(op.Edit))
		dn, sum := weight(op)
		c.dn = append(c.dn, dn)
		c.da = append(c.da, int64(sum.A))
		c.db = append(c.db, int64(sum.B))
	}
	return c
}

func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// emitMany writes ops outside an edit: settings and imports. Ops of one scope
// are spread over versions of at most opsPerVersion each; the heads are locked
// once, in sorted order. It must be the last statement of its transaction.
func emitMany(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, ops []civic.ScopedOp) (map[civic.Scope]int64, error) {
	if len(ops) == 0 {
		return nil, nil
	}
	byScope := make(map[civic.Scope][]civic.ScopedOp)
	for _, op := range ops {
		byScope[op.Scope] = append(byScope[op.Scope], op)
	}
	scopes := make([]civic.Scope, 0, len(byScope))
	names := make([]string, 0, len(byScope))
	for s := range byScope {
		scopes = append(scopes, s)
	}
	slices.Sort(scopes)
	for _, s := range scopes {
		names = append(names, string(s))
	}
	heads, err := lockHeads(ctx, tx, j, names)
	if err != nil {
		return nil, err
	}
	log := &logColumns{}
	versions := make(map[civic.Scope]int64, len(scopes))
	for _, s := range scopes {
		h, ok := heads[s]
		if !ok {
			return nil, fmt.Errorf("scope %s has no head", s)
		}
		log.add(&h, byScope[s])
		heads[s], versions[s] = h, h.V
	}
	if err := log.insert(ctx, tx, j); err != nil {
		return nil, fmt.Errorf("log: %w", err)
	}
	if err := saveMembers(ctx, tx, j, ops); err != nil {
		return nil, err
	}
	return versions, saveHeads(ctx, tx, j, heads)
}
