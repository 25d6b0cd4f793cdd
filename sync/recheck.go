package sync

import (
	"context"
	"maps"
	"slices"

	"segnavia/civic"
)

// recheck reads again the rights of every open session: compared by a clock, a
// change in a long transaction, or from another machine, would be missed.
func (s *Server) recheck(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, drainTimeout)
	defer cancel()
	byTown := make(map[civic.JurisdictionID]map[civic.DeviceID][]*session)
	for _, ss := range s.list() {
		j, d, ok := ss.identity()
		if !ok {
			continue
		}
		if byTown[j] == nil {
			byTown[j] = make(map[civic.DeviceID][]*session)
		}
		byTown[j][d] = append(byTown[j][d], ss)
	}
	for j, sessions := range byTown {
		for devices := range slices.Chunk(slices.Collect(maps.Keys(sessions)), grantsAtOnce) {
			grants, err := s.Grants.GrantsOf(ctx, j, devices)
			if err != nil {
				s.Logger.WarnContext(ctx, "rights not checked", "err", err)
				break
			}
			for _, d := range devices {
				for _, ss := range sessions[d] {
					if g, ok := grants[d]; ok {
						ss.regrant(g)
					} else {
						s.failLater(ss, failure(closeToken, "token"))
					}
				}
			}
		}
	}
}

// failLater ends a session without waiting for a socket that does not take it.
func (s *Server) failLater(ss *session, f *errorFrame) {
	s.work.Go(func() { ss.fail(f) })
}
