package server

import "sync/atomic"

// Counts are figures for the metrics page: what is open, and the alarms.
type Counts struct {
	Connections, Bodies, Sockets, Streams int
	// PINsClosed counts tries at PINs that were not looked at since a code or the
	// town had too many; PasswordsDelayed those at passwords that came too soon.
	PINsClosed, PasswordsDelayed int64
	// BytesRefused counts pictures of strangers for which there was no room.
	BytesRefused int64
}

type alarms struct {
	pinsClosed, passwordsDelayed, bytesRefused atomic.Int64
}

// Counts tells how this node is.
func (s *Server) Counts() (c Counts) {
	c.Connections, _ = s.conns.size()
	c.Bodies, _ = s.bodies.size()
	c.Sockets, _ = s.sockets.size()
	c.Streams, _ = s.streams.size()
	c.PINsClosed, c.PasswordsDelayed = s.alarms.pinsClosed.Load(), s.alarms.passwordsDelayed.Load()
	c.BytesRefused = s.alarms.bytesRefused.Load()
	return c
}
