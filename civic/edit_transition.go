package civic

import (
	"bytes"
	"regexp"
	"slices"
	"time"
)

// ReasonConfirmed is the reason of a step that somebody on site took, and that the
// office made its own: a code, since what is kept depends on nobody's language. Who
// shows a reason shows the code's sentence, text's "core." and the code.
const ReasonConfirmed = "reason.confirmed"

// TransitionArgs move the status. Reason is typed by a person where the target
// demands one, or ReasonConfirmed; For says whom a waiting case waits for; Month and
// Why belong to planned.
type TransitionArgs struct {
	From   Status `json:"from,omitempty"`
	To     Status `json:"to"`
	Reason string `json:"reason,omitempty"`
	For    string `json:"for,omitempty"`
	Month  string `json:"month,omitempty"`
	Why    string `json:"why,omitempty"`
}

var monthShape = regexp.MustCompile(`^20[0-9]{2}-(0[1-9]|1[0-2])$`)

func (c *change) transition(args TransitionArgs) Result {
	if !args.To.Valid() {
		return refused(Refuse(CodeUnknownValue, "field", "status"))
	}
	if err := tidyAll(tidied{"reason", &args.Reason, MaxReason}, tidied{"why", &args.Why, MaxReason}); err != nil {
		return refused(err)
	}
	c.record(args)
	now := c.before.Status
	if now == args.To {
		return merged()
	}
	step := Step{now, args.To}
	if !step.Legal() || (now == StatusWaiting && args.To.Open() && c.before.Waiting != nil && args.To != c.before.Waiting.Was) {
		if last := c.newer(FieldStatus); last != nil && c.edit.Actor.Role != RoleSystem && mayEver(c.edit.Actor.Role, args.To) {
			return c.conflict(FieldStatus, args.To, now)
		}
		return refused(Refuse(CodeIllegalStep, "from", string(now), "to", string(args.To)))
	}
	if !MayTake(c.edit.Actor.Role, step) || (c.edit.Actor.Role == RoleCitizen && c.edit.Actor.Proof != ProofSecret) {
		return refused(Refuse(CodeForbidden))
	}
	if err := c.demands(args); err != nil {
		return refused(err)
	}
	c.moveTo(args.To)
	if c.edit.Actor.Staff() {
		c.settle(FieldStatus)
	}
	switch args.To {
	case StatusPlanned:
		c.r.Planned = &Planned{Month: args.Month, Why: args.Why}
	case StatusWaiting:
		c.r.Waiting = &Waiting{For: args.For, Was: now, Since: c.now}
	case StatusResolved, StatusRejected:
		c.r.Reason = args.Reason
	}
	return applied()
}

// demands checks what the target status asks for.
func (c *change) demands(args TransitionArgs) *Error {
	switch args.To {
	case StatusResolved:
		if args.Reason == "" && !c.r.hasAfterPhoto() {
			return Refuse(CodeProofWanted)
		}
	case StatusRejected:
		if args.Reason == "" {
			return Refuse(CodeReasonWanted)
		}
	case StatusPlanned:
		if !monthShape.MatchString(args.Month) {
			return Refuse(CodeInvalid, "field", "month")
		}
	case StatusWaiting:
		if args.For != "citizen" && args.For != "body" {
			return Refuse(CodeUnknownValue, "field", "for")
		}
	case StatusInProgress:
		return c.checklistFirst()
	}
	return nil
}

// checklistFirst refuses to start work while a blocking line is open.
func (c *change) checklistFirst() *Error {
	for _, line := range c.rules.Services[c.r.Service].Checklist {
		if check, ok := c.r.Checklist[line.Item]; line.Blocks && (!ok || check.Value == "") {
			return Refuse(CodeChecklist, "item", line.Item)
		}
	}
	return nil
}

func (r *Report) hasAfterPhoto() bool {
	for hash := range r.Photos {
		if p := r.Photos[hash]; p.Stage == StageAfter && !p.Document() && p.State != PhotoRejected {
			return true
		}
	}
	return false
}

// moveTo changes the status and all that hangs on it: what the old one meant is
// forgotten, the instant of leaving the open group is kept, a pause for the
// citizen is added to the deadline.
func (c *change) moveTo(to Status) {
	r := c.r
	if w := r.Waiting; w != nil && r.Status == StatusWaiting {
		if w.For == "citizen" && !r.Deadlines.Resolution.IsZero() {
			paused := c.rules.Calendar.Between(w.Since, c.now)
			r.Deadlines.Resolution = c.rules.Calendar.Add(r.Deadlines.Resolution, paused)
		}
		r.Waiting = nil
	}
	if to != StatusPlanned && to != StatusWaiting {
		r.Planned = nil
	}
	switch wasOpen := r.Status.Open(); {
	case wasOpen && !to.Open():
		r.Closed = c.now
	case !wasOpen && to.Open():
		r.Closed, r.Reason, r.Archived = time.Time{}, "", false
	}
	r.Status = to
	c.touch(FieldStatus)
	c.effect(EffectTell)
}

// conflict keeps a value that cannot stand beside what is there, until the office
// decides. What is there was set by the last change of the field, or came with the
// report.
func (c *change) conflict(f Field, value, theirs any) Result {
	for _, k := range c.r.Conflicts {
		if k.Field == f && k.By == c.edit.Actor.User && bytes.Equal(k.Value, rawOf(value)) {
			return merged() // it waits already
		}
	}
	if len(c.r.Conflicts) >= MaxConflicts {
		return refused(Refuse(CodeLimit, "field", "conflicts", "max", MaxConflicts))
	}
	put(&c.r.Conflicts, c.edit.ID, Conflict{Field: f, Value: rawOf(value), By: c.edit.Actor.User, At: c.now})
	last, ok := c.before.Changed[f]
	if !ok {
		last.At = c.before.Created
	}
	return Result{Status: Conflicting, Theirs: c.theirs(f, &last, theirs)}
}

// undecided reports whether two people's values wait for a decision in one of the
// fields.
func (c *change) undecided(fields ...Field) bool {
	for _, k := range c.r.Conflicts {
		if slices.Contains(fields, k.Field) {
			return true
		}
	}
	return false
}

// settle forgets the conflicts over a field that somebody has now decided.
func (c *change) settle(f Field) {
	for id, k := range c.r.Conflicts {
		if k.Field == f {
			delete(c.r.Conflicts, id)
		}
	}
}
