package main_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestAPhoneIsLetInByACodeAndOutAgain takes a crew's phone from its code to its
// wiping, with the commands that an administrator has.
func TestAPhoneIsLetInByACodeAndOutAgain(t *testing.T) {
	p := &program{t: t, bin: build(t), dir: t.TempDir(), addr: freeAddr(t)}
	p.start()
	p.kill()
	code := p.user("squadra", "--enrol")
	p.start()
	status, answer := p.post("/api/v1/devices/enrol", "", `{"code":"`+code+`","name":"phone"}`)
	token, _ := answer["token"].(string)
	if status != http.StatusCreated || token == "" {
		t.Fatalf("enrolled: %d %v", status, answer)
	}
	if status, answer := p.post("/api/v1/devices/enrol", "", `{"code":"`+code+`"}`); status != http.StatusUnauthorized {
		t.Errorf("the same code again: %d %v", status, answer)
	}
	if status, answer := p.post("/sync/hello", token, `{"proto":1}`); status != http.StatusOK {
		t.Errorf("hello: %d %v", status, answer)
	}
	p.kill()
	if said := p.user("squadra", "--revoke"); !strings.Contains(said, "devices ended") {
		t.Errorf("revoked: %s", said)
	}
	p.start()
	if status, answer := p.post("/sync/hello", token, `{"proto":1}`); status != http.StatusUnauthorized || answer["wipe"] != true {
		t.Errorf("hello of a revoked phone: %d %v", status, answer)
	}
	p.kill()

	// Signed out and back, kept out and back.
	for _, c := range []struct {
		ends   []string
		said   string
		status int
		code   string
		wipe   any
	}{
		{[]string{"--sign-out"}, "1 devices signed out", http.StatusUnauthorized, "signed_out", nil},
		{[]string{"--disable"}, "1 devices ended", http.StatusUnauthorized, "token", true},
	} {
		code := p.user("squadra2", "--enrol")
		p.start()
		_, answer := p.post("/api/v1/devices/enrol", "", `{"code":"`+code+`"}`)
		token, _ := answer["token"].(string)
		p.kill()
		// The demonstration has a phone for everybody, which is ended the first time.
		if said := p.user(append([]string{"squadra2"}, c.ends...)...); !strings.HasSuffix(said, c.said[1:]) {
			t.Errorf("%v: %s", c.ends, said)
		}
		p.start()
		if status, answer := p.post("/sync/hello", token, `{"proto":1}`); status != c.status || answer["code"] != c.code || answer["wipe"] != c.wipe {
			t.Errorf("%v: %d %v", c.ends, status, answer)
		}
		p.kill()
	}
	if said := p.user("squadra2", "--enable"); !strings.Contains(said, "may sign in") {
		t.Error(said)
	}
	if code := p.user("squadra2", "--enrol"); code == "" {
		t.Error("nobody is let in again")
	}
}

// TestANewPersonIsAddedAndSignsIn does so beside a program that runs.
func TestANewPersonIsAddedAndSignsIn(t *testing.T) {
	p := &program{t: t, bin: build(t), dir: t.TempDir(), addr: freeAddr(t)}
	p.start()
	defer p.kill()
	if said := p.user("nuova", "--role", "operator", "--name", "Nuova Persona", "--desk", "Ufficio Strade"); !strings.Contains(said, "Nuova Persona is operator") {
		t.Fatal(said)
	}
	p.says("una password lunga\n", "user", "--data-dir", p.dir, "nuova")
	if status, answer := p.post("/api/v1/session", "", `{"login":"nuova","password":"una password lunga"}`); status != http.StatusOK {
		t.Errorf("signed in: %d %v", status, answer)
	}
}

// says runs a command that reads from its standard input.
func (p *program) says(line string, args ...string) {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), p.bin, args...)
	cmd.Stdin = strings.NewReader(line)
	if out, err := cmd.CombinedOutput(); err != nil {
		p.t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

func (p *program) user(args ...string) string {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), p.bin, append([]string{"user", "--data-dir", p.dir}, args...)...)
	cmd.Env = append(os.Environ(), "SEGNAVIA_LOG_LEVEL=error")
	out, err := cmd.CombinedOutput()
	if err != nil {
		p.t.Fatalf("user %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (p *program) post(path, token, body string) (status int, answer map[string]any) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, "http://"+p.addr+path, bytes.NewBufferString(body))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read
	raw, err := io.ReadAll(res.Body)
	if err != nil || json.Unmarshal(raw, &answer) != nil {
		p.t.Fatalf("%s: %v %s", path, err, raw)
	}
	return res.StatusCode, answer
}
