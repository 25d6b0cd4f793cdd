package civic

import "slices"

// pin gives a report another PIN: the office does so for somebody who calls and
// has lost it, or whose code strangers have tried too often. What the PIN is stands
// in no edit and no log.
func (c *change) pin(struct{}) Result {
	if c.r.Erased {
		return refused(Refuse(CodeErased))
	}
	c.record(struct{}{})
	return applied()
}

// RenewsPIN reports whether somebody may give a report another PIN. had says that it has
// one: a case that somebody on site has made never does, whatever its channel.
func (a Actor) RenewsPIN(r *Report, had bool) bool {
	return had && !r.Erased && slices.Contains(KindPIN.Roles(), a.Role) && a.Reads(r)
}
