package table

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"segnavia/civic"
)

// Survey is what a first reading of the table found: enough to make its town,
// and to tell a person what was understood.
type Survey struct {
	Rows    int
	Skipped []SkippedError // the first maxSkipped of them
	Left    int            // how many rows were skipped in all
	// Noted rows are read, but not all of them as it stands: the first maxSkipped.
	Noted []SkippedError
	Notes int // how many notes there are in all
	// Lines of the file behind the heading: those read, skipped and empty are all
	// there are.
	Lines, ReadLines, LeftLines, EmptyLines int
	// Placed rows have coordinates; Closed have a time of closing.
	Placed, Closed, Supporters int
	// First and Last are the earliest and the latest arrival.
	First, Last time.Time
	// words counts the table's own words, with what each is taken for.
	words map[string]map[Word]int

	services   map[string]string // name -> group
	served     map[[2]string]int // service and desk -> rows
	desks      map[string]bool
	teams      map[string]string // name -> desk
	lons, lats []float64         // a sample of the places
}

// Word is a word of the table and what it is taken for.
type Word struct{ Text, Meaning string }

// Counted is a word and how many rows have it.
type Counted struct {
	Word
	N int
}

// What a Survey counts the words of.
const (
	OfService = "service"
	OfStatus  = "status"
	OfChannel = "channel"
)

// maxSkipped bounds how many skipped lines are remembered; the rest are counted.
const maxSkipped = 10_000

// Look reads the table once.
func (t *Table) Look() (*Survey, error) {
	s := &Survey{
		services: make(map[string]string), served: make(map[[2]string]int), desks: make(map[string]bool), teams: make(map[string]string),
		words: map[string]map[Word]int{OfService: {}, OfStatus: {}, OfChannel: {}},
	}
	if t.text != "" {
		s.Lines = lines(t.text)
	}
	for row, err := range t.Rows() {
		var skipped *SkippedError
		switch {
		case errors.As(err, &skipped):
			s.skip(skipped)
		case err != nil:
			return nil, err
		default:
			s.count(&row)
		}
	}
	return s, nil
}

func (s *Survey) skip(one *SkippedError) {
	if one.Why == empty {
		s.EmptyLines += one.Lines
		return
	}
	s.Left++
	s.LeftLines += one.Lines
	if len(s.Skipped) < maxSkipped {
		s.Skipped = append(s.Skipped, *one)
	}
}

func (s *Survey) count(row *Row) {
	s.Rows++
	s.ReadLines += row.Lines
	for _, note := range row.Notes {
		if s.Notes++; len(s.Noted) < maxSkipped {
			s.Noted = append(s.Noted, SkippedError{row.Line, row.Lines, note})
		}
	}
	s.services[row.Service] = row.Group
	if row.Desk != "" {
		s.served[[2]string{row.Service, row.Desk}]++
		s.desks[row.Desk] = true
	}
	if row.Team != "" {
		s.teams[row.Team] = row.Desk
	}
	if p := row.Position; p != nil {
		s.reach(p)
	}
	if !row.Closed.IsZero() {
		s.Closed++
	}
	if row.Supporters > 0 {
		s.Supporters++
	}
	if s.First.IsZero() || row.Created.Before(s.First) {
		s.First = row.Created
	}
	if row.Created.After(s.Last) {
		s.Last = row.Created
	}
	s.words[OfService][Word{row.Service, row.Group}]++
	s.words[OfStatus][Word{row.StatusWord, string(row.Status)}]++
	s.words[OfChannel][Word{row.ChannelWord, string(row.Channel)}]++
}

// Words lists the words of a kind, the most frequent first.
func (s *Survey) Words(of string) []Counted {
	list := make([]Counted, 0, len(s.words[of]))
	for word, n := range s.words[of] {
		list = append(list, Counted{word, n})
	}
	slices.SortFunc(list, func(a, b Counted) int {
		return cmp.Or(b.N-a.N, strings.Compare(a.Text, b.Text), strings.Compare(a.Meaning, b.Meaning))
	})
	return list
}

// Desks is how many desks the table names.
func (s *Survey) Desks() int { return len(s.desks) }

// Teams is how many teams the table names.
func (s *Survey) Teams() int { return len(s.teams) }

// sampled bounds how many places are remembered: enough for their bounds.
const sampled = 20_000

// reach remembers a place; when the sample is full, each new one takes the place
// of another, spread evenly.
func (s *Survey) reach(p *civic.Position) {
	if s.Placed++; len(s.lons) < sampled {
		s.lons, s.lats = append(s.lons, p.Lon), append(s.lats, p.Lat)
		return
	}
	// A fixed stride that shares no factor with the size visits every entry.
	i := s.Placed * 7919 % sampled
	s.lons[i], s.lats[i] = p.Lon, p.Lat
}

// bounds is where the places lie, but for slips of the pen, which would stretch a
// grid over half the world.
func (s *Survey) bounds() (west, south, east, north float64) {
	west, east = span(s.lons)
	south, north = span(s.lats)
	return west, south, east, north
}

// span is from the least to the greatest number that is no slip: none lies
// further from the middle 99 of 100 than half their own width.
func span(numbers []float64) (least, greatest float64) {
	sorted := slices.Sorted(slices.Values(numbers))
	cut := len(sorted) / 200
	from, to := sorted[cut], sorted[len(sorted)-1-cut]
	reach := (to - from) / 2
	return max(from-reach, sorted[0]), min(to+reach, sorted[len(sorted)-1])
}

// Blueprint makes the town of a table: its services, desks and teams as the
// rows name them; its areas as given, else a grid over the places.
func (m *Mapping) Blueprint(s *Survey, areas []civic.ShapedArea) *civic.Blueprint {
	j := m.jurisdiction()
	b := &civic.Blueprint{
		Jurisdiction: civic.Jurisdiction{
			ID: j, Name: m.Town.Name, Slug: m.Town.Slug, Prefix: strings.ToUpper(m.Town.Prefix),
			Locale: m.Town.Locale, Zone: m.Town.Zone,
		},
		Calendar: weekdays(m.Town.Zone),
		Areas:    areas,
	}
	if len(areas) == 0 && s.Placed > 0 {
		b.Areas = m.grid(j, s)
	}
	b.Areas = append(b.Areas, civic.ShapedArea{Area: civic.Area{ID: m.area(j, "outside"), Name: "—", Outside: true}})
	for _, name := range slices.Sorted(maps.Keys(s.desks)) {
		b.Desks = append(b.Desks, civic.Desk{ID: m.desk(j, name), Name: name})
	}
	for _, name := range slices.Sorted(maps.Keys(s.teams)) {
		b.Teams = append(b.Teams, civic.Team{ID: m.team(j, name), Name: name, Kind: "crew"})
	}
	codes := make(map[string]bool)
	for _, name := range slices.Sorted(maps.Keys(s.services)) {
		b.Services = append(b.Services, civic.Service{
			ID: m.service(j, name), Code: codeOf(name, codes), Name: name, Group: s.services[name],
			Kind: "issue", Public: m.Town.Public, Contact: "optional", Desk: m.deskOf(j, s, name),
		})
	}
	return b
}

// deskOf is the desk that answered most of a service's cases: new ones go there.
func (m *Mapping) deskOf(j civic.JurisdictionID, s *Survey, service string) civic.DeskID {
	best, most := "", 0
	for _, name := range slices.Sorted(maps.Keys(s.desks)) {
		if n := s.served[[2]string{service, name}]; n > most {
			best, most = name, n
		}
	}
	if best == "" {
		return civic.DeskID{}
	}
	return m.desk(j, best)
}

func weekdays(zone string) civic.Calendar {
	c := civic.Calendar{Zone: zone}
	for day := time.Monday; day <= time.Friday; day++ {
		c.Week[day] = []civic.Hours{{From: 8 * 60, To: 17 * 60}}
	}
	return c
}

func (m *Mapping) service(j civic.JurisdictionID, name string) civic.ServiceID {
	return civic.DeriveID[civic.Service](j, "service:"+name)
}

func (m *Mapping) desk(j civic.JurisdictionID, name string) civic.DeskID {
	return civic.DeriveID[civic.Desk](j, "desk:"+name)
}

func (m *Mapping) team(j civic.JurisdictionID, name string) civic.TeamID {
	return civic.DeriveID[civic.Team](j, "team:"+name)
}

func (m *Mapping) area(j civic.JurisdictionID, name string) civic.AreaID {
	return civic.DeriveID[civic.Area](j, "area:"+name)
}

// codeOf makes a service's code of its name: lower-case letters, digits and
// underscores, unlike any other.
func codeOf(name string, taken map[string]bool) string {
	code := strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		default:
			return '_'
		}
	}, strings.ToLower(name)), "_")
	code = code[:min(len(code), 50)]
	if code == "" {
		code = "service"
	}
	unique := code
	for i := 2; taken[unique]; i++ {
		unique = fmt.Sprintf("%s_%d", code, i)
	}
	taken[unique] = true
	return unique
}

// defaultGrid is how many squares a side a town without areas has.
const defaultGrid = 5

// grid cuts the places' bounds into squares, a hair wider than the places. What
// lies beyond belongs to the outside area.
func (m *Mapping) grid(j civic.JurisdictionID, s *Survey) []civic.ShapedArea {
	n := m.Town.Grid
	if n <= 0 {
		n = defaultGrid
	}
	const hair = 1e-4
	west, south, east, north := s.bounds()
	west, south = west-hair, south-hair
	width, height := (east-west+hair)/float64(n), (north-south+hair)/float64(n)
	areas := make([]civic.ShapedArea, 0, n*n)
	for row := range n {
		for col := range n {
			name := fmt.Sprintf("%c%d", 'A'+row, col+1)
			x, y := west+float64(col)*width, south+float64(row)*height
			areas = append(areas, civic.ShapedArea{
				Area: civic.Area{ID: m.area(j, name), Name: name},
				Shape: fmt.Appendf(nil, `{"type":"Polygon","coordinates":[[[%[1]g,%[2]g],[%[3]g,%[2]g],[%[3]g,%[4]g],[%[1]g,%[4]g],[%[1]g,%[2]g]]]}`,
					x, y, x+width, y+height),
			})
		}
	}
	return areas
}
