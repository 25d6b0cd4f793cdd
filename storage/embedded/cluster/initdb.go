package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// initialise runs initdb beside the data directory and renames the result, so
// that a killed program never leaves half a cluster.
func (c *Cluster) initialise(ctx context.Context) error {
	_, err := os.Stat(filepath.Join(c.Dir, "PG_VERSION"))
	if err == nil {
		if err := c.account.own(c.Dir); err != nil {
			return fmt.Errorf("owner of %s: %w", c.Dir, err)
		}
		return nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("data directory: %w", err)
	}
	if entries, err := os.ReadDir(c.Dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("data directory %s holds files but no PostgreSQL cluster", c.Dir)
	}
	fresh := c.Dir + ".new"
	if err := Evict(ctx, fresh); err != nil {
		return err
	}
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("remove half a cluster: %w", err)
	}
	if err := os.Mkdir(fresh, 0o700); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	if err := c.account.own(fresh); err != nil {
		return fmt.Errorf("owner of %s: %w", fresh, err)
	}
	if err := c.initdb(ctx, fresh); err != nil {
		return err
	}
	// An empty folder at the target gives way to the rename.
	if err := os.Rename(fresh, c.Dir); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	return syncDir(filepath.Dir(c.Dir))
}

func (c *Cluster) initdb(ctx context.Context, dir string) error {
	args := []string{
		"--pgdata=" + dir, "--username=" + Superuser, "--encoding=UTF8", "--locale=C.UTF-8",
		"--auth-local=trust", "--auth-host=reject", "--data-checksums",
	}
	if c.Volatile {
		args = append(args, "--no-sync")
	}
	// The child dies with this thread, so the goroutine keeps it until then.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd := exec.CommandContext(ctx, filepath.Join(c.Binaries.Dir, "initdb"), args...)
	cmd.Dir = dir
	cmd.Env = environment()
	cmd.SysProcAttr = c.account.attributes()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, bytes.TrimSpace(out.Bytes()))
	}
	return nil
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	defer func() { _ = f.Close() }()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}
