package civic

import (
	"slices"
	"time"
)

// Role is what somebody is to a town when they act.
type Role string

// The roles.
const (
	RoleCitizen    Role = "citizen"
	RoleOperator   Role = "operator"
	RoleForeman    Role = "foreman"
	RoleCrew       Role = "crew"
	RoleContractor Role = "contractor"
	RolePlanner    Role = "planner"
	RoleViewer     Role = "viewer"
	RoleAdmin      Role = "admin"
	RoleService    Role = "service"
	RoleBody       Role = "body"
	RoleSystem     Role = "system"
)

// Roles lists every role.
var Roles = []Role{
	RoleCitizen, RoleOperator, RoleForeman, RoleCrew, RoleContractor, RolePlanner,
	RoleViewer, RoleAdmin, RoleService, RoleBody, RoleSystem,
}

// Proof is how a citizen showed that a report is theirs.
type Proof string

// The proofs. ProofCode is the spoken code alone: it opens what is public, and
// what is said by it waits until a person has looked.
const (
	ProofNone   Proof = ""
	ProofCode   Proof = "code"
	ProofSecret Proof = "secret"
)

// Actor is who makes an edit. It is an argument wherever it is needed, never
// part of what a client sends.
type Actor struct {
	Role   Role     `json:"role"`
	User   UserID   `json:"user,omitzero"`
	Device DeviceID `json:"device,omitzero"`
	Teams  []TeamID `json:"teams,omitempty"`
	// Desks are the offices that somebody of the staff answers for.
	Desks []DeskID `json:"desks,omitempty"`
	// Tenures are the teams that the user is or was in, and when. They are known of
	// who acts by a device, which may bring work done without a network.
	Tenures []Tenure `json:"tenures,omitempty"`
	Proof   Proof    `json:"proof,omitempty"`
	// Client is the other program, by the name that its keys bear, where the
	// role is service.
	Client string `json:"client,omitempty"`
	// Every lets a program act on every case that the public sees; else it acts on
	// those that it made.
	Every bool `json:"every,omitempty"`
}

// Tenure is somebody's time in a team; it lasts where Until is zero.
type Tenure struct {
	Team  TeamID    `json:"team"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until,omitzero"`
}

// System is the town itself: routing, the clock, the photo pipeline.
var System = Actor{Role: RoleSystem}

// Staff reports whether the actor works for the town hall and sees every case.
func (a Actor) Staff() bool {
	return a.Role == RoleOperator || a.Role == RoleForeman || a.Role == RoleAdmin || a.Role == RoleSystem
}

// Answers reports whether the actor speaks for the town: words for the public from
// anybody else wait for one who does.
func (a Actor) Answers() bool { return slices.Contains(answerers, a.Role) }

// Field reports whether the actor works on site and sees its own cases only.
func (a Actor) Field() bool { return a.Role == RoleCrew || a.Role == RoleContractor }

// InTeam reports whether t is one of the actor's teams.
func (a Actor) InTeam(t TeamID) bool {
	for _, mine := range a.Teams {
		if mine == t && !t.IsZero() {
			return true
		}
	}
	return false
}

// Asker is a person of the town hall and what they showed: a session's token or a device.
type Asker struct {
	User    UserID
	Session string
	Device  DeviceID
}
