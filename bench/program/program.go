// Package program runs the demonstration town as a process of its own, so that a
// trial can end it without warning and start it again. It is no part of the
// program.
package program

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"segnavia/load"
)

// startWithin bounds a start; a demonstration of 100,000 cases takes most of it.
const startWithin = 5 * time.Minute

// Program is one demonstration: a data folder and, between Start and its end, a
// process.
type Program struct {
	Bin  string   // the program, as Build makes it
	Dir  string   // its data folder
	Addr string   // where it listens
	Args []string // further flags of demo

	mu  sync.Mutex
	cmd *exec.Cmd
	log bytes.Buffer
}

// Build compiles the program into a folder and gives its path.
func Build(ctx context.Context, dir string) (string, error) {
	bin := filepath.Join(dir, "segnavia")
	out, err := exec.CommandContext(ctx, "go", "build", "-o", bin, "segnavia/cmd/segnavia").CombinedOutput() // #nosec G204 -- our own package
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return bin, nil
}

// Launch builds the program into a folder and starts it on another, as a data
// folder. Whoever launches it ends it, with Stop or Kill.
func Launch(ctx context.Context, bin, dir string, args ...string) (*Program, error) {
	built, err := Build(ctx, bin)
	if err != nil {
		return nil, err
	}
	addr, err := FreeAddr()
	if err != nil {
		return nil, err
	}
	p := &Program{Bin: built, Dir: dir, Addr: addr, Args: args}
	_, err = p.Start()
	return p, err
}

// FreeAddr is an address of this machine that nobody listens on.
func FreeAddr() (string, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close() //nolint:errcheck // only its number is wanted
	return l.Addr().String(), nil
}

// Start runs the program and returns how long it took to be ready to serve.
func (p *Program) Start() (time.Duration, error) {
	began := time.Now()
	args := append([]string{"demo", "--data-dir", p.Dir, "--listen", p.Addr}, p.Args...)
	cmd := exec.Command(p.Bin, args...) // #nosec G204 -- our own program
	cmd.Env = append(os.Environ(), "SEGNAVIA_DATA=")
	cmd.Stdout, cmd.Stderr = p, p
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.mu.Lock()
	p.log.Reset()
	p.cmd = cmd
	p.mu.Unlock()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	for time.Since(began) < startWithin {
		if info, err := os.Stat(p.DemoFile()); err == nil && !info.ModTime().Before(began) && p.Ready() {
			return time.Since(began), nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return 0, errors.Join(fmt.Errorf("not ready after %s:\n%s", startWithin, p.Log()), p.Kill())
}

// Ready reports whether the program says that it can serve.
func (p *Program) Ready() bool {
	res, err := http.Get("http://" + p.Addr + "/readyz") //nolint:noctx // it answers at once or not at all
	if err != nil {
		return false
	}
	_ = res.Body.Close() // only the status is wanted
	return res.StatusCode == http.StatusOK
}

// Kill ends the program with SIGKILL and waits until it is gone.
func (p *Program) Kill() error {
	if err := p.cmd.Process.Kill(); err != nil {
		return err
	}
	_ = p.cmd.Wait() // it was killed
	return nil
}

// Stop ends the program as an operator would, and waits until it is gone.
func (p *Program) Stop() error {
	if p.cmd.ProcessState != nil {
		return nil
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	_ = p.cmd.Wait() // its state is of no interest
	return nil
}

// KillDatabase ends the program's PostgreSQL with SIGKILL. The program starts it
// again by itself.
func (p *Program) KillDatabase() error {
	var killed int
	err := filepath.WalkDir(p.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.Name() != "postmaster.pid" {
			return nil //nolint:nilerr // what cannot be read is not it
		}
		raw, err := os.ReadFile(path) // #nosec G304 G122 -- our own folder
		if err != nil {
			return err
		}
		first, _, _ := strings.Cut(string(raw), "\n")
		pid, err := strconv.Atoi(strings.TrimSpace(first))
		if err != nil {
			return err
		}
		pid, err = p.child(pid)
		if err != nil {
			return err
		}
		killed++
		return syscall.Kill(pid, syscall.SIGKILL)
	})
	if err == nil && killed == 0 {
		err = errors.New("no postmaster.pid")
	}
	return err
}

// child checks that a pid, as a server in a namespace of its own wrote it, is one
// of the program's children.
func (p *Program) child(pid int) (int, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 2 || fields[1] != strconv.Itoa(p.cmd.Process.Pid) {
		return 0, fmt.Errorf("process %d is not the program's", pid)
	}
	return pid, nil
}

// DemoFile tells programs of the demonstration.
func (p *Program) DemoFile() string { return filepath.Join(p.Dir, "demo.json") }

// Site reads the demonstration's file.
func (p *Program) Site() (*load.Site, error) { return load.OpenSite(p.DemoFile()) }

// Write keeps what the program says.
func (p *Program) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(b)
}

// PID is the process of a program that runs.
func (p *Program) PID() int { return p.cmd.Process.Pid }

// Log is the end of what the program said since its last start.
func (p *Program) Log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	said := p.log.String()
	return said[max(0, len(said)-4000):]
}

// Check stops nothing: it runs migrate --check on the data folder of a program
// that has ended, and fails when the log does not agree with the tables.
func (p *Program) Check() error {
	out, err := exec.Command(p.Bin, "migrate", "--check", "--data-dir", p.Dir).CombinedOutput() // #nosec G204 -- our own program
	if err == nil && !strings.Contains(string(out), " 0 ops written, 0 heads mended") {
		err = errors.New("the log does not agree with the tables")
	}
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}
