package table

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"segnavia/civic"
)

// FuzzImport reads any bytes as a table of cases and does with them all that an import
// does before a database: nothing panics, each line is accounted for, what is read has
// what it needs, and the rules take or refuse every case.
func FuzzImport(f *testing.F) {
	f.Add([]byte(rows))
	f.Add([]byte("Id;Creato\n\""))
	f.Add([]byte("sep=;\r\n" + heading + line("1", `"a""`, "8,9", "44,4")))
	f.Add([]byte(encoded(heading+line("1", "à", "NULL", "-"), binary.BigEndian, true)))
	f.Add([]byte("\x1f\x8b\x08\x00"))
	f.Add([]byte(heading + "1;02/03/2126 09:00;;chiusa;;Buche;;;\x00\xff\ud7ff;1e308;-0\n\"\n"))
	m, err := ReadMapping(strings.NewReader(mapping))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		table, err := m.Open(strings.NewReader(string(raw)), Reading{Now: now})
		if err != nil { // most bytes are no heading: then they stand behind one
			if table, err = m.Open(strings.NewReader(heading+string(raw)), Reading{Now: now}); err != nil {
				return
			}
		}
		s, err := table.Look()
		if err != nil {
			t.Fatal(err)
		}
		if s.ReadLines+s.LeftLines+s.EmptyLines != s.Lines {
			t.Fatalf("%d + %d + %d lines are not %d", s.ReadLines, s.LeftLines, s.EmptyLines, s.Lines)
		}
		b := m.Blueprint(s, nil)
		rules := &civic.Rules{Services: map[civic.ServiceID]civic.Service{}, Teams: map[civic.TeamID]civic.Team{}}
		for _, x := range b.Services {
			rules.Services[x.ID] = x
		}
		for _, x := range b.Teams {
			rules.Teams[x.ID] = x
		}
		told := 0
		for row, err := range table.Rows() {
			if err != nil {
				if !errors.As(err, new(*SkippedError)) {
					t.Fatal(err)
				}
				continue
			}
			told++
			if row.ID == "" || row.Service == "" || !civic.Plausible(row.Created, now) || row.Line <= table.Heading {
				t.Fatalf("a row without what it needs: %+v", row)
			}
			if p := row.Position; p != nil && !table.near.Holds(p.Lon, p.Lat) {
				t.Fatalf("a place nowhere near: %+v", row)
			}
			var r civic.Report
			for _, e := range m.Past(b.ID, row, now).Edits {
				next, out, err := civic.Apply(rules, r, e.Edit, e.Now)
				if err != nil || e.Kind == civic.KindCreate && out.Result.Status == civic.Refused {
					t.Fatalf("%s of %+v: %+v, %v", e.Kind, row, out.Result, err)
				}
				r = next
			}
		}
		if told != s.Rows {
			t.Fatalf("%d rows, then %d", s.Rows, told)
		}
	})
}

// FuzzRegister reads any bytes as house numbers, as streets, as areas and as a mapping.
func FuzzRegister(f *testing.F) {
	f.Add([]byte("Tipo;Nome;Civico;Esp;Frazione;X;Y\nVIA;DI PRE';12r;a;;1472210,5;4978439.9\n"))
	f.Add([]byte(`{"type":"FeatureCollection","crs":{"properties":{"name":"EPSG:32632"}},"features":[{"properties":{"name":"A"},"geometry":{"type":"GeometryCollection","geometries":[{"type":"Polygon","coordinates":` + square + `}]}}]}`))
	f.Add([]byte(`{"features":[{"properties":{"name":"VIA ROMA"},"geometry":{"type":"LineString","coordinates":[[8.9,44.4],[8.91]]}}]}`))
	f.Add([]byte(mapping))
	f.Add([]byte(register))
	project := func(_ int, at []civic.Position) error {
		for i := range at {
			at[i] = civic.Position{Lon: at[i].Lon / 1e5, Lat: at[i].Lat / 1e5}
		}
		return nil
	}
	near := civic.Bounds{6, 35, 19, 48}
	m, err := ReadMapping(strings.NewReader(mapping))
	if err != nil {
		f.Fatal(err)
	}
	m.Town.NameOf = "name"
	f.Fuzz(func(t *testing.T, raw []byte) {
		g, err := ReadRegister(strings.NewReader(register))
		if err != nil {
			t.Fatal(err)
		}
		d, err := g.Doors(strings.NewReader(string(raw)))
		if err != nil {
			d, err = g.Doors(strings.NewReader("Tipo;Nome;Civico;Esp;Frazione;X;Y\n" + string(raw)))
		}
		if err == nil {
			lines := d.EmptyLines
			for _, s := range d.Skipped {
				lines += s.Lines
			}
			if lines+len(d.Doors) > d.Lines {
				t.Fatalf("%d doors and %d lines are more than %d", len(d.Doors), lines, d.Lines)
			}
			_ = d.Settle(project, near) // says whether it makes sense
			for _, door := range d.Doors {
				if door.Street == "" || door.String() == "" {
					t.Fatalf("a door without what it needs: %+v", door)
				}
			}
		}
		g.EPSG = 0
		if w, err := g.Ways(raw, project, near); err == nil {
			if len(w.Ways)+len(w.Skipped) != len(w.list) || slices.ContainsFunc(w.Ways, func(w civic.Way) bool { return w.Name == "" }) {
				t.Fatalf("%d ways and %d others of %d", len(w.Ways), len(w.Skipped), len(w.list))
			}
		}
		if areas, _, err := m.ReadAreas(raw, project); err == nil {
			_ = boundsOf(areas)
		}
		if other, err := ReadMapping(strings.NewReader(string(raw))); err == nil {
			_, _, _ = other.Time.parse("02/03/2026 09:00", time.Now())
		}
	})
}
