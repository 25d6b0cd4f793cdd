package sync_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// TestModelOfClientsAndServer lets rapid choose what crews, an office, their
// phones, their network and the server do, against a real database, and compares
// all of it at rest. SEGNAVIA_MODEL_CHECKS says how many runs.
func TestModelOfClientsAndServer(t *testing.T) {
	checks := os.Getenv("SEGNAVIA_MODEL_CHECKS")
	if checks == "" {
		checks = "4"
	}
	if err := flag.Set("rapid.checks", checks); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		m := newModel(t, rt)
		defer m.end()
		rt.Repeat(map[string]func(*rapid.T){
			"note":        m.note,
			"title":       m.title,
			"take":        m.take,
			"move":        m.move,
			"create":      m.create,
			"follow":      m.follow,
			"leave":       m.leave,
			"offline":     m.offline,
			"cut":         m.cut,
			"twice":       m.twice,
			"phone dies":  m.phoneDies,
			"server dies": m.serverDies,
			"clock":       m.clock,
			"backup":      m.backup,
			"restore":     m.restore,
			"upgrade":     m.upgrade,
			"wait":        m.wait,
		})
		m.rest()
	})
}

func (m *model) push(t *rapid.T, p *phone, report civic.ReportID, base int64, kind civic.Kind, args any) {
	e := civictest.Edit(civic.Actor{}, report, base, kind, args)
	e.At = time.Now().Add(time.Duration(rapid.Int64Range(-48, 48).Draw(t, "phone's clock")) * time.Hour)
	m.mu.Lock()
	m.pushed[e.ID] = p
	p.edits = append(p.edits, e)
	m.mu.Unlock()
	p.client.Push(e)
}

func (m *model) phone(t *rapid.T) *phone {
	return rapid.SampledFrom(m.phones).Draw(t, "phone")
}

func (m *model) report(t *rapid.T) civic.ReportID {
	return rapid.SampledFrom(m.reports).Draw(t, "report")
}

func (m *model) note(t *rapid.T) {
	text := fmt.Sprintf("note %d", rapid.IntRange(0, 999).Draw(t, "text"))
	m.push(t, m.phone(t), m.report(t), 1<<40, civic.KindNote, civic.TextArgs{Text: text})
}

func (m *model) title(t *rapid.T) {
	args := map[string]any{"field": "title", "value": fmt.Sprintf("title %d", rapid.IntRange(0, 9).Draw(t, "title"))}
	m.push(t, m.phone(t), m.report(t), rapid.SampledFrom([]int64{1, 1 << 40}).Draw(t, "base"), civic.KindSet, args)
}

func (m *model) take(t *rapid.T) {
	m.push(t, m.phone(t), m.report(t), 2, civic.KindTransition, civic.TransitionArgs{To: civic.StatusInProgress})
}

func (m *model) move(t *rapid.T) {
	team := rapid.SampledFrom(m.w.town.Teams).Draw(t, "team")
	m.push(t, m.phone(t), m.report(t), 2, civic.KindAssign, civic.AssignArgs{Team: team.ID})
}

func (m *model) create(t *rapid.T) {
	if len(m.reports) > 20 {
		t.Skip("enough of them")
	}
	id, lon, lat := civictest.NewID[civic.Report](), 8.81+0.01*float64(len(m.reports)), 44.45
	m.reports = append(m.reports, id)
	m.push(t, m.phone(t), id, 0, civic.KindCreate, civic.CreateArgs{Service: "pothole", Title: "x", Lon: &lon, Lat: &lat})
}

func (m *model) follow(t *rapid.T) {
	p := m.phone(t)
	if len(p.may) == 0 {
		t.Skip("nothing more to follow")
	}
	p.client.Follow(rapid.SampledFrom(p.may).Draw(t, "scope"))
}

func (m *model) leave(t *rapid.T) {
	p := m.phone(t)
	held := p.client.Scopes()
	if len(held) < 2 {
		t.Skip("holds too little")
	}
	p.client.Leave(held[rapid.IntRange(0, 99).Draw(t, "which")%len(held)])
}

func (m *model) offline(t *rapid.T) {
	p := m.phone(t)
	p.away = !p.away
	p.client.Away(p.away)
}

func (m *model) cut(*rapid.T) { m.cutter.all() }

// twice sends a phone's last edits again, over HTTP, while its socket is open.
func (m *model) twice(t *rapid.T) {
	p := m.phone(t)
	if len(p.edits) == 0 {
		t.Skip("none yet")
	}
	last := p.edits[max(0, len(p.edits)-3):]
	lastN, _, err := m.w.db.Pushed(t.Context(), m.w.town.ID, p.tokens.Device, nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"t": "push", "n0": lastN + 1, "edits": last})
	if err != nil {
		t.Fatal(err)
	}
	m.w.ask("POST", "/sync/push", p.tokens.Token, string(body)) // a gap or a late token is an answer too
}

// clock moves the server's clock by up to two days; phones' tokens end meanwhile.
func (m *model) clock(t *rapid.T) {
	m.offset.Store(int64(time.Duration(rapid.Int64Range(-48, 48).Draw(t, "hours")) * time.Hour))
}

func (m *model) wait(t *rapid.T) {
	time.Sleep(time.Duration(rapid.IntRange(1, 80).Draw(t, "milliseconds")) * time.Millisecond)
}
