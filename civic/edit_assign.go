package civic

import "time"

// AssignArgs give the work to a team, and to one person of it when User is set.
type AssignArgs struct {
	Team TeamID `json:"team,omitzero"`
	User UserID `json:"user,omitzero"`
}

// handOver notes who has the case from now on, and who no more.
func (c *change) handOver(to AssignArgs) {
	r := c.r
	if !r.Team.IsZero() && r.Team != to.Team {
		put(&r.Former, r.Team, r.Rev+1)
	}
	delete(r.Former, to.Team)
	since := c.before.assignedAt()
	move(&r.Had, r.Team, to.Team, since, c.now)
	move(&r.HadBy, r.User, to.User, since, c.now)
}

// assignedAt is when the case last changed hands, or came.
func (r *Report) assignedAt() time.Time {
	if last, ok := r.Changed[FieldAssignment]; ok {
		return last.At
	}
	return r.Created
}

// move ends one stay and begins another. Whoever gets the case back goes on with the
// stay that they had. since stands for a beginning that was not kept.
func move[T any](stays *map[ID[T]]Stay, from, to ID[T], since, now time.Time) {
	if from == to {
		return
	}
	if !from.IsZero() {
		stay, kept := (*stays)[from]
		if !kept {
			stay.Came = since
		}
		stay.Left = now
		put(stays, from, stay)
	}
	if !to.IsZero() {
		stay, kept := (*stays)[to]
		if !kept {
			stay.Came = now
		}
		stay.Left = time.Time{}
		put(stays, to, stay)
	}
}

func (c *change) assign(args AssignArgs) Result {
	c.record(args)
	r := c.r
	if _, known := c.rules.Teams[args.Team]; !known && !args.Team.IsZero() {
		return refused(Refuse(CodeUnknownValue, "field", "team"))
	}
	if _, known := c.rules.Users[args.User]; !known && !args.User.IsZero() {
		return refused(Refuse(CodeUnknownValue, "field", "user"))
	}
	if args.Team.IsZero() && args.User.IsZero() {
		return refused(Refuse(CodeMissing, "field", "team"))
	}
	if r.Confidential { // nobody but its desk, its owner and the administrators knows it
		return refused(Refuse(CodeConfidential))
	}
	if args.Team == r.Team && args.User == r.User && r.Status != StatusNew && r.Status != StatusAcknowledged && r.Status != StatusPlanned {
		return merged()
	}
	if !r.Status.Open() {
		return refused(Refuse(CodeIllegalStep, "from", string(r.Status), "to", string(StatusAssigned)))
	}
	was := AssignArgs{r.Team, r.User}
	result := c.appliedOver(FieldAssignment, was)
	if last := c.newer(FieldAssignment); last != nil && c.edit.Actor.Field() && (last.Role == RoleOperator || last.Role == RoleForeman || last.Role == RoleAdmin) {
		// The office's word stands over a crew's, and the crew is told.
		return Result{Status: Noticed, Theirs: c.theirs(FieldAssignment, last, was)}
	}
	c.handOver(args)
	r.Team, r.User = args.Team, args.User
	c.touch(FieldAssignment)
	c.out.Why = "reassigned"
	if r.Status == StatusNew || r.Status == StatusAcknowledged || r.Status == StatusPlanned {
		c.moveTo(StatusAssigned)
	}
	return result
}
