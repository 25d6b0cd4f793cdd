package civic

import "slices"

// ConfidentialBody is a confidential report as desk:<id> and own:<id> hold it: that
// it is there and how it stands. The rest is asked for when somebody opens it, and
// that look is noted.
type ConfidentialBody struct {
	Code         Code      `json:"code"`
	Service      ServiceID `json:"service"`
	Status       Status    `json:"status"`
	Area         AreaID    `json:"area,omitzero"`
	Deadlines    Deadlines `json:"deadlines,omitzero"`
	Confidential bool      `json:"confidential"`
}

func confidentialBody(r *Report) ConfidentialBody {
	return ConfidentialBody{
		Code: r.Code, Service: r.Service, Status: r.Status, Area: r.Area, Deadlines: r.Deadlines, Confidential: true,
	}
}

// Reads reports whether the actor sees the whole of a case: every member of the
// staff, the team or the person whose work it is. A confidential one is its desk's,
// its owner's and the administrators' alone.
func (a Actor) Reads(r *Report) bool {
	mine := !a.User.IsZero() && r.Owner == a.User
	switch {
	case a.Role == RoleSystem || a.Role == RoleAdmin:
		return true
	case r.Confidential:
		return a.Staff() && (mine || slices.Contains(a.Desks, r.Desk) && !r.Desk.IsZero())
	case a.Staff():
		return true
	default:
		return a.Field() && (a.InTeam(r.Team) || mine || !a.User.IsZero() && r.User == a.User)
	}
}

// classify notes whether a report's service is confidential, and takes one that has
// become so from the team and the person who are not to know of it.
func (c *change) classify(s Service) {
	r := c.r
	if r.Confidential = s.Confidential; !r.Confidential {
		return
	}
	if !r.Team.IsZero() || !r.User.IsZero() {
		c.handOver(AssignArgs{})
		r.Team, r.User = TeamID{}, UserID{}
		c.touch(FieldAssignment)
		c.out.Why = "hidden"
	}
}
