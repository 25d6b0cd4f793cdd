package tiles

import (
	"encoding/binary"
	"net/http"

	"segnavia/geo"
)

// ServeStreets answers GET /tiles/streets/{z}/{x}/{y}.mvt. A *ParameterError
// means that the request is a bad one; after any error nothing is written.
func (s *Server) ServeStreets(w http.ResponseWriter, r *http.Request, t *Town, c geo.Cell) error {
	if !c.Valid() || c.Zoom > StreetsMaxZoom {
		return &ParameterError{"z/x/y", "out_of_range"}
	}
	key := make([]byte, 0, 32)
	key = append(append(key, 's', byte(c.Zoom)), t.ID[:]...)
	key = binary.LittleEndian.AppendUint32(key, c.X)
	key = binary.LittleEndian.AppendUint32(key, c.Y)
	version := uint64(drawing)
	if t.Streets != nil {
		version = mix(drawing, t.Streets.version)
	}
	zip := accepts(r)
	if zip {
		key = append(key, 'z')
	}
	q := request{key, version, moment{}, zip, 'm', "public, max-age=300"}
	return s.answer(w, r, q, func() ([]byte, error) {
		if t.Streets == nil {
			return nil, nil
		}
		return t.Streets.Tile(c)
	})
}

// ServeStreetsJSON answers GET /tiles/streets.json.
func (s *Server) ServeStreetsJSON(w http.ResponseWriter, _ *http.Request, t *Town, origin string) error {
	var layers []vectorLayer
	for _, k := range streetLayers() {
		layers = append(layers, vectorLayer{
			ID: k, Description: k, MaxZoom: int(StreetsMaxZoom),
			Fields: map[string]string{"name": "String", "class": "Number"},
		})
	}
	j := t.describe(origin+"/tiles/streets/{z}/{x}/{y}.mvt", int(StreetsMaxZoom), layers)
	return writeJSON(w, Public, j)
}
