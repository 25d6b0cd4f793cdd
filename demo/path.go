package demo

import (
	"encoding/json"

	"github.com/paulmach/orb"
)

// paths gives the lines of a GeoJSON LineString or MultiLineString that have a
// length, and none of anything else.
func paths(geometry []byte) []orb.LineString {
	var g struct {
		Type        string
		Coordinates json.RawMessage
	}
	if json.Unmarshal(geometry, &g) != nil {
		return nil
	}
	var lines []orb.LineString
	switch g.Type {
	case "LineString":
		lines = make([]orb.LineString, 1)
		if json.Unmarshal(g.Coordinates, &lines[0]) != nil {
			return nil
		}
	case "MultiLineString":
		if json.Unmarshal(g.Coordinates, &lines) != nil {
			return nil
		}
	}
	kept := lines[:0]
	for _, l := range lines {
		if len(l) > 1 {
			kept = append(kept, l)
		}
	}
	return kept
}
