package demo

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"segnavia/civic"
)

// teller knows the town and its words, and tells its cases.
type teller struct {
	b      *civic.Blueprint
	rules  civic.Rules
	cal    *civic.Calendar
	zone   *time.Location
	now    time.Time
	words  *words
	lanes  *lanes
	photos map[string][]Photo // by subject and stage
	seed   uint64
}

// story is one case while it is told. Its clock goes forward only; once it has
// reached the present nothing more is told, which is how cases come to be open.
type story struct {
	*teller
	r    *rand.Rand
	past civic.Past
	rev  int64
	at   time.Time
	over bool
	// stands is the status that the last transition named, since when it left
	// the open group at left.
	stands civic.Status
	left   time.Time
	shown  []civic.SHA256

	service  civic.Service
	topic    topic
	matter   matter
	place    spot
	area     civic.AreaID
	team     civic.TeamID
	due      time.Time
	answered bool
	operator civic.Actor
	worker   civic.Actor
	who      string
}

// citizen is whoever reported, with the link in hand.
var citizen = civic.Actor{Role: civic.RoleCitizen, Proof: civic.ProofSecret}

// add tells one edit at the story's clock.
func (s *story) add(a civic.Actor, k civic.Kind, args any) {
	if s.over = s.over || !s.at.Before(s.now); s.over {
		return
	}
	raw, err := json.Marshal(args)
	if err != nil {
		panic("demo: " + err.Error())
	}
	e := civic.PastEdit{Now: s.at.UTC().Truncate(time.Millisecond), Edit: civic.Edit{
		ID:      civic.DeriveID[civic.Edit](s.past.Report, fmt.Sprint("edit ", len(s.past.Edits))),
		Report:  s.past.Report,
		BaseRev: s.rev, Kind: k, Args: raw, Actor: a,
	}}
	if a.Field() {
		// A crew's phone sends when it finds a network.
		e.At = e.Now.Add(-time.Duration(s.r.IntN(2400)) * time.Second)
	}
	s.past.Edits = append(s.past.Edits, e)
	s.rev++
}

// pass lets time go by; office lets office time go by.
func (s *story) pass(d time.Duration) { s.at = s.at.Add(d) }

func (s *story) office(d time.Duration) { s.at = later(s.at, s.cal.Add(s.at, max(d, time.Minute))) }

// minutes draws a duration around a middle, with a long tail.
func (s *story) minutes(middle float64) time.Duration {
	return time.Duration(middle * s.spread(0.8) * float64(time.Minute))
}

func (s *story) chance(percent int) bool { return s.r.IntN(100) < percent }

func (s *story) to(a civic.Actor, to civic.Status, reason string) {
	if s.add(a, civic.KindTransition, civic.TransitionArgs{To: to, Reason: reason}); s.over {
		return
	}
	if s.stands = to; to == civic.StatusResolved || to == civic.StatusRejected {
		s.left = s.at
	}
}

// say is a reply by the office; it is public where the case's words are.
func (s *story) say(text string) {
	public := s.service.Public == civic.PublishPhotos || s.service.Public == civic.PublishText
	s.add(s.operator, civic.KindReply, civic.TextArgs{Text: text, Public: public && s.chance(60)})
	s.answered = true
}

// picture attaches a drawn picture that fits, if there is one, and lets the
// pipeline and, where the service shows photos, a person look at it.
func (s *story) picture(a civic.Actor, stage string) bool {
	fitting := s.photos[s.topic.Subject+" "+stage]
	if len(fitting) == 0 || s.matter.Picture != "" || s.over {
		return false
	}
	p := pick(s.r, fitting)
	if slices.Contains(s.shown, p.SHA256) {
		return false
	}
	s.shown = append(s.shown, p.SHA256)
	s.add(a, civic.KindAttach, civic.AttachArgs{
		SHA256: p.SHA256, Bytes: int64(len(p.JPEG)), Mime: "image/jpeg", Stage: stage,
	})
	s.pass(4 * time.Second)
	s.add(civic.System, civic.KindPhoto, civic.PhotoArgs{SHA256: p.SHA256, State: civic.PhotoReady, W: p.W, H: p.H})
	if s.service.Public == civic.PublishPhotos && s.chance(75) {
		s.office(s.minutes(20))
		s.add(s.operator, civic.KindPublish, civic.TargetArgs{Target: civic.TargetPhoto, ID: string(p.SHA256)})
	}
	return true
}
