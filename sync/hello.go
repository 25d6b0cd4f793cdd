package sync

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"segnavia/civic"
)

// authenticate reads the grant of a token that a device shows.
func (s *Server) authenticate(ctx context.Context, j civic.JurisdictionID, token string, device civic.DeviceID) (civic.Grant, *errorFrame) {
	g, err := s.Grants.Grant(ctx, j, token, s.Now())
	switch {
	case errors.Is(err, civic.ErrBadToken):
		return g, failure(closeToken, "token")
	case err != nil:
		// A client told that its token is bad would ask for the password.
		s.Logger.WarnContext(ctx, "grant not read", "err", err)
		return g, failure(closeAway, "busy")
	case !device.IsZero() && g.Device != device:
		return g, failure(closeToken, "token")
	case g.Revoked:
		return g, ended(&g)
	}
	return g, nil
}

// ended tells a device how it has ended: whether to wipe what it holds.
func ended(g *civic.Grant) *errorFrame {
	f := failure(closeToken, civic.CodeOf(g.Refusal()))
	f.Wipe = !g.SignedOut
	return f
}

func (ss *session) hello(ctx context.Context, raw []byte) *errorFrame {
	var version struct {
		Proto int `json:"proto"`
	}
	if json.Unmarshal(raw, &version) == nil && version.Proto != Protocol {
		return unserved()
	}
	return decoded(ctx, raw, ss.greet)
}

// greet answers a hello; another one on the same socket starts anew.
func (ss *session) greet(ctx context.Context, f helloFrame) *errorFrame {
	g, bad := ss.server.authenticate(ctx, ss.j, f.Token, f.Device)
	if bad != nil {
		return bad
	}
	ss.unsubscribeAll()
	ss.mu.Lock()
	ss.grant, ss.known = g, true
	ss.mu.Unlock()
	ss.meet(true)
	w, cursors, bad := ss.server.welcome(ctx, g, f)
	if bad != nil {
		return bad
	}
	ss.place(w.Scopes)
	ss.send(w)
	if w.Expires == 0 {
		return nil // nothing is said of the scopes: a drop would delete what it holds
	}
	ss.dropForbidden(f.Cursors, w.Scopes)
	if len(f.Cursors) > 0 && len(w.Scopes) == 0 {
		return failure(closeForbidden, "forbidden")
	}
	return ss.follow(ctx, w.Scopes, cursors)
}

// welcome greets a device and tells how each of its scopes goes on. A token past
// its end is welcomed with no scopes: it may push.
func (s *Server) welcome(ctx context.Context, g civic.Grant, f helloFrame) (welcomeFrame, map[civic.Scope]int64, *errorFrame) {
	w := welcomeFrame{
		T: "welcome", Proto: Protocol, Epoch: s.Log.Epoch(), Time: s.Now().UTC(), LastN: g.LastN,
		Offer: g.Offer(), Scopes: []scopeFrame{}, Expires: secondsLeft(g, s.Now()),
		Limits: limitsFrame{pushEdits, pushBytes, civic.MaxEditBytes, pullOps},
	}
	if w.Expires == 0 {
		w.Offer = []civic.Scope{}
		return w, nil, nil
	}
	sameEpoch := f.Epoch != nil && *f.Epoch == w.Epoch
	scopes, cursors, bad := s.modes(ctx, g, f.Cursors, sameEpoch)
	w.Scopes = scopes
	return w, cursors, bad
}

// modes decides for each scope that may be read whether its deltas follow.
func (s *Server) modes(ctx context.Context, g civic.Grant, wanted map[string]*int64, sameEpoch bool) ([]scopeFrame, map[civic.Scope]int64, *errorFrame) {
	if len(wanted) > maxScopes {
		return nil, nil, failure(closeBad, "too_many_scopes")
	}
	var list []civic.Scope
	for text := range wanted {
		if scope, err := civic.ParseScope(text); err == nil && g.MayRead(scope) {
			list = append(list, scope)
		}
	}
	slices.Sort(list)
	heads, err := s.Log.Heads(ctx, g.Jurisdiction, list)
	if err != nil {
		return nil, nil, failure(closeAway, "busy")
	}
	frames := make([]scopeFrame, 0, len(list))
	cursors := make(map[civic.Scope]int64, len(list))
	unsure := make(map[civic.Scope]int64)
	for _, scope := range list {
		h, ok := heads[scope]
		if !ok {
			continue
		}
		cursor := wanted[string(scope)]
		frame := scopeFrame{scope, h.V, h.Min, "tail"}
		switch {
		case cursor == nil, !sameEpoch, *cursor < h.Min, *cursor > h.V:
			frame.Mode = "reset"
		case h.V-*cursor > pullOps:
			frame.Mode = "pull"
		default:
			cursors[scope] = *cursor
			if (h.V-*cursor)*versionOps > pullOps {
				unsure[scope] = *cursor
			}
		}
		frames = append(frames, frame)
	}
	if err := s.pullFar(ctx, g.Jurisdiction, frames, unsure); err != nil {
		return nil, nil, failure(closeAway, "busy")
	}
	return frames, cursors, nil
}

// pullFar turns into pull the scopes with few versions but many ops to come.
func (s *Server) pullFar(ctx context.Context, j civic.JurisdictionID, frames []scopeFrame, unsure map[civic.Scope]int64) error {
	if len(unsure) == 0 {
		return nil
	}
	behind, err := s.Log.Behind(ctx, j, unsure, pullOps+1)
	if err != nil {
		return err
	}
	for i := range frames {
		if behind[frames[i].Scope] > pullOps {
			frames[i].Mode = "pull"
		}
	}
	return nil
}

func (ss *session) sub(ctx context.Context, f subFrame) *errorFrame {
	ss.mu.Lock()
	g, have := ss.grant, len(ss.scopes)
	ss.mu.Unlock()
	if have+len(f.Scopes) > 2*maxScopes {
		return failure(closeBad, "too_many_scopes")
	}
	if secondsLeft(g, ss.server.Now()) == 0 {
		// Nothing is said of the scopes: a drop would delete what it holds.
		ss.send(subbedFrame{"subbed", []scopeFrame{}})
		return nil
	}
	// A sub follows a welcome of this epoch: its cursors are of it.
	frames, cursors, bad := ss.server.modes(ctx, g, f.Scopes, true)
	if bad != nil {
		return bad
	}
	ss.place(frames)
	ss.send(subbedFrame{"subbed", frames})
	ss.dropForbidden(f.Scopes, frames)
	return ss.follow(ctx, frames, cursors)
}

func (ss *session) unsub(_ context.Context, f unsubFrame) *errorFrame {
	for _, s := range f.Scopes {
		ss.unsubscribe(s)
	}
	return nil
}

// auth takes over a fresh token. Scopes whose deltas stopped with the old one
// are poked: the client pulls and subscribes again.
func (ss *session) auth(ctx context.Context, f authFrame) *errorFrame {
	ss.mu.Lock()
	device := ss.grant.Device
	ss.mu.Unlock()
	g, bad := ss.server.authenticate(ctx, ss.j, f.Token, device)
	if bad != nil {
		return bad
	}
	ss.retake(g)
	ss.mu.Lock()
	var stopped []civic.Scope
	for scope, sub := range ss.scopes {
		if sub.poked {
			stopped = append(stopped, scope)
		}
	}
	ss.mu.Unlock()
	ss.send(hbFrame{"hb", secondsLeft(g, ss.server.Now())})
	heads, err := ss.server.Log.Heads(ctx, ss.j, stopped)
	if err != nil {
		return nil // the head poll of the client's next sub tells the same
	}
	for scope, h := range heads {
		ss.send(pokeFrame{"poke", scope, h.V})
	}
	return nil
}
