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
	fresh := func(s Stay) bool { return !c.now.After(s.Left.AddDate(0, 0, LateDays)) }
	if s, ok := r.HadBy[a.User]; ok && !a.User.IsZero() && fresh(s) {
		return true
	}
	return slices.ContainsFunc(a.Tenures, func(t Tenure) bool {
		s, ok := r.Had[t.Team]
		if _, once := r.Former[t.Team]; once && !ok {
			// It left before such records were kept: no later than the last change of hands.
			s, ok = Stay{Came: r.Created, Left: c.leftAt()}, true
		}
		return ok && fresh(s) && t.overlaps(s)
	})
}

// overlaps reports whether somebody was in the team while it had the case.
func (t Tenure) overlaps(s Stay) bool {
	return !t.Since.After(s.Left) && (t.Until.IsZero() || !t.Until.Before(s.Came))
}

// applyLate decides about work that comes from who has the case no more: what they
// add is added; what would change state or words is the office's to decide, and
// nothing of it is public before.
func (c *change) applyLate(k kind) Result {
	switch c.edit.Kind {
	case KindNote, KindAttach, KindCheck, KindSet:
		return k.apply(c)
	case KindReply:
		result := k.apply(c)
		if result.Changes() {
			result.Status = Conflicting
			result.Theirs = &Theirs{Field: FieldAssignment, Value: rawOf(AssignArgs{c.before.Team, c.before.User}), At: c.leftAt()}
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

// leftAt is when the case last changed hands.
func (c *change) leftAt() time.Time { return c.before.Changed[FieldAssignment].At }

func (c *change) lateTransition(args TransitionArgs) Result {
	if !args.To.Valid() {
		return refused(Refuse(CodeUnknownValue, "field", "status"))
	}
	if err := tidyAll(tidied{"reason", &args.Reason, MaxReason}, tidied{"why", &args.Why, MaxReason}); err != nil {
		return refused(err)
	}
	switch {
	case c.before.Status == args.To:
		return merged()
	case !mayEver(c.edit.Actor.Role, args.To):
		return refused(Refuse(CodeForbidden))
	}
	// Why they did it is theirs to tell, whatever the office decides.
	for _, said := range []string{args.Reason, args.Why} {
		if said == "" {
			continue
		}
		if err := c.words(&TextArgs{Text: said}, TextNote); err != nil {
			return refused(err)
		}
		put(&c.r.Notes, c.edit.ID, Note{By: c.edit.Actor.User, At: c.now})
		break // there is a reason or a why, never both
	}
	c.record(args)
	return c.conflict(FieldStatus, args.To, c.before.Status)
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
	case args.Team == c.before.Team && args.User == c.before.User:
		return merged()
	default:
		return c.conflict(FieldAssignment, args, AssignArgs{c.before.Team, c.before.User})
	}
}
