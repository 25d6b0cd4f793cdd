package sync

// Newcomer hears of a socket until its device has said who it is. Sockets that have
// not are anybody's, and their number is for the caller to bound.
type Newcomer interface {
	// Waits says that the socket is open; end closes it and may be called at any time.
	Waits(end func())
	// Known says that a hello was accepted; nothing more is told after it.
	Known()
	// Gone says that the socket ended without one.
	Gone()
}

// meet tells the newcomer's watcher, once, how the hello ended.
func (ss *session) meet(known bool) {
	ss.mu.Lock()
	n := ss.newcomer
	ss.newcomer = nil
	ss.mu.Unlock()
	switch {
	case n == nil:
	case known:
		n.Known()
	default:
		n.Gone()
	}
}
