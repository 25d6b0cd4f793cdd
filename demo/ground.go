package demo

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

//go:embed data/ground.txt
var groundText string

// ground is the land: the municipi as closed rings, the coast from west to
// east, and the sea as one ring.
type ground struct {
	names []string
	rings []orb.Ring
	coast orb.LineString
	sea   orb.Ring
}

// readGround reads the drawn ground. It panics when the embedded text is not
// as it should be: that is a programmer's error.
func readGround() *ground {
	g := &ground{}
	points := make(map[string]orb.Point)
	lines := bufio.NewScanner(strings.NewReader(groundText))
	var add func([]string)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		switch words[0] {
		case "point":
			p := orb.Point{degrees(words[2]), degrees(words[3])}
			points[words[1]] = p
			if strings.HasPrefix(words[1], "k") {
				g.coast = append(g.coast, p)
			}
		case "area":
			g.names = append(g.names, strings.Join(words[1:], " "))
			g.rings = append(g.rings, nil)
			add = func(vertices []string) {
				ring := &g.rings[len(g.rings)-1]
				for _, v := range vertices {
					*ring = append(*ring, points[v])
				}
			}
		case "sea":
			add = func(numbers []string) {
				for i := 0; i+1 < len(numbers); i += 2 {
					g.sea = append(g.sea, orb.Point{degrees(numbers[i]), degrees(numbers[i+1])})
				}
			}
		default:
			add(words)
		}
	}
	for i, ring := range g.rings {
		g.rings[i] = append(ring, ring[0])
	}
	g.closeSea()
	return g
}

// closeSea joins the open sea to the coast, walked from west to east.
func (g *ground) closeSea() {
	corners := g.sea
	g.sea = orb.Ring(append(orb.LineString{}, g.coast...))
	for i := range corners {
		g.sea = append(g.sea, corners[len(corners)-1-i])
	}
	g.sea = append(g.sea, g.sea[0])
}

// at gives the position in names of the municipio that holds a point, or -1.
func (g *ground) at(p orb.Point) int {
	for i, ring := range g.rings {
		if planar.RingContains(ring, p) {
			return i
		}
	}
	return -1
}

func degrees(s string) float64 {
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil {
		panic("demo: " + err.Error())
	}
	return f
}

// shape writes a GeoJSON geometry.
func shape(kind string, coordinates any) []byte {
	raw, err := json.Marshal(coordinates)
	if err != nil {
		panic("demo: " + err.Error())
	}
	return fmt.Appendf(nil, `{"type":%q,"coordinates":%s}`, kind, raw)
}
