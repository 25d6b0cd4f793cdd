package sync

import (
	"context"
	"encoding/json"

	"segnavia/civic"
)

// retryAfter is what a client waits before it sends an undecided edit again.
const retryAfter = 1.0

func (ss *session) push(ctx context.Context, f pushFrame) *errorFrame {
	ss.mu.Lock()
	g := ss.grant
	ss.mu.Unlock()
	if ss.server.Now().After(g.Expires.Add(pushGrace)) {
		return failure(closeToken, "token") // as a new socket would be told
	}
	answer, bad := ss.server.pushAll(ctx, g, f)
	if bad != nil {
		if bad.close != 0 {
			return bad
		}
		ss.send(bad)
		return nil
	}
	ss.send(answer)
	return nil
}

// pushAll decides the edits of a push in order, each in its own transaction. A
// gap in the numbers, answered before anything is applied, has no close code:
// the socket stays open.
func (s *Server) pushAll(ctx context.Context, g civic.Grant, f pushFrame) (ackFrame, *errorFrame) {
	if len(f.Edits) > pushEdits {
		return ackFrame{}, failure(closeTooLarge, "too_large")
	}
	edits := make([]civic.Edit, len(f.Edits))
	ids := make([]civic.EditID, 0, len(edits))
	for i, raw := range f.Edits {
		edits[i] = s.read(raw, g)
		if !edits[i].ID.IsZero() {
			ids = append(ids, edits[i].ID)
		}
	}
	lastN, stored, err := s.Edits.Pushed(ctx, g.Jurisdiction, g.Device, ids)
	if err != nil {
		return ackFrame{}, failure(closeAway, "busy")
	}
	if gap(f.N0, lastN, edits, stored) {
		e := failure(0, "gap")
		e.LastN = &lastN
		return ackFrame{}, e
	}
	ack := ackFrame{T: "ack", Results: make([]civic.Answer, 0, len(edits))}
	waiting := make(map[civic.ReportID]bool)
	for i, e := range edits {
		n := f.N0 + int64(i)
		a := s.decide(ctx, g, e, n, waiting)
		ack.Results = append(ack.Results, a)
	}
	if ack.N, _, err = s.Edits.Pushed(ctx, g.Jurisdiction, g.Device, nil); err != nil {
		return ackFrame{}, failure(closeAway, "busy")
	}
	return ack, nil
}

// read makes an edit of what a client wrote. One that cannot be read keeps its
// id, if it has one, and is refused under its number.
func (s *Server) read(raw json.RawMessage, g civic.Grant) civic.Edit {
	e, err := civic.ParseEdit(raw)
	if err != nil {
		e.Bad = civic.Refuse(civic.CodeBadEdit)
		e.Kind, e.Report, e.Args = "bad", civic.ReportID(e.ID), nil
	}
	// An edit of another age of the database cannot have seen this one's revs.
	if e.Epoch != "" && e.Epoch != s.Log.Epoch() {
		e.BaseRev = 0
	}
	e.Actor = g.Actor
	return e
}

// gap tells whether a push's numbers do not follow on from those answered.
func gap(n0, lastN int64, edits []civic.Edit, stored map[civic.EditID]bool) bool {
	if len(edits) == 0 {
		return false
	}
	if n0 < 1 || n0 > lastN+1 {
		return true
	}
	for i, e := range edits {
		if n0+int64(i) <= lastN && nameable(e) && !stored[e.ID] {
			return true
		}
	}
	return false
}

// nameable reports whether a refusal may be kept under an edit's id: not without one,
// and not under one that the server may yet need.
func nameable(e civic.Edit) bool { return !e.ID.IsZero() && !e.ID.Reserved() }

// decide answers one edit. After an edit that could not be decided now, later
// ones of the same report wait too: they may build on it.
func (s *Server) decide(ctx context.Context, g civic.Grant, e civic.Edit, n int64, waiting map[civic.ReportID]bool) civic.Answer {
	if !nameable(e) {
		if s.Edits.Skip(ctx, g.Jurisdiction, g.Device, n) != nil {
			return again(e, n)
		}
		return civic.Answer{ID: e.ID, N: n, Versions: map[civic.Scope]int64{}, Result: civic.Result{
			Status: civic.Refused, Code: civic.CodeBadEdit,
		}}
	}
	if waiting[e.Report] {
		return again(e, n)
	}
	a, err := s.Edits.Apply(ctx, g.Jurisdiction, e, n)
	if err != nil {
		s.Logger.WarnContext(ctx, "edit not decided", "edit", e.ID.String(), "err", err)
		waiting[e.Report] = true
		return again(e, n)
	}
	visible := make(map[civic.Scope]int64, len(a.Versions))
	for scope, v := range a.Versions {
		if g.MayRead(scope) {
			visible[scope] = v
		}
	}
	a.Versions = visible
	return a
}

func again(e civic.Edit, n int64) civic.Answer {
	return civic.Answer{
		ID: e.ID, N: n, Result: civic.Result{Status: civic.Retry},
		Versions: map[civic.Scope]int64{}, RetryAfter: retryAfter,
	}
}
