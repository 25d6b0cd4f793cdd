package tiles

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"sort"
	"testing"

	"github.com/paulmach/orb"

	"segnavia/geo"
)

var update = flag.Bool("update", false, "write the golden tiles anew")

// A golden tile is compared decoded: the order of features, keys and values is
// not part of it.
func TestGoldenTiles(t *testing.T) {
	x := loaded(genoa(600))
	for name, tile := range map[string]struct {
		zoom  geo.Zoom
		query string
	}{
		"public-12": {12, ""}, "open-14": {14, "?status=open"}, "singles-16": {16, "?service=svc-1,svc-2"},
		"heat-13": {13, "?kind=heat"},
	} {
		t.Run(name, func(t *testing.T) {
			type feature struct {
				Layer      string         `json:"layer"`
				At         orb.Point      `json:"at"`
				Properties map[string]any `json:"properties"`
			}
			var lines []string
			for _, d := range decode(t, x.Tile(cellAt(tile.zoom), mustParse(t, tile.query), Public)) {
				b, err := json.Marshal(feature{d.layer, d.Point(), d.Properties})
				if err != nil {
					t.Fatal(err)
				}
				lines = append(lines, string(b)+"\n")
			}
			sort.Strings(lines)
			got := ""
			for _, l := range lines {
				got += l
			}
			file := filepath.Join("testdata", name+".ndjson")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) || got == "" {
				t.Errorf("the tile differs from %s:\n%s", file, got)
			}
		})
	}
}

func TestTheGridAddsUpToItsTile(t *testing.T) {
	rows := genoa(3000)
	x := loaded(rows)
	tile := cellAt(12)
	want := map[geo.Cell]uint32{}
	for i := range rows {
		if c := GridCell(rows[i].Point, 12); c.Parent(12) == tile {
			want[c]++
		}
	}
	got := x.Grid(tile, &Filter{}, Staff)
	if len(got) != len(want) {
		t.Fatalf("%d cells, want %d", len(got), len(want))
	}
	for c, tally := range got {
		if tally.Count() != want[c] {
			t.Errorf("%v counts %d, want %d", c, tally.Count(), want[c])
		}
	}
}
