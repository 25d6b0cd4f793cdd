package sync

import (
	"context"

	"segnavia/civic"
)

// place notes the scopes of a welcome or a subbed before it is sent, so that
// nothing of them is written before it.
func (ss *session) place(frames []scopeFrame) {
	for _, f := range frames {
		ss.unsubscribe(f.Scope)
	}
	ss.mu.Lock()
	defer ss.mu.Unlock()
	for _, f := range frames {
		ss.scopes[f.Scope] = &subscription{scope: f.Scope, who: whoIn(&ss.grant, f.Scope), poked: true}
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
	key := streamKey{ss.j, scope, sub.who}
	ss.mu.Unlock()
	for ops := 0; ; {
		if pos >= head {
			st, ok := ss.server.hub.attach(key, ss, sub, pos)
			if ok {
				return ss.attached(ctx, key, st, sub)
			}
		}
		d, now, err := pull(ctx, ss.server.Log, key, pos, pullOps)
		if err != nil {
			if civic.CodeOf(err) == "reset" {
				ss.poke(sub, head)
				return nil
			}
			return err
		}
		if d.To > pos {
			raw := encode(delta(d))
			if !ss.deliver(sub, d, item{raw: raw, size: len(raw)}) {
				return nil
			}
		}
		pos, head = d.To, now
		if ops += len(d.Ops); ops > pullOps && pos < head {
			ss.poke(sub, head)
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
		st.detach(sub)
		return nil
	}
	heads, err := ss.server.Log.Heads(ctx, k.j, []civic.Scope{k.scope})
	if err != nil {
		return err
	}
	st.wake(heads[k.scope].V)
	return nil
}

// whoIn tells how much of the people behind its reports a scope is written with.
func whoIn(g *civic.Grant, scope civic.Scope) civic.Who {
	switch kind := scope.Kind(); {
	case kind == civic.ScopeDesk:
		return civic.WhoToAnswer
	case (kind == civic.ScopeTeam || kind == civic.ScopeOwn) && g.Reporters:
		return civic.WhoToRing
	default:
		return civic.WhoNobody
	}
}
