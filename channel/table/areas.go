package table

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"segnavia/civic"
)

// ReadAreas reads the areas of a GeoJSON file of polygons, named by the property
// that the mapping says, in WGS 84. Features without a shape are left out and told;
// one that is misplaced, has no name or no polygon is an error that names it. Areas
// of one name stay several: whoever keeps them puts them together.
func (m *Mapping) ReadAreas(raw []byte, project Projector) (areas []civic.ShapedArea, told []string, err error) {
	f, err := readFeatures(raw, m.Town.EPSG)
	if err != nil {
		return nil, nil, fmt.Errorf("areas: %w", err)
	}
	told = append(told, fmt.Sprintf("%d features, %s, EPSG:%d", len(f.list), f.Encoding, f.EPSG))
	j := m.jurisdiction()
	for i := range f.list {
		one := &f.list[i]
		name := one.named(m.Town.NameOf)
		if one.Geometry == nil {
			told = append(told, fmt.Sprintf("feature %d (%.60s) has no shape: left out", i+1, name))
			continue
		}
		if name == "" {
			return nil, told, fmt.Errorf("areas: feature %d has no name in %q", i+1, m.Town.NameOf)
		}
		a := civic.ShapedArea{Area: civic.Area{ID: m.area(j, name), Name: name}}
		var left int
		if a.Shape, left, err = m.areaShape(f, one, project); err != nil {
			return nil, told, fmt.Errorf("areas: feature %d (%.60s): %w", i+1, name, err)
		}
		if left > 0 {
			told = append(told, fmt.Sprintf("feature %d (%.60s): %d parts that are no polygons are left out", i+1, name, left))
		}
		if a.Population, err = m.population(one.Properties); err != nil {
			return nil, told, fmt.Errorf("areas: feature %d (%.60s): %w", i+1, name, err)
		}
		areas = append(areas, a)
	}
	if len(areas) == 0 {
		return nil, told, errors.New("areas: no feature with a shape")
	}
	return areas, told, nil
}

// areaShape is the GeoJSON MultiPolygon of a feature.
func (m *Mapping) areaShape(f *Features, one *feature, project Projector) (raw []byte, left int, err error) {
	list, left, err := one.Geometry.polygons(0)
	if err == nil && len(list) == 0 {
		err = errors.New("no polygon")
	}
	if err != nil {
		return nil, left, err
	}
	var rings []path
	for _, p := range list {
		rings = append(rings, p...)
	}
	why, err := f.settle(rings, project, zones[m.Town.Zone])
	if err == nil && why != "" {
		err = errors.New(why)
	}
	if err != nil {
		return nil, left, err
	}
	raw, err = json.Marshal(map[string]any{"type": "MultiPolygon", "coordinates": list})
	return raw, left, err
}

// population reads how many people live in an area, a number or its text.
func (m *Mapping) population(properties map[string]any) (int, error) {
	if m.Town.People == "" {
		return 0, nil
	}
	switch v := properties[m.Town.People].(type) {
	case nil:
		return 0, nil
	case float64:
		if v >= 0 && v < 1e9 {
			return int(v), nil
		}
	case string:
		if civic.IsNothing(v) {
			return 0, nil
		}
		if n, err := strconv.Atoi(strings.ReplaceAll(v, ".", "")); err == nil && n >= 0 && n < 1e9 {
			return n, nil
		}
	}
	return 0, fmt.Errorf("%q is no number of people: %v", m.Town.People, properties[m.Town.People])
}
