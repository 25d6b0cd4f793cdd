package storage

import (
	"context"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"
	geomwkb "github.com/twpayne/go-geom/encoding/wkb"
)

// wgs84 is the spatial reference of everything that is stored.
const wgs84 = 4326

// geometry is a shape at the border of the database: orb's inside the program,
// go-geom's EWKB with its SRID on the wire. A nil shape is NULL.
type geometry struct{ orb.Geometry }

// registerGeometry teaches a connection the type of PostGIS.
func registerGeometry(ctx context.Context, conn *pgx.Conn) error {
	var oid uint32
	if err := conn.QueryRow(ctx, `SELECT coalesce(to_regtype('geometry')::oid, 0)`).Scan(&oid); err != nil {
		return err
	}
	if oid == 0 {
		return errors.New("no PostGIS in this database; run `segnavia migrate` first")
	}
	conn.TypeMap().RegisterType(&pgtype.Type{Name: "geometry", OID: oid, Codec: geometryCodec{}})
	return nil
}

type geometryCodec struct{}

func (geometryCodec) FormatSupported(format int16) bool { return format == pgtype.BinaryFormatCode }
func (geometryCodec) PreferredFormat() int16            { return pgtype.BinaryFormatCode }

func (geometryCodec) PlanEncode(_ *pgtype.Map, _ uint32, _ int16, value any) pgtype.EncodePlan {
	if _, ok := value.(geometry); ok {
		return encodeGeometry{}
	}
	return nil
}

func (geometryCodec) PlanScan(_ *pgtype.Map, _ uint32, _ int16, target any) pgtype.ScanPlan {
	if _, ok := target.(*geometry); ok {
		return scanGeometry{}
	}
	return nil
}

func (c geometryCodec) DecodeDatabaseSQLValue(_ *pgtype.Map, _ uint32, _ int16, src []byte) (driver.Value, error) {
	return src, nil
}

func (c geometryCodec) DecodeValue(_ *pgtype.Map, _ uint32, _ int16, src []byte) (any, error) {
	var g geometry
	err := scanGeometry{}.Scan(src, &g)
	return g.Geometry, err
}

type encodeGeometry struct{}

func (encodeGeometry) Encode(value any, buf []byte) ([]byte, error) {
	shape := value.(geometry).Geometry
	if shape == nil {
		return nil, nil
	}
	// orb and go-geom agree on plain WKB; go-geom then adds the SRID.
	raw, err := wkb.Marshal(shape, binary.LittleEndian)
	if err != nil {
		return nil, err
	}
	g, err := geomwkb.Unmarshal(raw)
	if err != nil {
		return nil, err
	}
	if g, err = geom.SetSRID(g, wgs84); err != nil {
		return nil, err
	}
	raw, err = ewkb.Marshal(g, ewkb.NDR)
	return append(buf, raw...), err
}

type scanGeometry struct{}

func (scanGeometry) Scan(src []byte, target any) error {
	dst := target.(*geometry)
	if src == nil {
		dst.Geometry = nil
		return nil
	}
	g, err := ewkb.Unmarshal(src)
	if err != nil {
		return fmt.Errorf("geometry: %w", err)
	}
	raw, err := geomwkb.Marshal(g, geomwkb.NDR)
	if err != nil {
		return fmt.Errorf("geometry: %w", err)
	}
	dst.Geometry, err = wkb.Unmarshal(raw)
	return err
}
