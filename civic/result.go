package civic

import (
	"encoding/json"
	"strings"
	"time"
)

// ResultStatus is the answer to an edit.
type ResultStatus string

// The answers. Retry is not one: it is never stored.
const (
	Applied     ResultStatus = "applied"
	Merged      ResultStatus = "merged"
	Noticed     ResultStatus = "noticed"
	Conflicting ResultStatus = "conflict"
	Refused     ResultStatus = "refused"
	Retry       ResultStatus = "retry"
)

// Theirs is what stood there when an edit was noticed or conflicted.
//
// A value that is people's own words (title, description, address) is left out:
// a result is kept for ever, and those stand in the report itself.
type Theirs struct {
	Field Field           `json:"field"`
	Value json.RawMessage `json:"value,omitempty"`
	By    UserID          `json:"by,omitzero"`
	At    time.Time       `json:"at,omitzero"`
}

// Result is the one answer that an edit ever gets. Rev is the report's rev
// after it, in every result but refused.
type Result struct {
	Status ResultStatus   `json:"status"`
	Code   string         `json:"code,omitempty"`
	Args   map[string]any `json:"args,omitempty"`
	Rev    int64          `json:"rev,omitempty"`
	Theirs *Theirs        `json:"theirs,omitempty"`
}

// Changes reports whether the edit changed the report.
func (r Result) Changes() bool {
	return r.Status == Applied || r.Status == Noticed || r.Status == Conflicting
}

// TextKind says who a kept text is for.
type TextKind string

// Notes are for colleagues, messages for the conversation.
const (
	TextNote    TextKind = "note"
	TextMessage TextKind = "message"
)

// Text is a sentence to keep apart from the report, under the id that the
// report names.
type Text struct {
	ID   EditID
	Kind TextKind
	Text string
}

// Contact is what a reporter left of themselves. It never enters a report, a
// log or a history: it is kept apart, with a retention class of its own.
type Contact struct {
	Name    string `json:"name,omitempty"`
	Email   string `json:"email,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Prefers string `json:"prefers,omitempty"` // phone, sms, email, letter or none
	Lang    string `json:"lang,omitempty"`
	// Postal is where a letter goes; Hours when to call; Note what helps ("do not
	// telephone: I am deaf").
	Postal string `json:"postal,omitempty"`
	Hours  string `json:"hours,omitempty"`
	Note   string `json:"note,omitempty"`
	// For is whom the report is made for, where that is somebody else.
	For string `json:"for,omitempty"`
}

// IsZero reports whether nothing was left.
func (c Contact) IsZero() bool { return c == Contact{} }

// Reachable reports whether there is an e-mail or a telephone to answer by.
func (c *Contact) Reachable() bool {
	digits := 0
	for _, r := range c.Phone {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return digits >= 5 || strings.Contains(c.Email, "@")
}

func (c *Contact) tidy() *Error {
	c.Email, c.Phone, c.Lang, c.Prefers = Plain(c.Email), Plain(c.Phone), Plain(c.Lang), Plain(c.Prefers)
	return tidyAll(
		tidied{"name", &c.Name, MaxContact},
		tidied{"email", &c.Email, MaxContact},
		tidied{"phone", &c.Phone, MaxContact},
		tidied{"lang", &c.Lang, 20},
		tidied{"prefers", &c.Prefers, 20},
		tidied{"postal", &c.Postal, MaxAddress},
		tidied{"hours", &c.Hours, MaxContact},
		tidied{"note", &c.Note, MaxContact},
		tidied{"for", &c.For, MaxContact},
	)
}

// Outcome is all that follows from an edit beside the new report.
//
// Record is what the history keeps of the arguments, chosen by each kind: no text
// of messages or contacts, and nothing at all of what was refused. Follow are edits of the system that belong to the same transaction.
// Why explains the leave of scopes that the report is no longer in. Blank asks
// that earlier logged bodies be emptied (redaction, erasure).
type Outcome struct {
	Result  Result
	Record  json.RawMessage
	Texts   []Text
	Drop    []EditID
	Contact *Contact
	// Follower is what somebody left who says "me too".
	Follower *Contact
	Follow   []Edit
	Effects  []Effect
	// Media are pictures to fetch for the report.
	Media []string
	// Update is what the public learns, nil when that is nothing.
	Update *Update
	Why    string
	Blank  bool
}

// EffectKind names work to do after the commit.
type EffectKind string

// The effects.
const (
	// EffectHazard wakes the person on duty.
	EffectHazard EffectKind = "hazard"
	// EffectTell lets the reporter know, by the channel they prefer.
	EffectTell EffectKind = "tell"
	// EffectErasePhoto removes the bytes of an attachment.
	EffectErasePhoto EffectKind = "erase_photo"
	// EffectCoverPhoto burns the boxes of a picture into the public's rendition.
	EffectCoverPhoto EffectKind = "cover_photo"
	// EffectSpreadPhoto does to a picture what an edit did to it in every other report
	// that has it.
	EffectSpreadPhoto EffectKind = "spread_photo"
)

// Effect is one piece of work; SHA256 is set where it is about an attachment.
type Effect struct {
	Kind   EffectKind `json:"kind"`
	SHA256 SHA256     `json:"sha256,omitempty"`
}
