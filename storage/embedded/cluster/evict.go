package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// Evict ends the server that a killed program left in a data directory, and
// removes a postmaster.pid whose number another program has now. The caller
// holds the lock of the directory, so nobody starts a server meanwhile.
func Evict(ctx context.Context, dir string) error {
	// Each step is harder than the one before: fast shutdown, immediate
	// shutdown, kill. A fast shutdown writes a checkpoint, hence its time.
	steps := []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{syscall.SIGINT, 60 * time.Second}, {syscall.SIGQUIT, 10 * time.Second}, {syscall.SIGKILL, 10 * time.Second}}
	for _, step := range steps {
		gone, err := endAll(ctx, dir, step.signal, step.wait)
		if err != nil {
			return err
		}
		if gone {
			return removeStalePID(dir)
		}
	}
	return fmt.Errorf("processes %v still use %s", users(dir), dir)
}

func endAll(ctx context.Context, dir string, sig syscall.Signal, wait time.Duration) (bool, error) {
	deadline := time.Now().Add(wait)
	for first := true; ; first = false {
		pids := users(dir)
		if len(pids) == 0 {
			return true, nil
		}
		if time.Now().After(deadline) {
			return false, nil
		}
		master := masterPID(dir)
		for _, pid := range pids {
			// The fast shutdown is the postmaster's to lead; orphans of a
			// killed postmaster notice its death by themselves.
			if first && (sig != syscall.SIGINT || pid == master) {
				_ = syscall.Kill(pid, sig)
			}
		}
		select {
		case <-ctx.Done():
			return false, fmt.Errorf("wait for the old server: %w", context.Cause(ctx))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// users lists the processes whose working directory is dir: each process of a
// PostgreSQL server has it there.
func users(dir string) []int {
	want, err := os.Stat(dir)
	if err != nil {
		return nil
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		got, err := os.Stat(filepath.Join("/proc", e.Name(), "cwd"))
		if err == nil && os.SameFile(want, got) && isPostgres(pid) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// isPostgres keeps a shell that somebody left in the folder alive.
func isPostgres(pid int) bool {
	comm, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	name := string(bytes.TrimSpace(comm))
	return err == nil && (name == "postgres" || name == "initdb")
}

// masterPID is the number in postmaster.pid, 0 where there is none.
func masterPID(dir string) int {
	b, err := os.ReadFile(filepath.Join(dir, "postmaster.pid"))
	if err != nil {
		return 0
	}
	line, _, _ := bytes.Cut(b, []byte("\n"))
	pid, err := strconv.Atoi(string(bytes.TrimSpace(line)))
	if err != nil {
		return 0
	}
	return pid
}

// removeStalePID exists because postgres itself refuses to start when the
// number in the file belongs to any living process.
func removeStalePID(dir string) error {
	err := os.Remove(filepath.Join(dir, "postmaster.pid"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove stale postmaster.pid: %w", err)
	}
	return nil
}
