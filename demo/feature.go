package demo

import (
	_ "embed"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"segnavia/civic"
)

//go:embed data/features.txt
var featuresText string

// Attribution and AttributionEnglish say what the drawn map is. They are to be
// shown wherever it is.
const (
	Attribution        = "Mappa schematica disegnata da Segnavia, non in scala"
	AttributionEnglish = "Schematic map drawn by Segnavia, not to scale"
)

// features draws the map: the sea below everything, then the districts, the
// coast and what the features' text lists.
func features(g *ground) []civic.Feature {
	list := []civic.Feature{{Kind: "sea", Name: "Mar Ligure", Shape: shape("Polygon", []orb.Ring{g.sea})}}
	for i, name := range g.names {
		list = append(list, civic.Feature{Kind: "district", Name: name, Shape: shape("Polygon", []orb.Ring{g.rings[i]})})
	}
	list = append(list, civic.Feature{Kind: "coast", Shape: shape("LineString", g.coast)})
	for line := range strings.Lines(featuresText) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		list = append(list, drawn(strings.Split(line, "|")))
	}
	return list
}

// drawn reads one line of the features' text: kind, class, name, path.
func drawn(parts []string) civic.Feature {
	class, err := strconv.Atoi(parts[1])
	if err != nil {
		panic("demo: " + err.Error())
	}
	var path orb.LineString
	for pair := range strings.SplitSeq(parts[3], ",") {
		lon, lat, _ := strings.Cut(strings.TrimSpace(pair), " ")
		path = append(path, orb.Point{degrees(lon), degrees(lat)})
	}
	f := civic.Feature{Kind: parts[0], Class: class, Name: parts[2], Shape: shape("LineString", path)}
	if f.Kind == "park" {
		f.Shape = shape("Polygon", []orb.Ring{orb.Ring(path)})
	}
	return f
}
