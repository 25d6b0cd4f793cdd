package storage

import (
	"context"
	"iter"
	"maps"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

const areaRowsSQL = `
	SELECT r.area_id, r.id, r.rev, r.code, r.service_id, r.status, r.team_id, r.channel, r.created,
	       ST_X(r.point), ST_Y(r.point), ST_X(r.spot), ST_Y(r.spot), r.visible
	FROM report r WHERE r.jurisdiction_id = $1 AND r.point IS NOT NULL AND r.area_id IS NOT NULL
	  AND NOT coalesce((r.facets ->> 'confidential')::boolean, false)`

// AreaRows reads every placed report of a town, as of the heads that it gives
// first: following the log from those heads misses nothing. Order is the
// table's own.
func (db *DB) AreaRows(ctx context.Context, j civic.JurisdictionID, first func([]civic.Head)) iter.Seq2[civic.AreaRow, error] {
	return func(yield func(civic.AreaRow, error) bool) {
		err := within(ctx, db.bulk, j, snapshotRead, func(tx pgx.Tx) error {
			heads, err := areaHeads(ctx, tx, j)
			if err != nil {
				return err
			}
			first(heads)
			rows, err := tx.Query(ctx, areaRowsSQL, j)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var r civic.AreaRow
				var created time.Time
				var spotLon, spotLat *float64
				if err := rows.Scan(&r.Area, &r.ID, &r.Rev, &r.Code, &r.Service, &r.Status, &r.Team, &r.Channel,
					&created, &r.Lon, &r.Lat, &spotLon, &spotLat, &r.Visible); err != nil {
					return err
				}
				r.Created = created.UTC()
				spot := civic.OnGrid(civic.Position{Lon: r.Lon, Lat: r.Lat}).Position
				if spotLon != nil && spotLat != nil {
					spot = civic.Position{Lon: *spotLon, Lat: *spotLat}
				}
				r.Spot = &[2]float64{spot.Lon, spot.Lat}
				if !yield(r, nil) {
					return nil
				}
			}
			return rows.Err()
		})
		if err != nil {
			yield(civic.AreaRow{}, err)
		}
	}
}

func areaHeads(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID) ([]civic.Head, error) {
	rows, err := tx.Query(ctx, `
		SELECT scope, v, min_v, n, sum_a, sum_b FROM scope_head
		WHERE jurisdiction_id = $1 AND scope LIKE 'area:%' ORDER BY scope`, j)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanHead)
}

// AreaOps reads what happened in all areas of a town after the cursors, at one
// moment, so that a report that moved between two areas is seen in both. It
// moves the cursors. Ops come in the order of id, rev, leaves first.
//
// It reads at most limit ops a scope; more says whether there are others. A
// cursor that the log no longer reaches is ErrReset.
func (db *DB) AreaOps(ctx context.Context, j civic.JurisdictionID, cursors map[civic.Scope]int64, limit int) (ops []civic.ScopedOp, more bool, err error) {
	moved := make(map[civic.Scope]int64)
	err = within(ctx, db.bulk, j, snapshotRead, func(tx pgx.Tx) error {
		heads, err := areaHeads(ctx, tx, j)
		if err != nil {
			return err
		}
		for _, h := range heads {
			from := cursors[h.Scope]
			if from < h.Min || from > h.V {
				return ErrReset
			}
			if from == h.V {
				continue
			}
			d := civic.Delta{Scope: h.Scope, From: from}
			if err := readLog(ctx, tx, j, &d, limit); err != nil {
				return err
			}
			for _, op := range d.Ops {
				ops = append(ops, civic.ScopedOp{Scope: h.Scope, Op: op})
			}
			moved[h.Scope] = d.To
			more = more || d.To < h.V
		}
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	// Only what is handed over moves the cursors.
	maps.Copy(cursors, moved)
	return ops, more, nil
}
