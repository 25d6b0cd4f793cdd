package tiles

import (
	"fmt"
	"hash/fnv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/simplify"

	"segnavia/geo"
)

// Feature is one thing of the schematic basemap.
type Feature struct {
	Kind     string // sea, coast, district, street, park or rail
	Name     string // may be empty
	Class    int    // 0 principal, 1 ordinary, 2 minor
	Geometry orb.Geometry
}

// streetLayers are the layers of a basemap tile from the bottom up: the names
// of the kinds.
func streetLayers() [6]string {
	return [...]string{"sea", "park", "coast", "district", "rail", "street"}
}

// StreetsMaxZoom is the finest zoom of a basemap tile; a map overzooms it.
const StreetsMaxZoom geo.Zoom = 16

// Streets is a town's schematic basemap in memory. It does not change.
type Streets struct {
	features []Feature
	bounds   []orb.Bound
	bound    orb.Bound
	version  uint64
}

// NewStreets returns the basemap of the features, which it keeps. Features of
// other kinds, without geometry or with an empty one are left out.
func NewStreets(features []Feature) *Streets {
	s := new(Streets)
	h := fnv.New64a()
	known := map[string]bool{}
	for _, k := range streetLayers() {
		known[k] = true
	}
	for _, f := range features {
		if !known[f.Kind] || f.Geometry == nil || f.Geometry.Bound().IsEmpty() {
			continue
		}
		b := f.Geometry.Bound()
		if len(s.features) == 0 {
			s.bound = b
		}
		s.bound = s.bound.Union(b)
		s.features = append(s.features, f)
		s.bounds = append(s.bounds, b)
		fmt.Fprintf(h, "%s\x00%s\x00%d\x00%x", f.Kind, f.Name, f.Class, checksum(f.Geometry))
	}
	s.version = h.Sum64()
	return s
}

// Bound returns what the features cover, in degrees.
func (s *Streets) Bound() orb.Bound { return s.bound }

// from returns the zoom from which a feature shows.
func (f *Feature) from() geo.Zoom {
	switch {
	case f.Kind == "street" && f.Class >= 2:
		return 14
	case f.Kind == "street" && f.Class == 1:
		return 12
	case f.Kind == "street" || f.Kind == "rail" || f.Kind == "park":
		return 9
	}
	return 0
}

// Tile draws a basemap tile as uncompressed MVT 2.1; nothing to show is no bytes.
func (s *Streets) Tile(c geo.Cell) ([]byte, error) {
	kinds := streetLayers()
	layers := make(map[string]*geojson.FeatureCollection, len(kinds))
	// A margin as wide as mvt.MapboxGLDefaultExtentBound: 1/4 of the tile would
	// do; lines must run past the edge for their ends not to show.
	near := pad(c.Bound(), 0.25)
	for i := range s.features {
		f := &s.features[i]
		if c.Zoom < f.from() || !s.bounds[i].Intersects(near) {
			continue
		}
		g := geojson.NewFeature(orb.Clone(f.Geometry))
		g.Properties["class"] = f.Class
		if f.Name != "" {
			g.Properties["name"] = f.Name
		}
		if layers[f.Kind] == nil {
			layers[f.Kind] = geojson.NewFeatureCollection()
		}
		layers[f.Kind].Append(g)
	}
	var out mvt.Layers
	for _, k := range kinds {
		if layers[k] != nil {
			l := mvt.NewLayer(k, layers[k])
			l.Version = 2
			out = append(out, l)
		}
	}
	out.ProjectToTile(maptile.New(c.X, c.Y, maptile.Zoom(c.Zoom)))
	out.Clip(mvt.MapboxGLDefaultExtentBound)
	if c.Zoom < StreetsMaxZoom {
		out.Simplify(simplify.DouglasPeucker(2))
	}
	out.RemoveEmpty(4, 16)
	wind(out)
	kept := out[:0]
	for _, l := range out {
		if len(l.Features) > 0 {
			kept = append(kept, l)
		}
	}
	if len(kept) == 0 {
		return nil, nil
	}
	b, err := mvt.Marshal(kept)
	if err != nil {
		return nil, fmt.Errorf("draw streets %v: %w", c, err)
	}
	return b, nil
}

func pad(b orb.Bound, part float64) orb.Bound {
	dx, dy := (b.Max[0]-b.Min[0])*part, (b.Max[1]-b.Min[1])*part
	return orb.Bound{
		Min: orb.Point{b.Min[0] - dx, b.Min[1] - dy},
		Max: orb.Point{b.Max[0] + dx, b.Max[1] + dy},
	}
}
