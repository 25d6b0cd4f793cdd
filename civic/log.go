package civic

import (
	"encoding/json"
	"time"
)

// Head is where a scope stands: V its version, Min the lowest version that a
// cursor may have, N and Sum its members.
type Head struct {
	Scope Scope
	V     int64
	Min   int64
	N     int64
	Sum   Sum
}

// Delta is the change of a scope over whole versions: its ops name each version
// of (From, To]. Sum is the scope's at To.
type Delta struct {
	Scope Scope
	From  int64
	To    int64
	Ops   []Op
	Sum   Sum
}

// Row is one member of a scope, as a snapshot carries it.
type Row struct {
	ID   ReportID
	Rev  int64
	Body json.RawMessage
}

// Wake says that a scope of a town has reached a version. Losing one costs
// latency, never data.
type Wake struct {
	Jurisdiction JurisdictionID
	Scope        Scope
	V            int64
}

// Answer is the result of an edit as its author gets it. Versions names the
// scopes that moved and their versions after the edit; it is never nil.
type Answer struct {
	ID EditID `json:"id"`
	N  int64  `json:"n,omitempty"`
	Result
	Versions   map[Scope]int64 `json:"versions"`
	RetryAfter float64         `json:"retry_after,omitempty"`
	// Repeated says that the edit was stored before: nothing was done this time.
	Repeated bool `json:"-"`
}

// Grant is what a device may do, read afresh whenever it matters. A token past
// Expires may push for a while and read nothing.
type Grant struct {
	Jurisdiction JurisdictionID
	Device       DeviceID
	Actor        Actor
	Desks        []DeskID
	// Reporters lets the device see whom to ring, in team: and own: scopes.
	Reporters bool
	LastN     int64
	Expires   time.Time
	// Revoked says that the device has ended: it was lost, or, if SignedOut, its person
	// has a new password or signed out everywhere.
	Revoked, SignedOut bool
}

// Refusal is what a device that has ended is answered with, at every door, or nil. A
// lost one is told to wipe what it holds; one that was signed out hides it and keeps
// what was not sent until the same person is back.
func (g *Grant) Refusal() error {
	switch {
	case !g.Revoked:
		return nil
	case g.SignedOut:
		return Refuse(CodeSignedOut)
	}
	return Refuse("token", "wipe", true)
}

// MayRead reports whether the grant covers a scope. town is the device's own.
func (g *Grant) MayRead(s Scope) bool {
	if g.Revoked {
		return false
	}
	id := s.ID()
	switch s.Kind() {
	case ScopeTown:
		return id == ID[Scope](g.Jurisdiction)
	case ScopeOwn:
		return id == ID[Scope](g.Actor.User)
	case ScopeTeam:
		if g.Actor.Role == RoleForeman || g.Actor.Role == RoleAdmin || g.Actor.Role == RoleOperator {
			return true
		}
		return g.Actor.InTeam(TeamID(id))
	case ScopeDesk:
		if g.Actor.Role == RoleAdmin {
			return true
		}
		for _, d := range g.Desks {
			if ID[Scope](d) == id {
				return true
			}
		}
		return false
	case ScopeArea:
		return !g.Actor.Field() && g.Actor.Role != RoleViewer
	default:
		return false
	}
}

// Offer lists the scopes that the device should hold.
func (g *Grant) Offer() []Scope {
	list := []Scope{ScopeOf(ScopeTown, g.Jurisdiction)}
	for _, d := range g.Desks {
		list = append(list, ScopeOf(ScopeDesk, d))
	}
	for _, t := range g.Actor.Teams {
		list = append(list, ScopeOf(ScopeTeam, t))
	}
	if !g.Actor.User.IsZero() && g.Actor.Role != RoleViewer && g.Actor.Role != RolePlanner {
		list = append(list, ScopeOf(ScopeOwn, g.Actor.User))
	}
	return list
}

// Receipt is what a reporter takes home: the code to say, the PIN read aloud
// with it, and the secret of the link (both in clear: they are stored hashed).
type Receipt struct {
	Report ReportID `json:"id"`
	Code   Code     `json:"code"`
	PIN    string   `json:"pin"`
	Secret string   `json:"secret"`
}

// Tokens are what a device holds: Token opens the sync for ExpiresIn seconds,
// Refresh renews it. Seal is an AES-256 key in base64url, the person's own: a device
// that is signed out seals with it what was not sent, forgets it, and is given it again
// when the same person is back.
type Tokens struct {
	Device    DeviceID `json:"device"`
	Token     string   `json:"token"`
	Refresh   string   `json:"refresh"`
	Seal      string   `json:"seal"`
	ExpiresIn int      `json:"expires_in"`
}

// Body is a logged or projected body of a report, to which texts are to be
// joined. Whole says that it is the whole body and not a patch.
type Body struct {
	ID    ReportID
	Whole bool
	JSON  *json.RawMessage
}

// Event is one line of a case's history.
type Event struct {
	ID     EditID          `json:"id"`
	Kind   Kind            `json:"kind"`
	Args   json.RawMessage `json:"args,omitempty"`
	Result Result          `json:"result"`
	Role   Role            `json:"role"`
	User   UserID          `json:"user,omitzero"`
	At     time.Time       `json:"at"`
	Made   time.Time       `json:"made,omitzero"`
}

// AreaRow is a placed report as a live index loads it.
type AreaRow struct {
	Area AreaID
	ID   ReportID
	Rev  int64
	AreaBody
}

// StoredPhoto is what is known of an attachment's bytes. Lon, Lat and Taken are
// what the file said of itself: for the office alone.
type StoredPhoto struct {
	SHA256   SHA256
	Mime     string
	Bytes    int64
	W, H     int
	Lon, Lat *float64
	Taken    *time.Time
	Loose    bool // its sender had no report yet
}
