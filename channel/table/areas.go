package table

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"segnavia/civic"
)

// ReadAreas reads the areas of a GeoJSON FeatureCollection of polygons, named by
// the property that the mapping says.
func (m *Mapping) ReadAreas(raw []byte) ([]civic.ShapedArea, error) {
	var collection struct {
		Features []struct {
			Properties map[string]any  `json:"properties"`
			Geometry   json.RawMessage `json:"geometry"`
		} `json:"features"`
	}
	if err := json.Unmarshal(raw, &collection); err != nil {
		return nil, fmt.Errorf("areas: %w", err)
	}
	j := civic.DeriveID[civic.Jurisdiction](civic.ID[civic.Jurisdiction]{}, "import:"+m.Town.Slug)
	areas := make([]civic.ShapedArea, 0, len(collection.Features))
	for i, f := range collection.Features {
		name, ok := f.Properties[m.Town.NameOf].(string)
		if !ok || name == "" {
			return nil, fmt.Errorf("areas: feature %d has no name in %q", i, m.Town.NameOf)
		}
		people, err := m.population(f.Properties)
		if err != nil {
			return nil, fmt.Errorf("areas: %s: %w", name, err)
		}
		areas = append(areas, civic.ShapedArea{Area: civic.Area{ID: m.area(j, name), Name: name, Population: people}, Shape: f.Geometry})
	}
	if len(areas) == 0 {
		return nil, fmt.Errorf("areas: no features")
	}
	return areas, nil
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
		if n, err := strconv.Atoi(strings.ReplaceAll(v, ".", "")); err == nil && n >= 0 && n < 1e9 {
			return n, nil
		}
	}
	return 0, fmt.Errorf("%q is no number of people: %v", m.Town.People, properties[m.Town.People])
}
