package civic

// MembershipDays is how long a case stays with its team, its person and its
// desk after it left the open group; CloseDays is when the system closes a
// resolved case; ProofDays is how long the bytes of a proof may take.
const (
	MembershipDays = 14
	CloseDays      = 14
	ProofDays      = 7
)

// ExpireArgs say what the clock ends: a membership, a wait, the wait for the
// bytes of attachments, a visibility that the service no longer gives, or a spot
// that the town's streets no longer give.
type ExpireArgs struct {
	What string `json:"what"` // membership, wait, bytes, visibility or spot
}

func (c *change) expire(args ExpireArgs) Result {
	c.record(args)
	r := c.r
	switch args.What {
	case "membership":
		if r.Status.Open() || r.Archived {
			return merged()
		}
		if c.now.Before(r.Closed.AddDate(0, 0, MembershipDays)) {
			return refused(Refuse(CodeStale))
		}
		r.Archived = true
		c.out.Why = "closed"
	case "wait":
		if r.Waiting == nil || r.Status != StatusWaiting {
			return merged()
		}
		c.moveTo(r.Waiting.Was)
	case "bytes":
		return c.expireBytes()
	case "visibility":
		service := c.rules.Services[r.Service]
		was := r.Confidential
		c.classify(service)
		visible := r.visible(service)
		if visible == r.Visible && was == r.Confidential {
			return merged()
		}
		r.Visible = visible
	case "spot":
		return c.moveSpot()
	default:
		return refused(Refuse(CodeUnknownValue, "field", "what"))
	}
	return applied()
}

// expireBytes gives up on attachments whose bytes never came; a case that stood
// on such a proof goes back to acknowledged.
func (c *change) expireBytes() Result {
	gone := false
	for hash, p := range c.r.Photos {
		if p.State == PhotoWaiting && !c.now.Before(p.At.AddDate(0, 0, ProofDays)) {
			p.State = PhotoRejected
			c.r.Photos[hash] = p
			gone = true
		}
	}
	if !gone {
		return merged()
	}
	if c.r.Status == StatusResolved && c.r.Reason == "" && !c.r.hasAfterPhoto() {
		c.moveTo(StatusAcknowledged)
	}
	return applied()
}

// purge erases what people said and who they were. The bare case stays, as a
// fact of the town: what kind, where, when, how it ended.
func (c *change) purge(struct{}) Result {
	r := c.r
	if r.Erased {
		return merged()
	}
	r.Title, r.Description, r.Address = "", "", ""
	for id := range r.Messages {
		c.out.Drop = append(c.out.Drop, EditID(id))
	}
	for id := range r.Notes {
		c.out.Drop = append(c.out.Drop, id)
	}
	if r.Rating != nil && !r.Rating.Text.IsZero() {
		c.out.Drop = append(c.out.Drop, r.Rating.Text)
	}
	for hash := range r.Photos {
		c.out.Effects = append(c.out.Effects, Effect{Kind: EffectErasePhoto, SHA256: hash})
	}
	kept := r.Facets
	r.Facets = Facets{
		Erased: true, Confidential: kept.Confidential, Archived: kept.Archived, Hidden: kept.Hidden, Reason: kept.Reason,
		Waiting: kept.Waiting, Planned: kept.Planned, Safe: kept.Safe, Plan: kept.Plan,
		Checklist: kept.Checklist, Former: kept.Former, Had: kept.Had, HadBy: kept.HadBy, Changed: kept.Changed,
	}
	r.Visible = false
	c.out.Why = "erased"
	c.out.Blank = true
	c.out.Contact = &Contact{}
	return applied()
}
