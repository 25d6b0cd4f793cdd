package main_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

// program is a running demonstration, as a process of its own.
type program struct {
	t    *testing.T
	bin  string
	dir  string
	addr string
	cmd  *exec.Cmd
	log  bytes.Buffer
}

// buildDir holds the program while the tests run.
var buildDir string

// built is the program, linked once for all tests that run it.
var built = sync.OnceValues(func() (bin string, err error) {
	if buildDir, err = os.MkdirTemp("", "segnavia-build-"); err != nil {
		return "", err
	}
	bin = filepath.Join(buildDir, "segnavia")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		return bin, fmt.Errorf("build: %w\n%s", err, out)
	}
	return bin, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if buildDir != "" {
		_ = os.RemoveAll(buildDir)
	}
	os.Exit(code)
}

func build(t *testing.T) string {
	t.Helper()
	bin, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // only its number is wanted
	return l.Addr().String()
}

// start runs the program and returns how long it took to be ready.
func (p *program) start() time.Duration {
	p.t.Helper()
	began := time.Now()
	p.log.Reset()
	p.cmd = exec.Command(p.bin, "demo", "--data-dir", p.dir, "--listen", p.addr, "--reports", "30")
	p.cmd.Env = append(os.Environ(), "SEGNAVIA_DATA=")
	p.cmd.Stderr, p.cmd.Stdout = &p.log, &p.log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	for time.Since(began) < 3*time.Minute {
		if res, err := http.Get("http://" + p.addr + "/readyz"); err == nil {
			_ = res.Body.Close() // only the status is wanted
			if _, err := os.Stat(filepath.Join(p.dir, "demo.json")); res.StatusCode == http.StatusOK && err == nil {
				return time.Since(began)
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	_ = p.cmd.Process.Kill() // it will not do any better
	_ = p.cmd.Wait()
	p.t.Fatalf("not ready after three minutes:\n%s", p.log.String())
	return 0
}

func (p *program) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	_ = p.cmd.Wait() // it was killed
}

// client signs in as an operator.
func (p *program) client() *http.Client { return p.clientOf("operator") }

func (p *program) clientOf(role string) *http.Client {
	p.t.Helper()
	raw, err := os.ReadFile(filepath.Join(p.dir, "demo.json"))
	if err != nil {
		p.t.Fatal(err)
	}
	var demo struct {
		Users []struct{ Role, Login, Password string }
	}
	if err := json.Unmarshal(raw, &demo); err != nil {
		p.t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	c := &http.Client{Jar: jar, Timeout: 10 * time.Second}
	for _, u := range demo.Users {
		if u.Role == role {
			body := fmt.Sprintf(`{"login":%q,"password":%q}`, u.Login, u.Password)
			res, err := c.Post("http://"+p.addr+"/api/v1/session", "application/json", strings.NewReader(body))
			if err != nil {
				p.t.Fatal(err)
			}
			_ = res.Body.Close() // the cookie is in the jar
			return c
		}
	}
	p.t.Fatal("no " + role)
	return nil
}

// TestNothingAcknowledgedIsLostWhenTheProgramIsKilled sends reports from eight
// clients and kills the program with SIGKILL in their midst, ten times: whatever
// was answered with 201 is there after each start, nothing twice, and the log
// agrees with the tables.
func TestNothingAcknowledgedIsLostWhenTheProgramIsKilled(t *testing.T) {
	p := &program{t: t, bin: build(t), dir: t.TempDir(), addr: freeAddr(t)}
	p.start()
	var mu sync.Mutex
	acknowledged := make(map[string]string) // id -> code
	const kills = 10
	for round := range kills {
		c := p.client()
		stop := make(chan struct{})
		var sending sync.WaitGroup
		for range 8 {
			sending.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					id := uuid.Must(uuid.NewV7()).String()
					if code, ok := send(c, p.addr, id); ok {
						mu.Lock()
						acknowledged[id] = code
						mu.Unlock()
					}
				}
			})
		}
		time.Sleep(time.Duration(150+40*round) * time.Millisecond)
		p.kill()
		close(stop)
		sending.Wait()
		if took := p.start(); took > 10*time.Second {
			t.Errorf("back after %s", took)
		}
	}
	missing := 0
	c := p.client()
	for id, code := range acknowledged {
		res, err := c.Get("http://" + p.addr + "/api/v1/reports/" + id)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(res.Body)
		_ = res.Body.Close() // read to its end
		if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(raw), code) {
			missing++
		}
	}
	t.Logf("%d reports acknowledged over %d kills, %d missing", len(acknowledged), kills, missing)
	if missing > 0 || len(acknowledged) < 100 {
		t.Errorf("%d of %d acknowledged reports are missing", missing, len(acknowledged))
	}
	p.kill()
	out, err := exec.Command(p.bin, "migrate", "--check", "--data-dir", p.dir).CombinedOutput()
	if err != nil || !strings.Contains(string(out), " 0 ops written, 0 heads mended") {
		t.Errorf("log against tables: %v\n%s", err, out)
	}
}

func send(c *http.Client, addr, id string) (code string, ok bool) {
	nonce := base64.RawURLEncoding.EncodeToString([]byte(id)) // a repeat gets the receipt
	body := fmt.Sprintf(`{"id":%q,"nonce":%q,"service":"strade.buca","title":"x","lon":8.93,"lat":44.41,"channel":"phone"}`, id, nonce)
	res, err := c.Post("http://"+addr+"/api/v1/reports", "application/json", strings.NewReader(body))
	if err != nil {
		return "", false
	}
	defer res.Body.Close() //nolint:errcheck // only read
	var created struct{ Code string }
	if json.NewDecoder(res.Body).Decode(&created) != nil || res.StatusCode != http.StatusCreated {
		return "", false
	}
	return created.Code, true
}

// TestMistakesAreOneClearLine runs the command with what people get wrong.
func TestMistakesAreOneClearLine(t *testing.T) {
	bin := build(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close() //nolint:errcheck // the test is over
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"a flag that is none", []string{"serve", "--nonsense"}, 2, "unknown flag"},
		{"no database there", []string{"serve", "--database-url", "postgres://nobody@127.0.0.1:1/x?sslmode=disable&connect_timeout=2"}, 1, "database"},
		{"no database there, by TLS or without", []string{"serve", "--database-url", "postgres://nobody@127.0.0.1:1/x"}, 1, "database"},
		{"a url that is none", []string{"migrate", "--database-url", "nonsense://"}, 1, "database"},
		{"port taken", []string{"demo", "--reports", "1", "--listen", taken.Addr().String()}, 1, "listen"},
		{"no bucket there", []string{"serve", "--s3-endpoint", "http://127.0.0.1:1", "--s3-access-key", "x", "--s3-secret-key", "y"}, 1, ""},
		{"a backup of nothing", []string{"backup", "--to", t.TempDir()}, 1, "no installation"},
		{"a folder without a backup", []string{"restore", "--from", t.TempDir()}, 1, "no whole backup"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), bin, c.args...)
			cmd.Env = append(os.Environ(), "SEGNAVIA_DATA_DIR="+t.TempDir(), "SEGNAVIA_DATA=", "SEGNAVIA_LOG_LEVEL=error")
			out, err := cmd.CombinedOutput()
			exit := 0
			if cmd.ProcessState != nil {
				exit = cmd.ProcessState.ExitCode()
			}
			said := strings.TrimSpace(string(out))
			if exit != c.code || !strings.Contains(said, c.says) || !strings.HasPrefix(said, "segnavia: ") || strings.Contains(said, "\n") {
				t.Errorf("exit %d, want %d (%v):\n%s", exit, c.code, err, out)
			}
		})
	}
}

// TestASecondStartOnOneDirectoryIsRefused keeps two programs off one database.
func TestASecondStartOnOneDirectoryIsRefused(t *testing.T) {
	p := &program{t: t, bin: build(t), dir: t.TempDir(), addr: freeAddr(t)}
	p.start()
	defer p.kill()
	out, err := exec.CommandContext(t.Context(), p.bin, "demo", "--data-dir", p.dir, "--listen", freeAddr(t)).CombinedOutput()
	if err == nil || !strings.Contains(string(out), fmt.Sprint(p.cmd.Process.Pid)) {
		t.Errorf("the second start: %v\n%s", err, out)
	}
}
