package civic

import (
	"slices"
	"time"
)

// APIKey is a key by which another program acts. Name is the program: two keys
// of one name are the same program's, one to follow the other. Prefix is the part
// of the key that may be shown.
type APIKey struct {
	ID      ID[APIKey]
	Name    string
	Prefix  string
	Scopes  []string
	Created time.Time
	Expires time.Time
	Revoked time.Time
}

// The scopes of a key.
const (
	KeyRequests = "requests" // makes reports
	KeyUpdates  = "updates"  // reads news about what is public, and sends it about what it made
	KeyEvery    = "every"    // acts on every case that the public sees, not only on its own
)

// KeyScopes lists every scope.
var KeyScopes = []string{KeyRequests, KeyUpdates, KeyEvery}

// May reports whether the key opens something at an instant.
func (k APIKey) May(scope string, now time.Time) bool {
	return k.Live(now) && slices.Contains(k.Scopes, scope)
}

// Live reports whether the key opens anything at an instant.
func (k APIKey) Live(now time.Time) bool {
	return k.Name != "" && k.Revoked.IsZero() && now.Before(k.Expires)
}

// Actor is who acts by the key.
func (k APIKey) Actor() Actor {
	return Actor{Role: RoleService, Client: k.Name, Every: slices.Contains(k.Scopes, KeyEvery)}
}

// RemoteMedia is a picture that another program named and that is still to be
// fetched for a report.
type RemoteMedia struct {
	ID     ID[RemoteMedia]
	Report ReportID
	URL    string
}
