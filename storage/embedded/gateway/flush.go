package gateway

import (
	"fmt"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// flusher makes writes durable with syncfs(2). Writers that arrive while one
// runs share the next: it begins after all of them have written.
type flusher struct {
	dir *os.File

	mu   sync.Mutex
	next *batch     // gathers writers until its syncfs begins
	turn sync.Mutex // one syncfs at a time
}

type batch struct {
	once sync.Once
	err  error
}

func newFlusher(dir string) (*flusher, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("open the objects: %w", err)
	}
	return &flusher{dir: f, next: &batch{}}, nil
}

// sync returns once everything written before the call is on the disk.
func (f *flusher) sync() error {
	f.mu.Lock()
	mine := f.next
	f.mu.Unlock()
	mine.once.Do(func() {
		f.turn.Lock()
		defer f.turn.Unlock()
		f.mu.Lock()
		f.next = &batch{} // from here on writers may come too late for mine
		f.mu.Unlock()
		mine.err = f.syncfs()
	})
	return mine.err
}

func (f *flusher) syncfs() error {
	raw, err := f.dir.SyscallConn()
	if err != nil {
		return fmt.Errorf("flush the objects: %w", err)
	}
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = unix.Syncfs(int(fd)) }); err != nil {
		return fmt.Errorf("flush the objects: %w", err)
	}
	if failed != nil {
		return fmt.Errorf("flush the objects: %w", failed)
	}
	return nil
}

func (f *flusher) close() { _ = f.dir.Close() }
