package sync

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"segnavia/civic"
)

func parseFrame(raw []byte) (inFrame, error) {
	var f inFrame
	err := json.Unmarshal(raw, &f)
	if err == nil && f.T == "" {
		err = errors.New("no t")
	}
	return f, err
}

// authenticate reads the grant of a token that a device shows.
func (s *Server) authenticate(ctx context.Context, j civic.JurisdictionID, token string, device civic.DeviceID) (civic.Grant, *errorFrame) {
	g, err := s.Grants.Grant(ctx, j, token, s.Now())
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return g, failure(closeAway, "busy")
	case err != nil, !device.IsZero() && g.Device != device:
		return g, failure(closeToken, "token")
	case g.Revoked:
		f := failure(closeToken, "token")
		f.Wipe = true
		return g, f
	}
	return g, nil
}

func (ss *session) hello(ctx context.Context, f inFrame) *errorFrame {
	if f.Proto != Protocol {
		e := failure(closeProtocol, "protocol")
		e.Served = []int{Protocol}
		return e
	}
	g, bad := ss.server.authenticate(ctx, ss.j, f.Token, f.Device)
	if bad != nil {
		return bad
	}
	ss.mu.Lock()
	ss.grant, ss.known = g, true
	ss.mu.Unlock()
	w, cursors, bad := ss.server.welcome(ctx, g, f)
	if bad != nil {
		return bad
	}
	ss.place(w.Scopes)
	ss.send(w)
	ss.dropForbidden(f.Cursors, w.Scopes)
	if len(f.Cursors) > 0 && len(w.Scopes) == 0 && w.Expires > 0 {
		return failure(closeForbidden, "forbidden")
	}
	return ss.follow(ctx, w.Scopes, cursors)
}

// welcome greets a device and tells how each of its scopes goes on. A token past
// its end is welcomed with no scopes: it may push.
func (s *Server) welcome(ctx context.Context, g civic.Grant, f inFrame) (welcomeFrame, map[civic.Scope]int64, *errorFrame) {
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
		}
		frames = append(frames, frame)
	}
	return frames, cursors, nil
}

// place notes the scopes of a welcome or a subbed before it is sent, so that
// nothing of them is written before it.
func (ss *session) place(frames []scopeFrame) {
	for _, f := range frames {
		ss.unsubscribe(f.Scope)
	}
	ss.mu.Lock()
	defer ss.mu.Unlock()
	for _, f := range frames {
		ss.scopes[f.Scope] = &subscription{poked: true}
	}
}

func (ss *session) dropForbidden(wanted map[string]*int64, got []scopeFrame) {
	have := make(map[string]bool, len(got))
	for _, f := range got {
		have[string(f.Scope)] = true
	}
	for text := range wanted {
		if !have[text] {
			ss.send(dropFrame{"drop", civic.Scope(text), "forbidden"})
		}
	}
}

// follow catches up each scope in mode tail and attaches it to its stream.
func (ss *session) follow(ctx context.Context, frames []scopeFrame, cursors map[civic.Scope]int64) *errorFrame {
	for _, f := range frames {
		if f.Mode == "tail" {
			if err := ss.tail(ctx, f.Scope, cursors[f.Scope], f.Head); err != nil {
				return failure(closeAway, "busy")
			}
		}
	}
	return nil
}

// tail writes what is after a cursor, then joins the stream where it stands. A
// scope that turns out to be far behind is poked instead.
func (ss *session) tail(ctx context.Context, scope civic.Scope, pos, head int64) error {
	ss.mu.Lock()
	sub := ss.scopes[scope]
	if sub == nil {
		ss.mu.Unlock()
		return nil
	}
	sub.poked = false
	key := streamKey{ss.j, scope, reporters(&ss.grant, scope)}
	ss.mu.Unlock()
	for ops := 0; ; {
		if pos >= head {
			st, ok := ss.server.hub.attach(key, ss, pos)
			if ok {
				return ss.attached(ctx, key, st, sub)
			}
		}
		d, now, err := pull(ctx, ss.server.Log, key, pos, pullOps)
		if err != nil {
			if civic.CodeOf(err) == "reset" {
				ss.poke(scope, head)
				return nil
			}
			return err
		}
		if d.To > pos {
			raw := encode(delta(d))
			ss.mu.Lock()
			ss.queue(item{scope: scope, to: d.To, raw: raw, size: len(raw)})
			poked := sub.poked
			ss.mu.Unlock()
			if poked {
				return nil
			}
		}
		pos, head = d.To, now
		if ops += len(d.Ops); ops > pullOps && pos < head {
			ss.poke(scope, head)
			return nil
		}
	}
}

// attached notes the stream of a subscription, unless the session or the
// subscription has ended meanwhile, and wakes the stream for what was committed
// between the last reading and the attaching.
func (ss *session) attached(ctx context.Context, k streamKey, st *stream, sub *subscription) error {
	ss.mu.Lock()
	gone := ss.closed || ss.scopes[k.scope] != sub
	if !gone {
		sub.stream = st
	}
	ss.mu.Unlock()
	if gone {
		st.detach(ss)
		return nil
	}
	heads, err := ss.server.Log.Heads(ctx, k.j, []civic.Scope{k.scope})
	if err != nil {
		return err
	}
	st.wake(heads[k.scope].V)
	return nil
}

// reporters tells whether a scope is written with the people to ring.
func reporters(g *civic.Grant, scope civic.Scope) bool {
	switch scope.Kind() {
	case civic.ScopeDesk:
		return true
	case civic.ScopeTeam, civic.ScopeOwn:
		return g.Reporters
	default:
		return false
	}
}

func (ss *session) sub(ctx context.Context, f inFrame) *errorFrame {
	var wanted map[string]*int64
	if json.Unmarshal(f.Scopes, &wanted) != nil {
		return failure(closeBad, "bad_frame")
	}
	ss.mu.Lock()
	g, have := ss.grant, len(ss.scopes)
	ss.mu.Unlock()
	if have+len(wanted) > 2*maxScopes {
		return failure(closeBad, "too_many_scopes")
	}
	frames, cursors := []scopeFrame{}, map[civic.Scope]int64(nil)
	if secondsLeft(g, ss.server.Now()) > 0 {
		var bad *errorFrame
		// A sub follows a welcome of this epoch: its cursors are of it.
		if frames, cursors, bad = ss.server.modes(ctx, g, wanted, true); bad != nil {
			return bad
		}
	}
	ss.place(frames)
	ss.send(subbedFrame{"subbed", frames})
	ss.dropForbidden(wanted, frames)
	return ss.follow(ctx, frames, cursors)
}

func (ss *session) unsub(f inFrame) *errorFrame {
	var scopes []civic.Scope
	if json.Unmarshal(f.Scopes, &scopes) != nil {
		return failure(closeBad, "bad_frame")
	}
	for _, s := range scopes {
		ss.unsubscribe(s)
	}
	return nil
}

// auth takes over a fresh token. Scopes whose deltas stopped with the old one
// are poked: the client pulls and subscribes again.
func (ss *session) auth(ctx context.Context, f inFrame) *errorFrame {
	ss.mu.Lock()
	device := ss.grant.Device
	ss.mu.Unlock()
	g, bad := ss.server.authenticate(ctx, ss.j, f.Token, device)
	if bad != nil {
		return bad
	}
	ss.mu.Lock()
	ss.grant = g
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
