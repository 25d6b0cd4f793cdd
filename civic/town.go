package civic

import "time"

// Jurisdiction is a town on this installation. Times are kept in UTC and shown
// in Zone; Prefix starts its report codes (two capital letters).
type Jurisdiction struct {
	ID     JurisdictionID `json:"id"`
	Name   string         `json:"name"`
	Slug   string         `json:"slug"`
	Prefix string         `json:"prefix"`
	Locale string         `json:"locale"`
	Zone   string         `json:"zone"`
	Hosts  []string       `json:"hosts,omitempty"`
}

// Area is a district. Areas tile the town; the one marked Outside takes the
// points that no other holds.
type Area struct {
	ID      AreaID `json:"id"`
	Name    string `json:"name"`
	Outside bool   `json:"outside,omitempty"`
	// Population is how many people live there; 0 where nobody has said.
	Population int `json:"population,omitempty"`
}

// Publication is how much of a case the public may see. Each level includes
// the one before it; photos still wait until a person has looked.
type Publication string

// The levels.
const (
	PublishNever  Publication = "never"
	PublishPlace  Publication = "place"
	PublishText   Publication = "text"
	PublishPhotos Publication = "photos"
)

// Service is what can be reported (Open311 service).
type Service struct {
	ID   ServiceID `json:"id"`
	Code string    `json:"code"`
	Name string    `json:"name"`
	// Names are the name in other languages, by their two letters.
	Names       map[string]string `json:"names,omitempty"`
	Group       string            `json:"group"`
	Kind        string            `json:"kind"` // issue or assistance
	Keywords    []string          `json:"keywords,omitempty"`
	Description string            `json:"description,omitempty"`
	Public      Publication       `json:"public"`
	// Confidential keeps its cases to their desk, their owner and the administrators;
	// nothing of them is public, whatever Public says.
	Confidential bool   `json:"confidential,omitempty"`
	Contact      string `json:"contact"` // ContactNone, ContactOptional or ContactVerified
	// FirstReplyMinutes and ResolutionDays count office minutes and office
	// days; 0 means that the service promises nothing.
	FirstReplyMinutes int              `json:"first_reply_minutes,omitempty"`
	ResolutionDays    int              `json:"resolution_days,omitempty"`
	Checklist         []ChecklistEntry `json:"checklist,omitempty"`
	// Attributes are the questions that the service asks of whoever reports.
	Attributes []Attribute `json:"attributes,omitempty"`
	// DeskID is the office that answers for the service.
	Desk DeskID `json:"desk,omitzero"`
}

// NameIn is the service's name in a language, and whether the town has given one
// beside its own.
func (s Service) NameIn(lang string) (name string, given bool) {
	name, given = s.Names[lang]
	if !given {
		name = s.Name
	}
	return name, given
}

// What a service wants to know of whoever reports: nothing, so that nothing is kept;
// what they like to say; or a telephone or an e-mail, without which nothing is taken.
const (
	ContactNone     = "none"
	ContactOptional = "optional"
	ContactVerified = "verified"
)

// contact is what the service keeps of how to answer. CodeContactWanted refuses a
// report of which nobody could be answered.
func (s Service) contact(c Contact) (Contact, *Error) {
	switch s.Contact {
	case ContactNone:
		return Contact{}, nil
	case ContactVerified:
		if !c.Reachable() {
			return c, Refuse(CodeContactWanted, "field", "phone")
		}
	}
	return c, nil
}

// ChecklistEntry is one line of a service's checklist. An entry that Blocks
// must be ticked before the work may start.
type ChecklistEntry struct {
	Item   string `json:"item"`
	Name   string `json:"name"`
	Blocks bool   `json:"blocks,omitempty"`
}

// Desk is an office that answers.
type Desk struct {
	ID   DeskID `json:"id"`
	Name string `json:"name"`
}

// Team does the work on site. Kind is crew or contractor.
type Team struct {
	ID   TeamID `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// User is somebody who works for the town; Display is what colleagues see.
type User struct {
	ID      UserID   `json:"id"`
	Login   string   `json:"login"`
	Display string   `json:"name"`
	Role    Role     `json:"role"`
	Teams   []TeamID `json:"teams,omitempty"`
	Desks   []DeskID `json:"desks,omitempty"`
}

// Device holds a sync grant.
type Device struct {
	ID   DeviceID `json:"id"`
	User UserID   `json:"user"`
	Name string   `json:"name"`
}

// DeviceSeen is a device as those see it who look after it. Seen is when it last
// renewed its grant, which an open device does every few minutes; Ends is when the
// grant ends unless it comes again.
type DeviceSeen struct {
	Device
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"`
	Ends    time.Time `json:"ends"`
	Revoked bool      `json:"revoked"`
	// SignedOut says of a revoked device that its person was signed out everywhere: it
	// keeps what was not sent until they are back. Others forget what they hold.
	SignedOut bool `json:"signed_out,omitempty"`
}

// Profile is one person over all channels.
type Profile struct {
	ID      ProfileID `json:"id"`
	Name    string    `json:"name,omitempty"`
	Email   string    `json:"email,omitempty"`
	Phone   string    `json:"phone,omitempty"`
	Prefers string    `json:"prefers,omitempty"`
	Lang    string    `json:"lang,omitempty"`
}

// Channel is how a report or a message came.
type Channel string

// The channels. The order is frozen: the live index stores positions in it.
const (
	ChannelWeb     Channel = "web"
	ChannelApp     Channel = "app"
	ChannelPhone   Channel = "phone"
	ChannelCounter Channel = "counter"
	ChannelEmail   Channel = "email"
	ChannelOpen311 Channel = "open311"
	ChannelStaff   Channel = "staff"
)

// Channels lists every channel. Do not reorder.
var Channels = []Channel{
	ChannelWeb, ChannelApp, ChannelPhone, ChannelCounter, ChannelEmail, ChannelOpen311, ChannelStaff,
}

// Valid reports whether c is a channel at all.
func (c Channel) Valid() bool {
	for _, known := range Channels {
		if c == known {
			return true
		}
	}
	return false
}

// TownSite is a town as a request needs it. Bounds are west, south, east, north
// of its areas, in degrees; zero when no area has a shape.
type TownSite struct {
	Jurisdiction
	Settings
	Bounds   [4]float64
	Areas    []Area
	Services []Service
	Teams    []Team
	Desks    []Desk
}
