package table

import (
	"encoding/json"
	"fmt"

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
		areas = append(areas, civic.ShapedArea{Area: civic.Area{ID: m.area(j, name), Name: name}, Shape: f.Geometry})
	}
	if len(areas) == 0 {
		return nil, fmt.Errorf("areas: no features")
	}
	return areas, nil
}
