package table

import (
	"testing"

	"segnavia/civic"
)

func TestSwappedCoordinatesAreNoticed(t *testing.T) {
	areas := []civic.ShapedArea{{Shape: []byte(`{"type":"MultiPolygon","coordinates":[[[[8.8,44.4],[9.0,44.4],[9.0,44.5],[8.8,44.4]]]]}`)}}
	for name, c := range map[string]struct {
		lons, lats []float64
		areas      []civic.ShapedArea
		want       bool
	}{
		"as they should be":  {[]float64{8.9, 8.95}, []float64{44.42, 44.43}, areas, false},
		"the other way":      {[]float64{44.42, 44.43, 8.9}, []float64{8.9, 8.95, 44.42}, areas, true},
		"one slip of many":   {[]float64{8.9, 8.95, 44.42}, []float64{44.42, 44.43, 8.9}, areas, false},
		"somewhere else":     {[]float64{12.5, 12.6}, []float64{41.9, 41.8}, areas, false},
		"no areas to say so": {[]float64{44.42}, []float64{8.9}, nil, false},
		"no places":          {nil, nil, areas, false},
	} {
		s := &Survey{lons: c.lons, lats: c.lats}
		if got := s.Swapped(c.areas); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
