package civic

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
