package sync

import (
	"sync"
	"time"
)

// shutdown tells every client to go elsewhere, all at once, and waits a while
// for what is under way. An edit that is cut off is sent again by its client.
func (s *Server) shutdown() {
	s.mu.Lock()
	s.closing = true
	s.mu.Unlock()
	close(s.away)
	list := s.list()
	var told sync.WaitGroup
	for _, ss := range list {
		told.Go(func() { ss.fail(failure(closeAway, "going_away")) })
	}
	await(&told, farewell)
	for _, ss := range list {
		ss.end(0) // one that hangs in a write is cut off
	}
	if await(&s.work, workGrace) {
		return
	}
	for _, ss := range list {
		ss.stop()
	}
	if !await(&s.work, lastGrace) {
		s.Logger.Warn("work left behind")
	}
}

// await waits for a group, at most for a while; false when that was not enough.
func await(group *sync.WaitGroup, most time.Duration) bool {
	done := make(chan struct{})
	go func() {
		group.Wait()
		close(done)
	}()
	t := time.NewTimer(most)
	defer t.Stop()
	select {
	case <-done:
		return true
	case <-t.C:
		return false
	}
}
