package storagetest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	_ "embed"

	"segnavia/storage/embedded/cluster"
)

// keeper ends the cluster when no test holds it any more.
//
//go:embed keeper.sh
var keeper string

// join starts the checkout's cluster unless it runs, and holds it until
// release. Two files are locked in one folder: "start" by whoever starts or
// ends the cluster, "users", shared, by each test that uses it.
func join(ctx context.Context) (url string, release func(), err error) {
	dir, err := sharedDir()
	if err != nil {
		return "", nil, err
	}
	starter, err := lock(filepath.Join(dir, "start"), syscall.LOCK_EX)
	if err != nil {
		return "", nil, err
	}
	defer func() { err = errors.Join(err, starter.Close()) }()
	user, err := lock(filepath.Join(dir, "users"), syscall.LOCK_SH)
	if err != nil {
		return "", nil, err
	}
	c := cluster.Config{
		Dir: filepath.Join(dir, "data"), Sockets: dir, Volatile: true, Log: slog.New(slog.DiscardHandler),
	}
	if err := ensure(ctx, c); err != nil {
		return "", nil, errors.Join(err, user.Close())
	}
	return c.URL("postgres"), func() { _ = user.Close() }, nil
}

// sharedDir is the checkout's own, so that two checkouts with different
// migrations do not meet.
func sharedDir() (string, error) {
	root, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("working directory: %w", err)
	}
	for at := root; at != "/"; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			root = at
			break
		}
	}
	dir := filepath.Join("/tmp", fmt.Sprintf("segnavia-test-%d-%x", os.Geteuid(), sha256.Sum256([]byte(root)))[:32])
	return dir, cluster.PrivateDir(dir)
}

func lock(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	for {
		err = syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), f.Close())
	}
	return f, nil
}

// ensure is called under the start lock.
func ensure(ctx context.Context, c cluster.Config) error {
	quick, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if _, err := os.Stat(filepath.Join(c.Sockets, ".s.PGSQL.5432")); err == nil && c.Ping(quick) == nil {
		return nil
	}
	// Nobody flushed it to disk: what a crash left is not worth a recovery.
	if err := cluster.Evict(quick, c.Dir); err != nil {
		return err
	}
	if err := os.RemoveAll(c.Dir); err != nil {
		return fmt.Errorf("remove the old cluster: %w", err)
	}
	cl, err := cluster.Prepare(quick, c)
	if err != nil {
		return err
	}
	server := cl.Command()
	server.SysProcAttr.Pdeathsig = 0 // it serves other tests after this one
	if err := detach(server); err != nil {
		return err
	}
	watch := exec.Command("sh", "-c", keeper, "keeper", c.Sockets) // #nosec G204 -- a script of our own
	watch.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := detach(watch); err != nil {
		return err
	}
	if err := c.Await(quick); err != nil {
		return err
	}
	return c.CreateDatabase(quick, "segnavia")
}

// detach starts a child that outlives this program. Its output goes nowhere:
// a pipe would keep `go test` waiting for it.
func detach(cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", filepath.Base(cmd.Path), err)
	}
	if err := cmd.Process.Release(); err != nil {
		return fmt.Errorf("start %s: %w", filepath.Base(cmd.Path), err)
	}
	return nil
}
