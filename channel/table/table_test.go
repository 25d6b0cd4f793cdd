package table

import (
	"errors"
	"strings"
	"testing"
	"time"

	"segnavia/civic"
)

const mapping = `{
  "source": "test", "delimiter": ";", "time": {"layout": "02/01/2006 15:04", "zone": "Europe/Rome"},
  "columns": {"id": "Id", "created": "Creato", "closed": "Chiuso", "status": "Stato", "channel": "Canale",
    "service": "Tipo", "desk": "Ufficio", "team": "Squadra", "title": "Titolo", "lon": "X", "lat": "Y"},
  "status": {"aperta": "new", "chiusa": "closed"}, "channel": {"tel": "phone", "*": "staff"},
  "town": {"slug": "t", "name": "T", "prefix": "tt", "zone": "Europe/Rome", "locale": "it", "grid": 2}
}`

const rows = "\ufeffId;Creato;Chiuso;Stato;Canale;Tipo;Ufficio;Squadra;Titolo;X;Y\n" +
	"1;02/03/2026 09:00;04/03/2026 10:00;chiusa;tel;Buche;Strade;A;Buca;8.9;44.4\n" +
	"2;30/03/2026 02:30;;aperta;sito;Buche;Strade;;\"Due righe\nnel titolo\";0;0\n" +
	";02/03/2026 09:00;;aperta;tel;Buche;;;senza id;;\n" +
	"4;ieri;;aperta;tel;Buche;;;quando?;;\n" +
	"5;02/03/2026 09:00;;sospesa;tel;Buche;;;stato?;;\n" +
	"6;02/03/2026 09:00;;aperta;tel;Luci;Luce;B;dove?;900;44\n" +
	"7;02/03/2026 09:00;;aperta;tel;Luci;Luce;B;;8.95;44.45\n"

func read(t *testing.T) *Mapping {
	t.Helper()
	m, err := ReadMapping(strings.NewReader(mapping))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// now is when the tests read their tables.
var now = time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)

func opened(t testing.TB, m *Mapping, text string) *Table {
	t.Helper()
	table, err := m.Open(strings.NewReader(text), Reading{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestRowsAreReadAndSkippedWithTheirReason(t *testing.T) {
	m := read(t)
	var good []Row
	skipped := map[int]string{}
	for row, err := range opened(t, m, rows).Rows() {
		var skip *SkippedError
		if errors.As(err, &skip) {
			skipped[skip.Line] = skip.Why
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		good = append(good, row)
	}
	if len(good) != 3 || good[0].ID != "1" || good[1].ID != "2" || good[2].ID != "7" {
		t.Fatalf("rows %+v", good)
	}
	if at := good[0].Created; !at.Equal(time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)) || good[0].Channel != civic.ChannelPhone {
		t.Errorf("row 1: %+v", good[0])
	}
	if good[1].Position != nil || good[1].Channel != civic.ChannelStaff || good[1].Title != "Due righe\nnel titolo" {
		t.Errorf("row 2: %+v", good[1])
	}
	for line, why := range map[int]string{5: "no id", 6: "time", 7: "unknown status", 8: "no such place"} {
		if !strings.Contains(skipped[line], why) {
			t.Errorf("line %d is skipped for %q, want %q", line, skipped[line], why)
		}
	}
}

func TestATownIsMadeOfItsRows(t *testing.T) {
	m := read(t)
	s, err := opened(t, m, rows).Look()
	if err != nil || s.Rows != 3 || s.Left != 4 {
		t.Fatalf("survey %+v, %v", s, err)
	}
	b := m.Blueprint(s, nil)
	if len(b.Areas) != 5 || len(b.Services) != 2 || len(b.Teams) != 2 || len(b.Desks) != 2 || b.Prefix != "TT" {
		t.Errorf("%d areas, %d services, %d teams, %d desks, %s", len(b.Areas), len(b.Services), len(b.Teams), len(b.Desks), b.Prefix)
	}
	again := m.Blueprint(s, nil)
	if again.Services[0].ID != b.Services[0].ID || again.ID != b.ID {
		t.Error("the same table makes another town")
	}
}

// TestAPastCaseTakesTheStepsOfTheRules runs the rules over what a row becomes.
func TestAPastCaseTakesTheStepsOfTheRules(t *testing.T) {
	m := read(t)
	s, err := opened(t, m, rows).Look()
	if err != nil {
		t.Fatal(err)
	}
	b := m.Blueprint(s, nil)
	rules := &civic.Rules{Services: map[civic.ServiceID]civic.Service{}, Teams: map[civic.TeamID]civic.Team{}}
	for _, x := range b.Services {
		rules.Services[x.ID] = x
	}
	for _, x := range b.Teams {
		rules.Teams[x.ID] = x
	}
	base := Row{ID: "1", Service: "Buche", Created: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), Channel: civic.ChannelWeb}
	for _, status := range civic.Statuses {
		for _, team := range []string{"", "A"} {
			row := base
			row.Status, row.Team = status, team
			if !status.Open() {
				row.Closed = row.Created.Add(48 * time.Hour)
			}
			var r civic.Report
			for _, e := range m.Past(b.ID, row, row.Created.AddDate(1, 0, 0)).Edits {
				next, out, err := civic.Apply(rules, r, e.Edit, e.Now)
				if err != nil || out.Result.Status == civic.Refused {
					t.Fatalf("%s, team %q: %s refused: %s %v", status, team, e.Kind, out.Result.Code, err)
				}
				r = next
				for _, f := range out.Follow {
					r, _, _ = civic.Apply(rules, r, f, e.Now)
				}
			}
			want := status
			if (status == civic.StatusNew || status == civic.StatusAcknowledged) && team != "" {
				want = civic.StatusAssigned
			}
			if status == civic.StatusAssigned && team == "" {
				want = civic.StatusNew
			}
			if r.Status != want || r.Archived == status.Open() {
				t.Errorf("%s, team %q becomes %s, archived %t", status, team, r.Status, r.Archived)
			}
		}
	}
}
