package civic

import "time"

// ErasureArgs say what happens to a reporter's wish that their data be taken away:
// they ask, or the office has answered. Taking them away is a purge.
type ErasureArgs struct {
	What string `json:"what"` // asked or answered
}

// erasure keeps the wish with its deadline, which holds however often it is asked,
// until a person has answered it.
func (c *change) erasure(args ErasureArgs) Result {
	c.record(args)
	citizen := c.edit.Actor.Role == RoleCitizen
	switch {
	case args.What == "asked" && citizen:
		if c.edit.Actor.Proof != ProofSecret {
			return refused(Refuse(CodeForbidden))
		}
		if !c.r.EraseBy.IsZero() {
			return merged()
		}
		c.r.EraseBy = ErasureDue(c.now)
	case args.What == "answered" && !citizen:
		if c.r.EraseBy.IsZero() {
			return merged()
		}
		c.r.EraseBy = time.Time{}
	case args.What == "asked" || args.What == "answered":
		return refused(Refuse(CodeForbidden))
	default:
		return refused(Refuse(CodeUnknownValue, "field", "what"))
	}
	return applied()
}
