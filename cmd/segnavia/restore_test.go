package main_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/sync/client"
)

// does runs the program to its end and gives what it said.
func (p *program) does(args ...string) string {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), p.bin, args...)
	cmd.Env = append(os.Environ(), "SEGNAVIA_DATA=", "SEGNAVIA_LOG_LEVEL=error")
	out, err := cmd.CombinedOutput()
	if err != nil {
		p.t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

// sql asks the running program's database.
func (p *program) sql(query string) string {
	p.t.Helper()
	sockets := filepath.Join(p.dir, "run")
	out, err := exec.CommandContext(p.t.Context(), "psql", "-h", sockets, "-U", "postgres", "-d", "segnavia", "-XAtc", query).CombinedOutput()
	if err != nil {
		p.t.Fatalf("%s: %v %s", query, err, out)
	}
	return strings.TrimSpace(string(out))
}

// phone is a crew's device that follows the town by the protocol.
type phone struct {
	*client.Client
	actor   civic.Actor
	mu      sync.Mutex
	answers map[civic.EditID][]civic.Answer
}

func (p *program) phone() *phone {
	p.t.Helper()
	raw, err := os.ReadFile(filepath.Join(p.dir, "demo.json"))
	if err != nil {
		p.t.Fatal(err)
	}
	var demo struct {
		Devices []struct{ ID, Login, Token string }
	}
	if err := json.Unmarshal(raw, &demo); err != nil {
		p.t.Fatal(err)
	}
	ph := &phone{answers: map[civic.EditID][]civic.Answer{}}
	for _, d := range demo.Devices {
		if d.Login != "operatrice" {
			continue
		}
		ph.Client = client.New(client.Options{
			URL: "http://" + p.addr, Device: civic.MustID[civic.Device](d.ID), Token: d.Token,
			Answered: func(a civic.Answer) {
				ph.mu.Lock()
				defer ph.mu.Unlock()
				ph.answers[a.ID] = append(ph.answers[a.ID], a)
			},
		})
		ctx, cancel := context.WithCancel(context.WithoutCancel(p.t.Context()))
		done := make(chan error, 1)
		go func() { done <- ph.Run(ctx) }()
		p.t.Cleanup(func() {
			cancel()
			if err := <-done; !errors.Is(err, context.Canceled) {
				p.t.Errorf("the phone: %v", err)
			}
		})
		return ph
	}
	p.t.Fatal("no device")
	return nil
}

// end kills the program if it runs.
func (p *program) end() {
	_ = p.cmd.Process.Kill() // it may have been killed before
	_ = p.cmd.Wait()
}

func (p *program) until(what string, ok func() bool) {
	p.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if ok() {
			return
		}
	}
	p.t.Fatalf("not after a minute: %s", what)
}

// note leaves a note and waits for its answer.
func (p *program) note(ph *phone, report civic.ReportID, text string) civic.EditID {
	p.t.Helper()
	e := civictest.Edit(civic.Actor{}, report, 1<<40, civic.KindNote, civic.TextArgs{Text: text})
	ph.Push(e)
	return e.ID
}

// TestARestoreLosesNothingThatPhonesHaveDone is the drill: a backup, more work that
// is acknowledged, something erased, the database destroyed, restored, and served
// again. The phones offer what was lost: every note is there once, what was erased
// does not come back, and the replicas agree with the tables.
func TestARestoreLosesNothingThatPhonesHaveDone(t *testing.T) {
	p := &program{t: t, bin: build(t), dir: t.TempDir(), addr: freeAddr(t)}
	backups := t.TempDir()
	p.start()
	ph := p.phone()
	ids := p.reports(ph)
	const before, after = 20, 30
	var notes []civic.EditID
	for i := range before {
		notes = append(notes, p.note(ph, ids[i%len(ids)], fmt.Sprintf("before %d", i)))
	}
	p.until("answered", func() bool { return ph.Pending() == 0 })
	if said := p.does("backup", "--data-dir", p.dir, "--to", backups, "--name", "drill"); !strings.Contains(said, "every sum is right") {
		t.Fatal(said)
	}
	for i := range after {
		notes = append(notes, p.note(ph, ids[i%len(ids)], fmt.Sprintf("after %d", i)))
	}
	p.until("answered", func() bool { return ph.Pending() == 0 })
	victim := ids[len(ids)-1]
	gone := p.note(ph, victim, "CANARY")
	p.until("answered", func() bool { return ph.Pending() == 0 })
	p.purge(victim)
	p.until("the ledger", func() bool {
		found, err := filepath.Glob(filepath.Join(p.dir, "objects", "segnavia", "erasures", "*.json"))
		return err == nil && len(found) == 1
	})
	ph.Away(true) // a phone comes back within half a minute: here at once
	p.kill()
	if err := os.RemoveAll(filepath.Join(p.dir, "postgres")); err != nil {
		t.Fatal(err)
	}
	said := p.does("restore", "--data-dir", p.dir, "--from", backups)
	if !strings.Contains(said, "all the same as in the backup") || !strings.Contains(said, "1 of 1 erasures were made again") {
		t.Errorf("%s", said)
	}
	p.start()
	t.Cleanup(p.end)
	ph.Away(false)
	p.until("offered again", func() bool { return ph.Counts().Reoffered == before+after+1 && ph.Pending() == 0 })
	list := make([]string, len(notes))
	for i, n := range notes {
		list[i] = "'" + n.String() + "'"
	}
	in := strings.Join(list, ",")
	want := fmt.Sprint(before + after)
	// Those of the victim are erased; each of the others is there once.
	erased := p.sql(`SELECT count(*) FROM edit WHERE report_id = '` + victim.String() + `' AND id IN (` + in + `)`)
	if got := p.sql(`SELECT count(*) FROM edit WHERE id IN (` + in + `)`); got != want {
		t.Errorf("%s of %s edits are stored", got, want)
	}
	if got := p.sql(`SELECT count(*) + ` + erased + ` FROM message WHERE kind = 'note' AND id IN (` + in + `)`); got != want {
		t.Errorf("%s of %s notes are there", got, want)
	}
	if got := p.sql(`SELECT count(*) || ' ' || count(DISTINCT text) FROM message WHERE text LIKE 'before %' OR text LIKE 'after %'`); strings.Fields(got)[0] != strings.Fields(got)[1] {
		t.Errorf("notes and different notes: %s", got)
	}
	ph.mu.Lock()
	if a := ph.answers[gone]; len(a) != 2 || a[1].Status != civic.Refused || a[1].Code != civic.CodeErased {
		t.Errorf("the erased note was answered %+v", a)
	}
	ph.mu.Unlock()
	dumped, err := exec.CommandContext(t.Context(), "pg_dump", "-h", filepath.Join(p.dir, "run"), "-U", "postgres", "--role=backup", "segnavia").Output()
	if err != nil || len(dumped) < 1000 || strings.Contains(string(dumped), "CANARY") {
		t.Errorf("%d bytes of dump, %v; the erased words are back: %t", len(dumped), err, strings.Contains(string(dumped), "CANARY"))
	}
	for _, s := range ph.Scopes() {
		p.until("replica of "+string(s), func() bool {
			cursor, sum, ok := ph.Held(s)
			if !ok {
				return false
			}
			head := p.sql(`SELECT v || ' ' || sum_a || ' ' || sum_b FROM scope_head WHERE scope = '` + string(s) + `'`)
			return head == fmt.Sprintf("%d %d %d", cursor, sum.A, sum.B)
		})
	}
	p.kill()
	if out := p.does("migrate", "--check", "--data-dir", p.dir); !strings.Contains(out, " 0 ops written, 0 heads mended") {
		t.Errorf("log against tables: %s", out)
	}
}

// reports waits for a few cases that the phone holds.
func (p *program) reports(ph *phone) (ids []civic.ReportID) {
	p.t.Helper()
	p.until("cases", func() bool {
		ids = nil
		for _, s := range ph.Scopes() {
			if s.Kind() != civic.ScopeTeam && s.Kind() != civic.ScopeDesk {
				continue
			}
			for id := range ph.Rows(s) {
				if !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
		}
		return len(ids) >= 4
	})
	return ids[:4]
}

// purge erases a case in the administrator's name.
func (p *program) purge(id civic.ReportID) {
	p.t.Helper()
	c := p.clientOf("admin")
	body := fmt.Sprintf(`{"id":%q,"report":%q,"base_rev":1,"kind":"purge","args":{}}`, uuid.Must(uuid.NewV7()), id)
	res, err := c.Post("http://"+p.addr+"/api/v1/edits", "application/json", strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read
	var answer struct{ Results []civic.Answer }
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || res.StatusCode != http.StatusOK || answer.Results[0].Status != civic.Applied {
		p.t.Fatalf("purge: %d %+v %v", res.StatusCode, answer, err)
	}
}

// TestNothingIsRestoredOverATown but by who says its name.
func TestNothingIsRestoredOverATown(t *testing.T) {
	p := &program{t: t, bin: build(t), dir: t.TempDir(), addr: freeAddr(t)}
	backups := t.TempDir()
	p.start()
	t.Cleanup(p.end)
	p.does("backup", "--data-dir", p.dir, "--to", backups)
	try := func(input string, args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), p.bin, append([]string{"restore", "--data-dir", p.dir, "--from", backups}, args...)...)
		cmd.Stdin = strings.NewReader(input)
		cmd.Env = append(os.Environ(), "SEGNAVIA_DATA=", "SEGNAVIA_LOG_LEVEL=error")
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := try("", "--replace", "--confirm", "Genova"); err == nil || !strings.Contains(out, "in use by process") {
		t.Errorf("under a running program: %v %s", err, out)
	}
	if out, err := try("", "--check"); err != nil || !strings.Contains(out, "every sum is right") {
		t.Errorf("checked beside a running program: %v %s", err, out)
	}
	p.kill()
	for name, c := range map[string]struct {
		input string
		args  []string
		says  string
	}{
		"without a word": {"", nil, "without --replace"},
		"another name":   {"Milano\n", []string{"--replace"}, "not the name"},
		"no answer":      {"", []string{"--replace"}, "not the name"},
		"no such backup": {"", []string{"--point", "yesterday"}, "there is no backup yesterday"},
	} {
		if out, err := try(c.input, c.args...); err == nil || !strings.Contains(out, c.says) {
			t.Errorf("%s: %v %s", name, err, out)
		}
	}
	if out, err := try("Genova\n", "--replace"); err != nil || !strings.Contains(out, "all the same") {
		t.Errorf("by its name: %v %s", err, out)
	}
	p.start()
	p.end()
}
