package civic

import (
	"strings"
	"time"
)

// Ending is how a case left the open group, as the outside is told.
type Ending string

// The endings. EndingNone is an answer without work: a fault that was no longer
// there, a reason why nothing is done.
const (
	EndingNone      Ending = ""
	EndingWork      Ending = "work"
	EndingDuplicate Ending = "duplicate"
	EndingNotOurs   Ending = "not_ours"
)

// Update is one piece of news about a report that anybody may know: a new
// status, an answer that was published, a picture that was let through. ID is
// that of the edit. At is when it became public, never when the work was done.
// The text of Message is joined when it is read.
type Update struct {
	ID      EditID
	Report  ReportID
	Rev     int64 // of the report after it: the order of news of one instant
	At      time.Time
	Status  Status
	Ending  Ending // of a resolved or rejected report
	Reopens bool   // it was answered, and is open again
	Message MessageID
	Photo   SHA256
}

// published tells what a change lets the public know. A closed case says nothing
// more: closing follows from the answer, which was told.
func (c *change) published() *Update {
	r, before := c.r, c.before
	if r.Status == StatusClosed || r.Erased {
		return nil
	}
	u := Update{ID: c.edit.ID, Report: r.ID, Rev: r.Rev, At: c.now, Status: r.Status, Ending: c.rules.EndingOf(r)}
	u.Reopens = before.Exists() && !before.Status.Open() && r.Status.Open()
	news := before.Exists() && before.Status != r.Status
	for id, m := range r.Messages {
		if was := before.Messages[id]; m.shown() && !was.shown() {
			u.Message, news = id, true
		}
	}
	for hash, p := range r.Photos {
		was := before.Photos[hash]
		// A picture that is only covered anew is no news.
		if p.Shown() && !was.Shown() && (!was.Public || was.Cover == "") && p.Stage != StageReport {
			u.Photo, news = hash, true
		}
	}
	if !news {
		return nil
	}
	return &u
}

func (m Message) shown() bool { return m.Public && !m.Held }

// EndingOf tells how an answered report ended: by the town's own reason where
// one was chosen, by a picture of the finished work, else by who answered. Words
// that somebody on site typed tell of work done, the office's do not.
func (rules *Rules) EndingOf(r *Report) Ending {
	if r.Status != StatusResolved && r.Status != StatusRejected {
		return EndingNone
	}
	for _, reason := range rules.Reasons {
		if reason.For == r.Status && strings.EqualFold(strings.TrimSpace(reason.Name), r.Reason) {
			return reason.Means
		}
	}
	if r.Status == StatusRejected {
		return EndingNone
	}
	by := r.Changed[FieldStatus].Role
	if r.hasAfterPhoto() || by == RoleCrew || by == RoleContractor || by == RoleForeman {
		return EndingWork
	}
	return EndingNone
}

// RequestQuery chooses public reports as GeoReport v2 does. From and To bound the
// instant that the public is told of a report's arrival; Zone is the town's, whose
// days those instants are. A nil Open and no Services choose all.
type RequestQuery struct {
	From, To time.Time
	Zone     string
	Services []ServiceID
	Open     *bool
	Skip     int
	Limit    int
}
