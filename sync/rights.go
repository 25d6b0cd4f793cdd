package sync

import (
	"segnavia/civic"
)

// regrant takes over rights that were read again, whatever the token.
func (ss *session) regrant(g civic.Grant) {
	if g.Revoked {
		ss.server.failLater(ss, ended(&g))
		return
	}
	ss.retake(g)
}

// retake takes over rights of the same device and lets go of the scopes that it
// may not read any more, or reads otherwise: a client fetches those anew. A grant
// without Expires leaves the token's end as it was.
func (ss *session) retake(g civic.Grant) {
	ss.mu.Lock()
	if g.Device != ss.grant.Device {
		ss.mu.Unlock()
		return // another hello came first
	}
	if g.Expires.IsZero() {
		g.Expires = ss.grant.Expires
	}
	ss.grant = g
	var gone []civic.Scope
	for scope, sub := range ss.scopes {
		if !g.MayRead(scope) || sub.who != whoIn(&g, scope) {
			gone = append(gone, scope)
		}
	}
	ss.mu.Unlock()
	for _, scope := range gone {
		ss.unsubscribe(scope)
		ss.send(dropFrame{"drop", scope, "revoked"})
	}
}

func (ss *session) unsubscribe(scope civic.Scope) {
	ss.mu.Lock()
	sub := ss.scopes[scope]
	delete(ss.scopes, scope)
	var st *stream
	if sub != nil {
		st = sub.stream
	}
	ss.mu.Unlock()
	if st != nil {
		st.detach(sub)
	}
}

// unsubscribeAll leaves every scope; end does so too.
func (ss *session) unsubscribeAll() {
	ss.mu.Lock()
	scopes := ss.scopes
	ss.scopes = make(map[civic.Scope]*subscription)
	streams := make(map[*subscription]*stream, len(scopes))
	for _, sub := range scopes {
		if sub.stream != nil {
			streams[sub] = sub.stream
		}
	}
	ss.mu.Unlock()
	for sub, st := range streams {
		st.detach(sub)
	}
}
