package tiles

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// tileJSON is TileJSON 3.0.
type tileJSON struct {
	TileJSON    string        `json:"tilejson"`
	Name        string        `json:"name"`
	Attribution string        `json:"attribution,omitempty"`
	Tiles       []string      `json:"tiles"`
	MinZoom     int           `json:"minzoom"`
	MaxZoom     int           `json:"maxzoom"`
	Bounds      [4]float64    `json:"bounds"`
	Center      [3]float64    `json:"center"`
	Layers      []vectorLayer `json:"vector_layers"`
}

type vectorLayer struct {
	ID          string            `json:"id"`
	Description string            `json:"description"`
	MinZoom     int               `json:"minzoom"`
	MaxZoom     int               `json:"maxzoom"`
	Fields      map[string]string `json:"fields"`
}

// ServeTileJSON answers GET /tiles/reports.json: the tiles of reports under the
// origin, such as https://town.example, with the request's filter carried over.
// maxzoom is 16: from there on every report stands alone and a map overzooms.
func (s *Server) ServeTileJSON(w http.ResponseWriter, r *http.Request, t *Town, a Access, origin string) error {
	query := ""
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return &ParameterError{"query", "not_a_query"}
	}
	if len(q) > 0 {
		f, err := ParseFilter(q)
		if err == nil {
			err = f.allowed(a)
		}
		if err != nil {
			return err
		}
		query = "?" + q.Encode()
	}
	j := t.describe(origin+"/tiles/reports/{z}/{x}/{y}.mvt"+query, int(singlesZoom), reportLayers())
	return writeJSON(w, a, j)
}

func (t *Town) describe(tiles string, maxZoom int, layers []vectorLayer) tileJSON {
	b := t.Bounds
	middle := b.Center()
	return tileJSON{
		TileJSON: "3.0.0", Name: t.Name, Attribution: t.Attribution,
		Tiles: []string{tiles}, MaxZoom: maxZoom,
		Bounds: [4]float64{b.Min.Lon(), b.Min.Lat(), b.Max.Lon(), b.Max.Lat()},
		Center: [3]float64{middle.Lon(), middle.Lat(), 12},
		Layers: layers,
	}
}

func reportLayers() []vectorLayer {
	return []vectorLayer{
		{
			ID: "clusters", Description: "several reports near one another",
			MaxZoom: int(singlesZoom) - 1,
			Fields: map[string]string{
				"count": "Number", "open": "Number", "closed": "Number", "id": "Number",
				"expand": "Number",
			},
		},
		{
			ID: "reports", Description: "single reports", MaxZoom: int(singlesZoom),
			Fields: map[string]string{
				"id": "String", "code": "String", "service": "String", "status": "String",
				"created": "String",
			},
		},
		{
			ID: "heat", Description: "counts on a grid of 64 x 64, with kind=heat",
			MaxZoom: int(singlesZoom), Fields: map[string]string{"count": "Number"},
		},
	}
}

func writeJSON(w http.ResponseWriter, a Access, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write TileJSON: %w", err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", cacheControl(a))
	_, _ = w.Write(b)
	return nil
}
