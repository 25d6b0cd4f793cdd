package sync

import "time"

// HelloWithin shortens how long a socket may say nothing.
func (s *Server) HelloWithin(d time.Duration) { s.helloIn = d }
