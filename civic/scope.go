package civic

import (
	"fmt"
	"strings"
)

// Scope is a stream that clients subscribe to: "area:<id>", "team:<id>",
// "desk:<id>", "own:<user>" or "town:<jurisdiction>".
type Scope string

// ScopeKind is what stands before the colon; each has its own projection.
type ScopeKind string

// The kinds of scope.
const (
	ScopeArea ScopeKind = "area"
	ScopeTeam ScopeKind = "team"
	ScopeDesk ScopeKind = "desk"
	ScopeOwn  ScopeKind = "own"
	ScopeTown ScopeKind = "town"
)

// ScopeOf names a scope. T must be what the kind is about.
func ScopeOf[T any](k ScopeKind, id ID[T]) Scope { return Scope(string(k) + ":" + id.String()) }

// Kind is what stands before the colon.
func (s Scope) Kind() ScopeKind {
	k, _, _ := strings.Cut(string(s), ":")
	return ScopeKind(k)
}

// ID is the id after the colon, or the zero ID.
func (s Scope) ID() ID[Scope] {
	_, text, _ := strings.Cut(string(s), ":")
	id, err := ParseID[Scope](text)
	if err != nil {
		return ID[Scope]{}
	}
	return id
}

// ParseScope reads a scope and refuses what is not one.
func ParseScope(text string) (Scope, error) {
	k, id, ok := strings.Cut(text, ":")
	switch ScopeKind(k) {
	case ScopeArea, ScopeTeam, ScopeDesk, ScopeOwn, ScopeTown:
	default:
		ok = false
	}
	if !ok {
		return "", fmt.Errorf("scope %.60q: unknown kind", text)
	}
	parsed, err := ParseID[Scope](id)
	if err != nil || parsed.String() != id {
		return "", fmt.Errorf("scope %.60q: not an id", text)
	}
	return Scope(text), nil
}

// ScopesOf lists the scopes that hold the report, as it is stored: the clock
// never decides.
func ScopesOf(r *Report) []Scope {
	if !r.Exists() {
		return nil
	}
	var list []Scope
	if r.Position != nil && !r.Area.IsZero() && !r.Confidential {
		list = append(list, ScopeOf(ScopeArea, r.Area))
	}
	// A wish to be forgotten keeps an old case with the office that owes the answer.
	if !r.Desk.IsZero() && (!r.Archived || !r.EraseBy.IsZero()) {
		list = append(list, ScopeOf(ScopeDesk, r.Desk))
	}
	if r.Archived {
		return list
	}
	if !r.Team.IsZero() && !r.Confidential {
		list = append(list, ScopeOf(ScopeTeam, r.Team))
	}
	if !r.User.IsZero() && !r.Confidential {
		list = append(list, ScopeOf(ScopeOwn, r.User))
	}
	if !r.Owner.IsZero() && r.Owner != r.User {
		list = append(list, ScopeOf(ScopeOwn, r.Owner))
	}
	return list
}
