package demo

import (
	"math"
	"strconv"
	"strings"
	"time"

	"segnavia/civic"
)

// run tells what became of the case, as far as the present.
func (s *story) run() {
	if s.over {
		return
	}
	if s.team.IsZero() {
		s.office(s.minutes(90))
		s.to(s.operator, civic.StatusAcknowledged, "")
	}
	s.office(s.minutes(150))
	switch fate := s.r.IntN(1000); {
	case s.topic.Placeless:
		s.reply()
	case fate < 70:
		s.reject()
		return
	case fate < 78 && s.topic.Hazard == 0:
		s.reply() // and then nothing: every town has such cases
		return
	case fate < 170:
		s.reply()
		s.ask()
	case fate < 215 && !s.team.IsZero():
		s.reply()
		s.forward()
	case fate < 285 && !s.team.IsZero():
		s.reply()
		s.plan()
	case fate < 920:
		s.reply()
	}
	s.work()
	s.finish()
}

// pickFor takes one of the sentences for the service's group, else for all.
func (s *story) pickFor(by map[string][]string) string {
	group, _, _ := strings.Cut(s.service.Code, ".")
	if list := by[group]; len(list) > 0 {
		return pick(s.r, list)
	}
	return pick(s.r, by[""])
}

// reply is the first answer, and the day it promises.
func (s *story) reply() {
	by := s.due
	if by.Before(s.at) {
		by = s.cal.AddDays(s.at, 10)
	}
	s.say(s.words.answer(s.r, s.matter.labour, by.In(s.zone), s.who))
}

func (s *story) reject() {
	why := pick(s.r, s.words.Reject)
	s.say("Buongiorno. " + why[1])
	s.pass(time.Minute)
	s.to(s.operator, civic.StatusRejected, why[0])
	s.rest(3)
}

// ask waits for the citizen, who does not always answer.
func (s *story) ask() {
	q := pick(s.r, s.words.Questions)
	s.office(s.minutes(200))
	s.say(q[0])
	s.pass(time.Minute)
	s.add(s.operator, civic.KindTransition, civic.TransitionArgs{To: civic.StatusWaiting, For: "citizen"})
	if s.chance(15) {
		s.pass(30 * 24 * time.Hour)
		s.office(time.Hour)
	} else {
		s.pass(s.minutes(20 * 60))
		text := strings.ReplaceAll(q[1], "{civico}", strconv.Itoa(s.place.number))
		s.add(citizen, civic.KindMessage, civic.TextArgs{Text: text})
		s.office(s.minutes(60))
	}
	s.back()
}

// forward waits for an outside body; the citizen's clock goes on.
func (s *story) forward() {
	s.office(s.minutes(400))
	s.say(s.pickFor(s.words.Bodies))
	s.pass(time.Minute)
	s.add(s.operator, civic.KindTransition, civic.TransitionArgs{To: civic.StatusWaiting, For: "body"})
	s.office(s.minutes(9 * 60 * 18))
	s.back()
}

// back ends a wait where it began.
func (s *story) back() {
	to := civic.StatusAssigned
	if s.team.IsZero() {
		to = civic.StatusAcknowledged
	}
	s.to(s.operator, to, "")
}

// plan puts the work into a month to come.
func (s *story) plan() {
	s.office(s.minutes(900))
	then := s.at.In(s.zone).AddDate(0, 2+s.r.IntN(5), 0)
	s.add(s.operator, civic.KindTransition, civic.TransitionArgs{
		To: civic.StatusPlanned, Month: then.Format("2006-01"), Why: s.pickFor(s.words.Planned),
	})
	s.at = s.cal.Add(wall(then.AddDate(0, 0, 1-then.Day()), 0), time.Duration(s.r.IntN(20*9))*time.Hour)
	s.due = s.at.AddDate(0, 0, 20)
}

// work goes to the place, notes what is found and says when it will be late.
func (s *story) work() {
	start := s.cal.Add(s.at, s.effort())
	if s.answered && start.After(s.due) && s.due.After(s.at) && s.chance(55) {
		s.at = later(s.at, s.cal.Add(s.due.Add(-30*time.Hour), time.Hour))
		s.say(s.words.late(s.r, s.cal.AddDays(start, 2).In(s.zone), s.who, s.team.IsZero()))
	}
	s.at = later(s.at, start)
	for _, line := range s.service.Checklist {
		if line.Blocks || s.chance(70) {
			s.add(s.worker, civic.KindCheck, civic.CheckArgs{Item: line.Item, Value: "sì"})
			s.pass(40 * time.Second)
		}
	}
	s.to(s.worker, civic.StatusInProgress, "")
	if s.chance(45) {
		s.pass(s.minutes(25))
		s.add(s.worker, civic.KindNote, civic.TextArgs{Text: pick(s.r, s.matter.Notes)})
	}
	if s.chance(75) {
		s.office(s.minutes(140))
		return
	}
	s.office(s.minutes(9 * 60 * 3)) // a second visit, with what was missing
}

// effort is the office time until somebody goes: eight cases of ten in time,
// dangers at once.
func (s *story) effort() time.Duration {
	days := float64(max(s.service.ResolutionDays, 5))
	if len(s.past.Edits) > 1 && s.past.Edits[1].Kind == civic.KindSet {
		return s.minutes(100)
	}
	return time.Duration(days * 0.55 * s.spread(0.6) * float64(9*time.Hour))
}

// spread draws a factor around 1 (lognormal).
func (s *story) spread(sigma float64) float64 { return math.Exp(sigma * s.r.NormFloat64()) }

// later is the later of two instants.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
