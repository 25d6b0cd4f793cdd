package civic

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// Position is a place on the ground, WGS 84 degrees, longitude first.
type Position struct {
	Lon float64 `json:"lon"`
	Lat float64 `json:"lat"`
}

// Report is a case as it stands at Rev. Its JSON names are those of the
// projections, so that the same rules can run over a projection.
//
// A report without a Position waits in the desk's "place me" queue. Desk is the
// office that answers, Team and User do the work, Owner follows it to the end.
type Report struct {
	ID          ReportID  `json:"id"`
	Rev         int64     `json:"rev"`
	Code        Code      `json:"code,omitempty"`
	Service     ServiceID `json:"service,omitzero"`
	Channel     Channel   `json:"channel,omitempty"`
	Status      Status    `json:"status,omitempty"`
	Title       string    `json:"title,omitempty"`
	Description string    `json:"description,omitempty"`
	*Position
	// Spot is what the public is told of the place; see PublicSpot.
	Spot      *Spot     `json:"spot,omitempty"`
	Address   string    `json:"address,omitempty"`
	Area      AreaID    `json:"area,omitzero"`
	Desk      DeskID    `json:"desk,omitzero"`
	Team      TeamID    `json:"team,omitzero"`
	User      UserID    `json:"user,omitzero"`
	Owner     UserID    `json:"owner,omitzero"`
	Priority  Priority  `json:"priority,omitempty"`
	Hazard    bool      `json:"hazard,omitempty"`
	Visible   bool      `json:"visible,omitempty"`
	Created   time.Time `json:"created,omitzero"`
	Closed    time.Time `json:"closed,omitzero"`
	Deadlines Deadlines `json:"deadlines,omitzero"`
	Replied   time.Time `json:"replied,omitzero"`
	Facets
}

// Facets is the part of a report that nothing searches by.
//
// The texts of notes and messages are not here: they are kept apart and joined
// when read, so that a redaction reaches every copy.
type Facets struct {
	Reason    string                `json:"reason,omitempty"`
	Waiting   *Waiting              `json:"waiting,omitempty"`
	Planned   *Planned              `json:"planned,omitempty"`
	Safe      *Safe                 `json:"safe,omitempty"`
	Promise   *Promise              `json:"promise,omitempty"`
	Plan      *Plan                 `json:"plan,omitempty"`
	Effort    *Effort               `json:"effort,omitempty"`
	Checklist map[string]Check      `json:"checklist,omitempty"`
	Notes     map[EditID]Note       `json:"notes,omitempty"`
	Messages  map[MessageID]Message `json:"messages,omitempty"`
	Photos    map[SHA256]Photo      `json:"photos,omitempty"`
	Conflicts map[EditID]Conflict   `json:"conflicts,omitempty"`
	// Answers are what was answered to the service's own questions, by their code.
	Answers map[string][]string `json:"answers,omitempty"`
	// Source is the other program that the report came from, if any.
	Source     *Source `json:"source,omitempty"`
	Followers  int     `json:"followers,omitempty"` // how many others said "me too"
	Rating     *Rating `json:"rating,omitempty"`
	TextPublic bool    `json:"text_public,omitempty"`
	// Withheld names the personal data for which the words wait until a person has
	// looked; see Personal.
	Withheld []string `json:"withheld,omitempty"`
	// EraseBy is by when the office answers the reporter's wish that their data be
	// taken away.
	EraseBy      time.Time `json:"erase_by,omitzero"`
	Confidential bool      `json:"confidential,omitempty"`
	Hidden       bool      `json:"hidden,omitempty"`
	Archived     bool      `json:"archived,omitempty"`
	Erased       bool      `json:"erased,omitempty"`
	// Former holds, for each team that had the case, the rev at which it left. Had
	// and HadBy say when teams and people had it, those who have it among them, by the
	// server's own records: what they did meanwhile without a network is theirs to
	// report for a while.
	Former map[TeamID]int64 `json:"former,omitempty"`
	Had    map[TeamID]Stay  `json:"had,omitempty"`
	HadBy  map[UserID]Stay  `json:"had_by,omitempty"`
	// Original is how a citizen said it, where the office has corrected the words.
	Original *Words `json:"original,omitempty"`
	// Changed holds, for each field, the last change, to find conflicts.
	Changed map[Field]Changed `json:"changed,omitempty"`
}

// Stay is how long somebody had a case: from when it first came until it last left;
// Left is zero while they have it.
type Stay struct {
	Came time.Time `json:"came"`
	Left time.Time `json:"left,omitzero"`
}

// Words are what somebody wrote of a case.
type Words struct {
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
}

// Source is where a report was first made: the other program, by the name of its
// keys, and its own id for it.
type Source struct {
	Client string `json:"client"`
	ID     string `json:"id,omitempty"`
}

// Priority orders a crew's list.
type Priority string

// The priorities. The empty one is normal.
const (
	PriorityLow    Priority = "low"
	PriorityNormal Priority = ""
	PriorityHigh   Priority = "high"
	PriorityUrgent Priority = "urgent"
)

// Deadlines are the due instants computed with the office calendar.
type Deadlines struct {
	FirstReply time.Time `json:"first_reply,omitzero"`
	Resolution time.Time `json:"resolution,omitzero"`
}

// Waiting says whom the case waits for (citizen or body), since when, and the
// status to which it goes back. The clock stands still for the citizen only.
type Waiting struct {
	For   string    `json:"for"`
	Was   Status    `json:"was"`
	Since time.Time `json:"since"`
}

// Planned is when the work is planned for: a month ("2027-03") and why so.
type Planned struct {
	Month string `json:"month"`
	Why   string `json:"why,omitempty"`
}

// Safe is the measure that fenced a danger off: a fact beside the status.
type Safe struct {
	Measure string    `json:"measure"`
	At      time.Time `json:"at"`
}

// Promise is the sentence kept on a case: what happens, by which day, who.
type Promise struct {
	What string `json:"what"`
	By   string `json:"by"`
	Who  string `json:"who"`
}

// Plan places the case in a team's round: a day ("2027-03-14") and an order.
type Plan struct {
	Day   string `json:"day"`
	Order int    `json:"order"`
}

// Effort is the work done so far.
type Effort struct {
	Minutes   int    `json:"minutes"`
	Materials string `json:"materials,omitempty"`
}

// Check is the answer to one line of the checklist.
type Check struct {
	Value string    `json:"value"`
	By    UserID    `json:"by,omitzero"`
	At    time.Time `json:"at"`
}

// Note is an internal remark; its text is kept apart.
type Note struct {
	By UserID    `json:"by,omitzero"`
	At time.Time `json:"at"`
}

// Message is one utterance in the conversation; its text is kept apart. From is
// the role that spoke. Public says that anybody may read it, not only the
// reporter.
type Message struct {
	From    Role      `json:"from"`
	By      UserID    `json:"by,omitzero"`
	Channel Channel   `json:"channel,omitempty"`
	At      time.Time `json:"at"`
	Public  bool      `json:"public,omitempty"`
	// Held keeps the words from the public, and from the reporter where they are not
	// theirs, until a person has looked. Withheld names the personal data in them.
	Held     bool     `json:"held,omitempty"`
	Withheld []string `json:"withheld,omitempty"`
}

// Rating is what the reporter thinks of how it went: a score from 1 to 5, the
// answers chosen to what the score asks, and the id of the words left with it,
// which are kept apart.
type Rating struct {
	Score   int       `json:"score"`
	Answers []string  `json:"answers,omitempty"`
	Text    EditID    `json:"text,omitzero"`
	At      time.Time `json:"at"`
}

// SHA256 names an attachment by its content: 64 lower-case hex digits.
type SHA256 string

// Valid reports whether s has the shape of a hash.
func (s SHA256) Valid() bool {
	if len(s) != 64 {
		return false
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Conflict keeps a value that arrived over a newer one, until an operator
// decides.
type Conflict struct {
	Field Field           `json:"field"`
	Value json.RawMessage `json:"value,omitempty"`
	By    UserID          `json:"by,omitzero"`
	At    time.Time       `json:"at"`
}

// Bounds of what one report collects: far above what happens, so that nobody can
// make a case that no phone can carry.
const (
	MaxConflicts = 50
	MaxWords     = 1000 // notes, and messages
	MaxFollowers = 100_000
)

// Field names what one edit changes and another may have changed meanwhile.
type Field string

// Changed is the last change of a field.
type Changed struct {
	Rev    int64     `json:"rev"`
	By     UserID    `json:"by,omitzero"`
	Device DeviceID  `json:"device,omitzero"`
	Role   Role      `json:"role"`
	At     time.Time `json:"at"`
}

// Exists reports whether the report has been created.
func (r *Report) Exists() bool { return r.Rev > 0 }

// Clone copies the report so deeply that changing the copy leaves it alone.
func (r *Report) Clone() Report {
	c := *r
	if r.Position != nil {
		p := *r.Position
		c.Position = &p
	}
	if r.Spot != nil {
		s := *r.Spot
		c.Spot = &s
	}
	c.Checklist = maps.Clone(r.Checklist)
	c.Answers = maps.Clone(r.Answers)
	c.Withheld = slices.Clone(r.Withheld)
	c.Notes = maps.Clone(r.Notes)
	c.Messages = maps.Clone(r.Messages)
	c.Photos = maps.Clone(r.Photos)
	c.Conflicts = maps.Clone(r.Conflicts)
	c.Former = maps.Clone(r.Former)
	c.Had, c.HadBy = maps.Clone(r.Had), maps.Clone(r.HadBy)
	c.Changed = maps.Clone(r.Changed)
	return c
}

// put writes into a map that may still be nil.
func put[K comparable, V any](m *map[K]V, k K, v V) {
	if *m == nil {
		*m = make(map[K]V, 1)
	}
	(*m)[k] = v
}
