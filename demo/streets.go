package demo

import (
	"encoding/json"
	"fmt"
	"strings"

	"segnavia/civic"
)

// WithStreets replaces the drawn streets of a town by those of a GeoJSON
// FeatureCollection of named LineStrings and MultiLineStrings; sea, coast,
// districts and the rest stay. Features without a name or a line are left out.
// A text that is no FeatureCollection, or holds no street, is an error and
// changes nothing.
func WithStreets(b *civic.Blueprint, geojson []byte) error {
	var collection struct {
		Features []struct {
			Properties struct{ Name string }
			Geometry   json.RawMessage
		}
	}
	if err := json.Unmarshal(geojson, &collection); err != nil {
		return fmt.Errorf("read streets: %w", err)
	}
	var streets []civic.Feature
	for _, f := range collection.Features {
		name := civic.StreetName(f.Properties.Name)
		if name == "" || len(paths(f.Geometry)) == 0 {
			continue
		}
		streets = append(streets, civic.Feature{Kind: "street", Name: name, Class: classOf(name), Shape: f.Geometry})
	}
	if len(streets) == 0 {
		return fmt.Errorf("read streets: no named line in %d features", len(collection.Features))
	}
	kept := make([]civic.Feature, 0, len(b.Features)+len(streets))
	for _, f := range b.Features {
		if f.Kind != "street" {
			kept = append(kept, f)
		}
	}
	b.Features = append(kept, streets...)
	return nil
}

// principal are the streets of class 0 whose kind of name does not say so.
var principal = " XX Settembre | Antonio Cantore | Balbi | Cornigliano | Molassana | Struppa | Canevari |" +
	" Aldo Moro | Piacenza | Prà | Milano | Guido Rossa | Emilia | Adamoli | Siffredi | Roma | Lungobisagno Dalmazia |"

// classOf guesses how principal a street is by its name.
func classOf(name string) int {
	_, rest, _ := strings.Cut(name, " ")
	if strings.Contains(principal, " "+rest+" |") || strings.Contains(principal, " "+name+" |") {
		return 0
	}
	return civic.StreetClass(name)
}
