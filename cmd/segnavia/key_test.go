package main_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// run runs a command of the program on the data directory.
func (p *program) run(args ...string) (out string, err error) {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), p.bin, append(args, "--data-dir", p.dir)...)
	var errors strings.Builder
	cmd.Stderr = &errors
	raw, err := cmd.Output()
	if err != nil {
		p.t.Logf("%v: %s", args, errors.String())
	}
	return string(raw), err
}

// TestAKeyIsShownOnceAndEndedAtOnce makes a key beside a running demonstration,
// reports with it, ends it, and starts the demonstration again, whose own key
// stays the same.
func TestAKeyIsShownOnceAndEndedAtOnce(t *testing.T) {
	p := &program{t: t, bin: build(t), dir: t.TempDir(), addr: freeAddr(t)}
	p.start()
	own := p.open311()
	post := func(key string) int {
		t.Helper()
		res, err := http.PostForm(own.Endpoint+"requests.json", url.Values{
			"api_key": {key}, "service_code": {"strade.buca"}, "lat": {"44.4076"}, "long": {"8.9342"}, "attribute[fixmystreet_id]": {"1"},
		})
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close() //nolint:errcheck // only read
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			t.Fatal(err)
		}
		return res.StatusCode
	}
	if post(own.APIKey) != http.StatusCreated {
		t.Error("the demonstration's own key opens nothing")
	}
	out, err := p.run("key", "add", "fixmystreet", "--days", "2")
	key := strings.TrimSpace(out)
	if err != nil || !strings.HasPrefix(key, "segnavia_") || len(key) < 60 {
		t.Fatalf("key %q, %v", key, err)
	}
	prefix := key[:strings.LastIndexByte(key, '_')]
	list, err := p.run("key", "list")
	if err != nil || !strings.Contains(list, prefix+"…") || strings.Contains(list, key) || !strings.Contains(list, "fixmystreet") {
		t.Errorf("list:\n%s%v", list, err)
	}
	if post(key) != http.StatusCreated {
		t.Error("the new key opens nothing")
	}
	if _, err := p.run("key", "revoke", prefix+"…"); err != nil {
		t.Fatal(err)
	}
	if got := post(key); got != http.StatusForbidden {
		t.Errorf("the revoked key is answered %d", got)
	}
	for _, wrong := range [][]string{{"revoke", "segnavia_nobody"}, {"add", "Two Words"}, {"add", "x", "--days", "0"}, {"add", "x", "--scope", "all"}, {"list", "--town", "nowhere"}} {
		if _, err := p.run(append([]string{"key"}, wrong...)...); err == nil {
			t.Errorf("key %v is taken", wrong)
		}
	}
	p.kill()
	p.start()
	if again := p.open311(); again.APIKey != own.APIKey || post(again.APIKey) != http.StatusCreated {
		t.Error("the demonstration's key has changed with a start")
	}
	p.kill()
}

func (p *program) open311() (o struct {
	Endpoint string `json:"endpoint"`
	APIKey   string `json:"api_key"`
},
) {
	p.t.Helper()
	raw, err := os.ReadFile(filepath.Join(p.dir, "demo.json"))
	if err != nil {
		p.t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &struct {
		Open311 any `json:"open311"`
	}{&o}); err != nil {
		p.t.Fatal(err)
	}
	return o
}
