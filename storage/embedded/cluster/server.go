package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// startLimit bounds the wait for a first answer; replaying 2 GB of
// write-ahead log after a power cut takes most of it.
const startLimit = 2 * time.Minute

// restartDelay keeps a server that cannot start from turning in a tight loop.
const restartDelay = 200 * time.Millisecond

// Server is a running cluster. It restarts the postmaster should that die, and
// dies with the program however the program ends.
type Server struct {
	cluster *Cluster
	stop    chan struct{} // closed by Close
	once    sync.Once
	done    chan struct{} // closed when the last postmaster is gone
	exits   chan error    // the end of a postmaster that nobody asked for

	mu      sync.Mutex
	process *os.Process
}

// Start runs the server and returns once it answers.
func (c *Cluster) Start(ctx context.Context) (*Server, error) {
	s := &Server{cluster: c, stop: make(chan struct{}), done: make(chan struct{}), exits: make(chan error, 1)}
	go s.run(context.WithoutCancel(ctx))
	wait, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	ready := make(chan error, 1)
	go func() { ready <- c.Await(wait) }()
	var err error
	select {
	case err = <-ready:
	case err = <-s.exits:
		cancel()
		<-ready
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start postgres: %w", err), s.Close(context.WithoutCancel(ctx)))
	}
	return s, nil
}

// Close asks for a fast shutdown and waits for it; when ctx ends first the
// server is cut off, which the next start repairs from the write-ahead log.
func (s *Server) Close(ctx context.Context) error {
	s.once.Do(func() { close(s.stop) })
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGKILL} {
		s.signal(sig)
		select {
		case <-s.done:
			return nil
		case <-ctx.Done():
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
		}
	}
	<-s.done
	return nil
}

func (s *Server) signal(sig syscall.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process != nil {
		_ = s.process.Signal(sig)
	}
}

// run owns the postmaster. The kernel ends a child when the thread that
// started it ends, so this goroutine keeps its thread to the last.
func (s *Server) run(ctx context.Context) {
	runtime.LockOSThread()
	defer close(s.done)
	for {
		err := s.serveOnce()
		select {
		case <-s.stop:
			return
		default:
		}
		select {
		case s.exits <- err:
		default:
		}
		s.cluster.Log.Warn("postgres ended, starting it again", "error", err)
		select {
		case <-s.stop:
			return
		case <-time.After(restartDelay):
		}
		if err := Evict(ctx, s.cluster.Dir); err != nil {
			s.cluster.Log.Error("end what postgres left", "error", err)
		}
	}
}

// serveOnce runs one postmaster to its end.
func (s *Server) serveOnce() error {
	cmd := s.cluster.Command()
	out := &messages{log: s.cluster.Log}
	cmd.Stderr = out
	cmd.WaitDelay = 10 * time.Second
	if err := s.begin(cmd); err != nil {
		return err
	}
	_ = cmd.Wait() // the state says it all
	s.mu.Lock()
	s.process = nil
	s.mu.Unlock()
	return fmt.Errorf("postgres exited (%s): %s", cmd.ProcessState, out.tail())
}

// begin starts the child unless Close came first: both sides hold mu, so that
// no child escapes its signal.
func (s *Server) begin(cmd *exec.Cmd) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.stop:
		return errors.New("closed")
	default:
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start postgres: %w", err)
	}
	s.process = cmd.Process
	return nil
}
