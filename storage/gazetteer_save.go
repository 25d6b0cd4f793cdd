package storage

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/paulmach/orb/geojson"

	"segnavia/civic"
)

// SaveWays replaces the streets of one source. Doing it twice changes nothing.
func (db *DB) SaveWays(ctx context.Context, j civic.JurisdictionID, source string, ways []civic.Way) error {
	return within(ctx, db.bulk, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		batch := &pgx.Batch{}
		seen := make(map[string]int)
		kept := make([]uuid.UUID, 0, len(ways))
		for _, w := range ways {
			g, err := geojson.UnmarshalGeometry(w.Shape)
			if err != nil {
				return fmt.Errorf("street %s: %w", w.Name, err)
			}
			name := w.Name + "\x00" + w.Locality
			seen[name]++
			id := civic.DeriveID[civic.Way](j, fmt.Sprintf("street:%s:%s:%d", source, name, seen[name]))
			kept = append(kept, uuid.UUID(id))
			batch.Queue(`
				INSERT INTO street (jurisdiction_id, id, source, kind, name, locality, class, shape)
				VALUES (@j, @id, @source, 'street', @name, @locality, @class, @shape)
				ON CONFLICT (jurisdiction_id, id) DO UPDATE SET class = excluded.class, shape = excluded.shape`,
				pgx.NamedArgs{
					"j": j, "id": id, "source": source, "name": w.Name, "locality": w.Locality,
					"class": w.Class, "shape": geometry{g.Geometry()},
				})
		}
		batch.Queue(`DELETE FROM street WHERE jurisdiction_id = $1 AND source = $2 AND NOT id = ANY($3)`, j, source, kept)
		if err := tx.SendBatch(ctx, batch).Close(); err != nil {
			return err
		}
		return db.queue.queueSpots(ctx, tx, j)
	})
}

// doorBatch is how many house numbers one statement carries.
const doorBatch = 5000

// SaveDoors replaces the house numbers of one source. Their coordinates are
// those of the reference system epsg. A street of which no line is known is
// found by its numbers. A system that is unknown, or that puts most of the
// numbers far from the town's areas, is a *civic.Error and changes nothing.
func (db *DB) SaveDoors(ctx context.Context, j civic.JurisdictionID, source string, epsg int, doors []civic.Door, progress func(int)) error {
	return within(ctx, db.bulk, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM address WHERE jurisdiction_id = $1 AND source = $2`, j, source); err != nil {
			return err
		}
		for start := 0; start < len(doors); start += doorBatch {
			part := doors[start:min(start+doorBatch, len(doors))]
			if err := insertDoors(ctx, tx, j, source, epsg, start, part); err != nil {
				return err
			}
			progress(len(part))
		}
		if err := nearTheTown(ctx, tx, j, source, epsg); err != nil {
			return err
		}
		if err := streetsOfDoors(ctx, tx, j, source, doors); err != nil {
			return err
		}
		return db.queue.queueSpots(ctx, tx, j)
	})
}

func insertDoors(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, source string, epsg, start int, doors []civic.Door) error {
	n := len(doors)
	ids := make([]uuid.UUID, n)
	streets, localities, suffixes, postcodes := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	flats, reds := make([]string, n), make([]bool, n)
	numbers, metres := make([]int32, n), make([]int32, n)
	xs, ys := make([]float64, n), make([]float64, n)
	for i, d := range doors {
		ids[i] = uuid.UUID(civic.DeriveID[civic.Door](j, fmt.Sprintf("door:%s:%d", source, start+i)))
		streets[i], localities[i], suffixes[i], postcodes[i] = d.Street, d.Locality, d.Suffix, d.Postcode
		numbers[i], metres[i] = int32(d.Number), int32(d.Metres) // #nosec G115 -- at most five and seven digits
		flats[i], reds[i] = d.Inner, d.Red
		xs[i], ys[i] = d.X, d.Y
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO address (jurisdiction_id, id, source, street, locality, number, suffix, red, flat, metres, postcode, point)
		SELECT @j, d.id, @source, d.street, d.locality, d.number, d.suffix, d.red, d.flat, d.metres, d.postcode,
		       ST_Transform(ST_SetSRID(ST_MakePoint(d.x, d.y), @epsg::int), 4326)
		FROM unnest(@ids::uuid[], @streets::text[], @localities::text[], @numbers::int[], @suffixes::text[],
		            @reds::bool[], @flats::text[], @metres::int[], @postcodes::text[], @xs::float8[], @ys::float8[])
		     AS d(id, street, locality, number, suffix, red, flat, metres, postcode, x, y)`,
		pgx.NamedArgs{
			"j": j, "source": source, "epsg": epsg, "ids": ids, "streets": streets, "localities": localities,
			"numbers": numbers, "suffixes": suffixes, "reds": reds, "flats": flats, "metres": metres, "postcodes": postcodes, "xs": xs, "ys": ys,
		})
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "XX000" { // PostGIS: no such system, or a point that it cannot hold
		return civic.Refuse("bad_coordinates", "epsg", epsg)
	}
	return err
}

// nearTheTown refuses coordinates that were read in the wrong system: most of
// the numbers would lie more than 0.3 degrees from every area.
func nearTheTown(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, source string, epsg int) error {
	var far, all int
	err := tx.QueryRow(ctx, `
		WITH town AS (SELECT ST_Expand(ST_Extent(shape)::geometry, 0.3) AS box FROM area WHERE jurisdiction_id = $1)
		SELECT count(*) FILTER (WHERE NOT ST_Intersects(point, ST_SetSRID(box, 4326))), count(*)
		FROM address, town WHERE jurisdiction_id = $1 AND source = $2`, j, source).Scan(&far, &all)
	if err != nil {
		return err
	}
	if 2*far > all {
		return civic.Refuse("bad_coordinates", "epsg", epsg)
	}
	return nil
}

// streetsOfDoors makes a street of the numbers wherever none is known.
func streetsOfDoors(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, source string, doors []civic.Door) error {
	var ids []uuid.UUID
	var names, localities []string
	seen := make(map[[2]string]bool)
	for _, d := range doors {
		key := [2]string{d.Street, d.Locality}
		if seen[key] {
			continue
		}
		seen[key] = true
		ids = append(ids, uuid.UUID(civic.DeriveID[civic.Way](j, "doors:"+source+":"+d.Street+"\x00"+d.Locality)))
		names, localities = append(names, d.Street), append(localities, d.Locality)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM street WHERE jurisdiction_id = $1 AND source = $2 AND NOT id = ANY($3)`, j, source, ids); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO street (jurisdiction_id, id, source, kind, name, locality, class, shape)
		SELECT @j, s.id, @source, 'street', s.name, s.locality, 2, ST_Multi(ST_Collect(a.point))
		FROM unnest(@ids::uuid[], @names::text[], @localities::text[]) AS s(id, name, locality)
		JOIN address a ON a.jurisdiction_id = @j AND a.source = @source
			AND a.folded = fold(s.name) AND a.street = s.name AND a.locality = s.locality
		WHERE NOT EXISTS (
			SELECT FROM street o WHERE o.jurisdiction_id = @j AND o.kind = 'street' AND o.source <> @source
			  AND o.folded = fold(s.name) AND o.locality IN ('', s.locality))
		GROUP BY s.id, s.name, s.locality
		ON CONFLICT (jurisdiction_id, id) DO UPDATE SET shape = excluded.shape`,
		pgx.NamedArgs{"j": j, "source": source, "ids": ids, "names": names, "localities": localities})
	return err
}
