package photo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Limits of a child. The largest photos need 1 GB of address space (an AVIF of 64
// megapixels, ten bits and all colours) or 10 s (a HEIC of 64).
var limits = []string{"--cpu=20:25", "--fsize=67108864", "--nofile=64", "--core=0"}

// space is the address space of a child, in bytes.
const space = 1 << 30

// plainJPEG is how a rendition is written: small, and bare of all but pixels.
const plainJPEG = "[Q=82,optimize_coding,strip,background=255]"

// shrink makes a rendition of a file that the sniffing let through.
func (p *Processor) shrink(ctx context.Context, dir, from, to string, size int) error {
	// vipsthumbnail is this operation under another name, but cannot be told
	// to refuse what is cut short.
	return p.child(ctx, dir, "thumbnail", from, to+plainJPEG,
		strconv.Itoa(size), "--height", strconv.Itoa(size), "--size", "down", "--fail-on", "truncated",
		"--export-profile", "srgb") // phones write wider spaces; the profile goes with the metadata
}

// child runs an operation of libvips in dir.
func (p *Processor) child(ctx context.Context, dir string, operation ...string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, p.wall, errWall)
	defer cancel()
	// Behind everybody else: people wait for the server, a rendition can.
	args := []string{"-n", "10"}
	core := <-p.cores // as many as children at once: there is one
	defer func() { p.cores <- core }()
	if core != "" {
		args = append(args, "taskset", "-c", core)
	}
	args = append(append(args, "prlimit", "--as="+strconv.FormatInt(p.space, 10)), limits...)
	args = append(append(args, "vips"), operation...)
	cmd := exec.CommandContext(ctx, "nice", args...)
	cmd.Dir = dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir, "LC_ALL=C",
		"VIPS_BLOCK_UNTRUSTED=1", "VIPS_WARNING=0", "VIPS_CONCURRENCY=1", "MALLOC_ARENA_MAX=2",
	}
	cmd.WaitDelay = time.Second
	var said bytes.Buffer
	cmd.Stderr = &limited{buf: &said, left: 4096}
	// The child dies with this thread, so the goroutine keeps it until then.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	return outcome(ctx, cmd.Run(), said.String())
}

var errWall = errors.New("wall limit")

// outcome turns the child's end into an error for the sender or for us.
func outcome(ctx context.Context, err error, said string) error {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.Is(context.Cause(ctx), errWall):
		return &Error{Code: CodeTimeout, Err: errWall}
	case ctx.Err() != nil:
		return fmt.Errorf("render photo: %w", context.Cause(ctx))
	case !errors.As(err, &exit):
		return &Error{Code: CodeUnavailable, Err: err}
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		switch status.Signal() {
		case syscall.SIGXCPU:
			return &Error{Code: CodeTimeout, Err: err}
		case syscall.SIGKILL: // not by us: the machine is out of memory
			return &Error{Code: CodeUnavailable, Err: err}
		}
	}
	const notFound = 127 // what nice, taskset and prlimit exit with when there is no vips
	if exit.ExitCode() == notFound {
		return &Error{Code: CodeUnavailable, Err: errors.New("vips is not installed: run apt-get install libvips-tools")}
	}
	err = fmt.Errorf("%w: %s", err, strings.TrimSpace(said))
	if strings.Contains(strings.ToLower(said), "memory") { // nothing is wrong with the file
		return &Error{Code: CodeTooHeavy, Err: err}
	}
	return broken(err)
}

// limited keeps the beginning of what a child says and drops the rest.
type limited struct {
	buf  *bytes.Buffer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	n := min(len(p), l.left)
	l.buf.Write(p[:n])
	l.left -= n
	return len(p), nil
}
