package civic

// AssignArgs give the work to a team, and to one person of it when User is set.
type AssignArgs struct {
	Team TeamID `json:"team,omitzero"`
	User UserID `json:"user,omitzero"`
}

// handOver notes who has the case no more, and since when.
func (c *change) handOver(to AssignArgs) {
	r := c.r
	stay := Stay{Came: r.Created, Left: c.now}
	if came, ok := c.before.Changed[FieldAssignment]; ok {
		stay.Came = came.At
	}
	if !r.Team.IsZero() && r.Team != to.Team {
		put(&r.Former, r.Team, r.Rev+1)
		put(&r.Had, r.Team, stay)
	}
	if !r.User.IsZero() && r.User != to.User {
		put(&r.HadBy, r.User, stay)
	}
	delete(r.Former, to.Team)
	delete(r.Had, to.Team)
	delete(r.HadBy, to.User)
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
