package table

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"segnavia/civic"
)

// wgs84 is the reference system of longitude and latitude.
const wgs84 = 4326

// Features is a GeoJSON file of somebody else's, read as every file is: whatever its
// encoding, in the reference system that it or the mapping declares.
type Features struct {
	Encoding string
	EPSG     int

	list []feature
}

// feature is one feature of a GeoJSON file. Properties and geometry may be missing.
type feature struct {
	Properties map[string]any `json:"properties"`
	Geometry   *shape         `json:"geometry"`
}

// readFeatures reads a FeatureCollection or a single feature. declared is the system
// that the mapping names, 0 for none.
func readFeatures(raw []byte, declared int) (*Features, error) {
	text, encoding := Decode(raw)
	var c struct {
		Type     string            `json:"type"`
		Features []json.RawMessage `json:"features"`
		CRS      json.RawMessage   `json:"crs"`
		feature
	}
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return nil, fmt.Errorf("not GeoJSON (%s): %w", encoding, err)
	}
	f := &Features{Encoding: encoding}
	switch {
	case c.Type == "Feature" && c.Features == nil:
		f.list = []feature{c.feature}
	case c.Features == nil:
		return nil, fmt.Errorf("not a GeoJSON FeatureCollection, but %.40q", c.Type)
	}
	for i, one := range c.Features {
		var read feature
		if err := json.Unmarshal(one, &read); err != nil {
			return nil, fmt.Errorf("feature %d: %w", i+1, err)
		}
		f.list = append(f.list, read)
	}
	var err error
	f.EPSG, err = systemOf(c.CRS, declared)
	return f, err
}

// crsName is how GeoJSON of 2008 names a reference system: "EPSG:32632",
// "urn:ogc:def:crs:EPSG::32632", "http://www.opengis.net/def/crs/EPSG/0/32632".
var crsName = regexp.MustCompile(`(?i)EPSG[:/].*?([0-9]{3,6})$`)

// systemOf is the reference system of a file: its crs member's, else the mapping's,
// else longitude and latitude. Two that differ are an error.
func systemOf(crs json.RawMessage, declared int) (epsg int, err error) {
	var c *struct {
		Properties struct {
			Name string `json:"name"`
		} `json:"properties"`
	}
	if len(crs) > 0 {
		if err := json.Unmarshal(crs, &c); err != nil {
			return 0, fmt.Errorf("crs: %w", err)
		}
	}
	if c == nil {
		if declared == 0 {
			declared = wgs84
		}
		return declared, nil
	}
	name := strings.TrimSpace(c.Properties.Name)
	switch parts := crsName.FindStringSubmatch(name); {
	case strings.HasSuffix(strings.ToUpper(name), "CRS84"):
		epsg = wgs84
	case parts != nil:
		epsg, _ = strconv.Atoi(parts[1]) // digits
	default:
		return 0, fmt.Errorf("crs %.60q is not understood: name an EPSG system, or take it out and declare epsg", name)
	}
	if declared != 0 && declared != epsg {
		return 0, fmt.Errorf("the file says EPSG:%d and the mapping EPSG:%d", epsg, declared)
	}
	return epsg, nil
}

// named is a property's text; a number is taken as it is written.
func (f *feature) named(property string) string {
	switch v := f.Properties[property].(type) {
	case string:
		return clean(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return ""
	}
}

// shape is a GeoJSON geometry before it is believed.
type shape struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
	Geometries  []shape         `json:"geometries"`
}

type (
	path    = [][]float64
	polygon = []path
)

// deepest bounds collections within collections.
const deepest = 8

// polygons are the polygons of a geometry, also those of a collection; left counts
// what of a collection is none. Rings that end elsewhere than they begin are closed.
func (s *shape) polygons(depth int) (list []polygon, left int, err error) {
	switch s.Type {
	case "Polygon":
		list = make([]polygon, 1)
		err = json.Unmarshal(s.Coordinates, &list[0])
	case "MultiPolygon":
		err = json.Unmarshal(s.Coordinates, &list)
	case "GeometryCollection":
		for i := range s.Geometries {
			inner, n, err := s.Geometries[i].polygons(depth + 1)
			if err != nil || depth > deepest {
				return nil, 0, fmt.Errorf("a collection: %w", errors.Join(err, errShape))
			}
			list, left = append(list, inner...), left+n
		}
		return list, left, nil
	default:
		if depth > 0 {
			return nil, 1, nil
		}
		return nil, 0, fmt.Errorf("a %.30q is no area", s.Type)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("its coordinates are no %s's", s.Type)
	}
	for _, p := range list {
		for i := range p {
			if p[i], err = closed(p[i]); err != nil {
				return nil, 0, err
			}
		}
	}
	return list, 0, nil
}

var errShape = errors.New("no shape")

// closed is a ring that ends where it begins, of two coordinates each.
func closed(ring path) (path, error) {
	if err := flat(ring); err != nil {
		return nil, err
	}
	if n := len(ring); n > 2 && (ring[0][0] != ring[n-1][0] || ring[0][1] != ring[n-1][1]) {
		ring = append(ring, ring[0])
	}
	if len(ring) < 4 {
		return nil, fmt.Errorf("a ring of %d places encloses nothing", len(ring))
	}
	return ring, nil
}

// flat leaves two coordinates of each place: heights are not kept.
func flat(p path) error {
	for i := range p {
		if len(p[i]) < 2 {
			return fmt.Errorf("place %d has %d coordinates", i+1, len(p[i]))
		}
		p[i] = []float64{p[i][0], p[i][1]}
	}
	return nil
}

// lines are the lines of a geometry.
func (s *shape) lines() (list []path, err error) {
	switch s.Type {
	case "LineString":
		list = make([]path, 1)
		err = json.Unmarshal(s.Coordinates, &list[0])
	case "MultiLineString":
		err = json.Unmarshal(s.Coordinates, &list)
	default:
		return nil, fmt.Errorf("a %.30q is no line", s.Type)
	}
	if err != nil {
		return nil, fmt.Errorf("its coordinates are no %s's", s.Type)
	}
	kept := list[:0]
	for _, line := range list {
		if err := flat(line); err != nil {
			return nil, err
		}
		if len(line) > 1 {
			kept = append(kept, line)
		}
	}
	if len(kept) == 0 {
		return nil, errors.New("a line of one place")
	}
	return kept, nil
}

// settle brings the places of a feature into WGS 84, where they stand, and says what
// is wrong with the first that lies nowhere near the town.
func (f *Features) settle(paths []path, project Projector, near civic.Bounds) (why string, err error) {
	var at []civic.Position
	for _, p := range paths {
		for _, c := range p {
			at = append(at, civic.Position{Lon: c[0], Lat: c[1]})
		}
	}
	if err := project.toWGS84(f.EPSG, at); err != nil {
		return "", err
	}
	for _, p := range paths {
		for i, c := range p {
			if why == "" && !near.Holds(at[0].Lon, at[0].Lat) {
				why = Misplaced(c[0], c[1], f.EPSG, near)
			}
			p[i], at = []float64{at[0].Lon, at[0].Lat}, at[1:]
		}
	}
	return why, nil
}
