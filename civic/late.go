package civic

import (
	"slices"
	"time"
)

// LateDays is how long after a case left them a team, or a person, may still report
// what they did without a network while they had it.
const LateDays = 30

// had reports whether the actor had the case, by the server's own records, and not
// too long ago. What a client says of itself (base_rev, at, epoch, n) counts for
// nothing.
func (c *change) had() bool {
	a, r := c.edit.Actor, c.before
	if a.Device.IsZero() { // what comes without a device was done just now
		return false
	}
	if s, ok := r.HadBy[a.User]; ok && !a.User.IsZero() && c.fresh(s.Left) {
		return true
	}
	return slices.ContainsFunc(a.Tenures, func(t Tenure) bool {
		s, ok := r.stayOf(t.Team)
		return ok && t.overlaps(s) && c.fresh(s.Left) && c.fresh(t.Until)
	})
}

// fresh reports whether what ended then, or has not ended, is not too long ago.
func (c *change) fresh(end time.Time) bool {
	return end.IsZero() || !c.now.After(end.AddDate(0, 0, LateDays))
}

// stayOf is how long a team had the case, or has it. Of hands that changed before
// such records were kept the last change tells: no team had it after that but the one
// that has it.
func (r *Report) stayOf(team TeamID) (s Stay, ok bool) {
	if s, ok = r.Had[team]; ok {
		return s, true
	}
	if _, once := r.Former[team]; once {
		return Stay{Came: r.Created, Left: r.assignedAt()}, true
	}
	return Stay{Came: r.assignedAt()}, team == r.Team && !team.IsZero()
}

// overlaps reports whether somebody was in the team while it had the case.
func (t Tenure) overlaps(s Stay) bool {
	return (s.Left.IsZero() || !t.Since.After(s.Left)) && (t.Until.IsZero() || !t.Until.Before(s.Came))
}

// blind reports whether how the case stands is not the author's to know any more, not
// even by a guess that is answered otherwise where it is right.
func (c *change) blind() bool { return c.late && c.before.Confidential }

// applyLate decides about work that comes from who has the case no more: what they
// add is added; what would change state or words is the office's to decide, and
// nothing of it is public before.
func (c *change) applyLate(k kind) Result {
	result := c.decideLate(k)
	if c.blind() {
		result.Theirs = nil
		if result.Status == Noticed {
			result.Status = Applied
		}
	}
	return result
}

func (c *change) decideLate(k kind) Result {
	switch c.edit.Kind {
	case KindNote, KindAttach, KindCheck, KindSet:
		return k.apply(c)
	case KindReply:
		result := k.apply(c)
		if result.Changes() {
			result.Status = Conflicting
			result.Theirs = &Theirs{Field: FieldAssignment, Value: rawOf(AssignArgs{c.before.Team, c.before.User}), At: c.before.assignedAt()}
		}
		return result
	case KindTransition:
		return on(nil, (*change).lateTransition).apply(c)
	case KindAssign:
		return on(nil, (*change).lateAssign).apply(c)
	default:
		return refused(Refuse(CodeUnknownReport))
	}
}

func (c *change) lateTransition(args TransitionArgs) Result {
	if !args.To.Valid() {
		return refused(Refuse(CodeUnknownValue, "field", "status"))
	}
	if err := tidyAll(tidied{"reason", &args.Reason, MaxReason}, tidied{"why", &args.Why, MaxReason}); err != nil {
		return refused(err)
	}
	switch {
	case !mayEver(c.edit.Actor.Role, args.To):
		return refused(Refuse(CodeForbidden))
	}
	result := merged()
	if c.before.Status != args.To || c.blind() {
		result = c.conflict(FieldStatus, args.To, c.before.Status)
	}
	if result.Status == Refused {
		return result
	}
	// Why they did it is theirs to tell, whatever becomes of the step.
	for _, said := range []string{args.Reason, args.Why} {
		if said == "" {
			continue
		}
		if err := c.words(&TextArgs{Text: said}, TextNote); err != nil {
			return refused(err)
		}
		put(&c.r.Notes, c.edit.ID, Note{By: c.edit.Actor.User, At: c.now})
		if result.Status == Merged {
			result = applied()
		}
		break // there is a reason or a why, never both
	}
	c.record(args)
	return result
}

func (c *change) lateAssign(args AssignArgs) Result {
	c.record(args)
	_, team := c.rules.Teams[args.Team]
	_, user := c.rules.Users[args.User]
	switch {
	case args == AssignArgs{}:
		return refused(Refuse(CodeMissing, "field", "team"))
	case !team && !args.Team.IsZero():
		return refused(Refuse(CodeUnknownValue, "field", "team"))
	case !user && !args.User.IsZero():
		return refused(Refuse(CodeUnknownValue, "field", "user"))
	case args.Team == c.before.Team && args.User == c.before.User && !c.blind():
		return merged()
	default:
		return c.conflict(FieldAssignment, args, AssignArgs{c.before.Team, c.before.User})
	}
}
