package demo

import (
	"time"

	"segnavia/civic"
)

// finish tells the result with its proof or reason, and what the citizen said.
func (s *story) finish() {
	s.resolve()
	if s.chance(6) {
		s.contest()
		s.resolve()
		s.rest(0)
		return
	}
	s.rest(14)
}

// resolve ends the work: with a picture, or with a typed reason.
func (s *story) resolve() {
	reason := pick(s.r, s.matter.Reason)
	if s.chance(afterShare) && s.picture(s.worker, civic.StageAfter) {
		reason = ""
	}
	s.pass(time.Minute)
	s.to(s.worker, civic.StatusResolved, reason)
	if s.chance(85) {
		s.office(s.minutes(45))
		s.say(sentences(pick(s.r, s.matter.Done), "È a posto anche per lei?"))
	}
}

// afterShare is how many jobs of a hundred end with a picture, where one can be
// drawn.
const afterShare = 7

// contest brings the case back, and the work begins again.
func (s *story) contest() {
	s.pass(min(s.minutes(2*24*60), 10*24*time.Hour))
	s.add(citizen, civic.KindContest, civic.ContestArgs{Text: pick(s.r, s.words.Contests)})
	s.office(s.minutes(120))
	if !s.team.IsZero() {
		s.add(s.operator, civic.KindAssign, civic.AssignArgs{Team: s.team})
	}
	s.say("Ci dispiace. Torniamo a vedere " + s.words.day(s.cal.AddDays(s.at, 3).In(s.zone)) + ". Se ne occupa: " + s.who + ".")
	s.office(s.minutes(9 * 60 * 2))
	s.to(s.worker, civic.StatusInProgress, "")
	s.office(s.minutes(180))
}

// rest closes the case: by the citizen's yes for some of a hundred, else by the
// clock, which also ends its memberships.
func (s *story) rest(yes int) {
	if s.over {
		return
	}
	resolved := s.stands == civic.StatusResolved
	if resolved && s.chance(yes) {
		s.pass(min(s.minutes(30*60), 12*24*time.Hour))
		if s.chance(40) {
			s.add(citizen, civic.KindMessage, civic.TextArgs{Text: pick(s.r, s.words.Thanks)})
			s.pass(time.Minute)
		}
		s.to(citizen, civic.StatusClosed, "")
		resolved = false
	}
	s.at = later(s.at, s.left.AddDate(0, 0, civic.CloseDays))
	if resolved {
		s.to(civic.System, civic.StatusClosed, "")
		s.pass(time.Second)
	}
	s.add(civic.System, civic.KindExpire, civic.ExpireArgs{What: "membership"})
}
