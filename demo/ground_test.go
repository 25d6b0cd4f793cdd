package demo

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"segnavia/civic"
)

// outline is the land as the coast and the land border draw it, without the
// municipi.
func outline(g *ground) orb.Ring {
	ring := orb.Ring(append(orb.LineString{}, g.coast...))
	for line := range strings.Lines(groundText) {
		if words := strings.Fields(line); len(words) == 4 && words[0] == "point" && words[1][0] == 'b' {
			ring = append(ring, orb.Point{degrees(words[2]), degrees(words[3])})
		}
	}
	return append(ring, ring[0])
}

func TestMunicipiTileTheLand(t *testing.T) {
	t.Parallel()
	g := readGround()
	land := outline(g)
	bound := land.Bound()
	r := rand.New(rand.NewPCG(1, 1))
	dry := 0
	for range 15_000 {
		p := orb.Point{
			bound.Min[0] + r.Float64()*(bound.Max[0]-bound.Min[0]),
			bound.Min[1] + r.Float64()*(bound.Max[1]-bound.Min[1]),
		}
		var in []string
		for i, ring := range g.rings {
			if planar.RingContains(ring, p) {
				in = append(in, g.names[i])
			}
		}
		want := 0
		if planar.RingContains(land, p) {
			want = 1
			dry++
			if planar.RingContains(g.sea, p) {
				t.Errorf("%v is land and sea", p)
			}
		}
		if len(in) != want {
			t.Fatalf("%v lies in %v, want %d", p, in, want)
		}
	}
	if dry < 4_000 {
		t.Errorf("only %d points on land", dry)
	}
}

func TestDistrictsLieWherePeopleSay(t *testing.T) {
	g := readGround()
	for place, want := range map[string]struct {
		p  orb.Point
		in string
	}{
		"De Ferrari":    {orb.Point{8.9340, 44.4073}, "I"},
		"Sampierdarena": {orb.Point{8.8960, 44.4115}, "II"},
		"Marassi":       {orb.Point{8.9524, 44.4164}, "III"},
		"Molassana":     {orb.Point{8.9862, 44.4545}, "IV"},
		"Bolzaneto":     {orb.Point{8.9026, 44.4580}, "V"},
		"Pontedecimo":   {orb.Point{8.9000, 44.5060}, "V"},
		"Sestri":        {orb.Point{8.8490, 44.4250}, "VI"},
		"Cornigliano":   {orb.Point{8.8710, 44.4158}, "VI"},
		"Voltri":        {orb.Point{8.7520, 44.4284}, "VII"},
		"Pegli":         {orb.Point{8.8160, 44.4250}, "VII"},
		"Foce":          {orb.Point{8.9495, 44.3990}, "VIII"},
		"Boccadasse":    {orb.Point{8.9725, 44.3905}, "VIII"},
		"Sturla":        {orb.Point{8.9812, 44.3950}, "IX"},
		"Nervi":         {orb.Point{9.0390, 44.3835}, "IX"},
		"Lanterna":      {orb.Point{8.9049, 44.4043}, "II"},
	} {
		if i := g.at(want.p); i < 0 || numeral(g.names[i]) != want.in {
			t.Errorf("%s lies in %d, want %s", place, i, want.in)
		}
	}
}

func TestDrawnStreetsLieOnLand(t *testing.T) {
	g := readGround()
	streets := 0
	for _, f := range features(g) {
		if f.Kind != "street" {
			continue
		}
		streets++
		for _, path := range paths(f.Shape) {
			for _, p := range path {
				if g.at(p) < 0 && f.Name != "Sopraelevata Aldo Moro" { // which runs over the port
					t.Errorf("%s: %v is in the water", f.Name, p)
				}
			}
		}
	}
	if streets < 80 {
		t.Errorf("%d streets drawn", streets)
	}
}

func TestTownIsWhole(t *testing.T) {
	t.Parallel()
	b := Town()
	if got := [...]int{len(b.Areas), len(b.Desks), len(b.Teams)}; got != [...]int{10, 6, 12} {
		t.Errorf("areas, desks, teams: %v", got)
	}
	roles := make(map[civic.Role]int)
	manned := make(map[civic.TeamID]bool)
	for _, u := range b.Users {
		roles[u.Role]++
		for _, team := range u.Teams {
			manned[team] = manned[team] || u.Role == civic.RoleCrew || u.Role == civic.RoleContractor
		}
	}
	for _, role := range []civic.Role{
		civic.RoleOperator, civic.RoleForeman, civic.RoleCrew, civic.RoleContractor,
		civic.RolePlanner, civic.RoleViewer, civic.RoleAdmin,
	} {
		if roles[role] == 0 {
			t.Errorf("nobody is %s", role)
		}
	}
	for _, team := range b.Teams {
		if !manned[team.ID] {
			t.Errorf("nobody works in %s", team.Name)
		}
	}
	w := readWords()
	groups := make(map[string]int)
	for _, s := range b.Services {
		if s.Kind == "issue" {
			groups[s.Group]++
		}
		if len(w.matters[s.Code]) < 2 || len(w.work[s.Code].Plans) == 0 || w.Services[s.Code].Weight == 0 {
			t.Errorf("%s has no words", s.Code)
		}
		if s.Group == "Ordine pubblico" || s.Kind == "assistance" {
			if s.Public != civic.PublishNever {
				t.Errorf("%s is public", s.Code)
			}
		}
	}
	if len(groups) != 11 {
		t.Errorf("%d categories: %v", len(groups), groups)
	}
}
