package civic

// The targets of publish, hide and redact.
const (
	TargetReport   = "report"
	TargetMessage  = "message"
	TargetNote     = "note"
	TargetPhoto    = "photo"
	TargetDocument = "document"
)

// TargetArgs point at what a person looked at: a report (its words), a message
// or a note by id, an attachment by hash. Boxes are rectangles to cover, as fractions of
// the picture: left, top, width, height. An empty list uncovers it; without one
// (nil), the whole picture goes.
type TargetArgs struct {
	Target string `json:"target"`
	ID     string `json:"id,omitempty"`
	Reason string `json:"reason,omitempty"`
	Boxes  []Box  `json:"boxes,omitzero"`
}

// pointed is what the history keeps: at what, and no words of why.
type pointed struct {
	Target string `json:"target"`
	ID     string `json:"id,omitempty"`
}

// publish shows something to everybody, after a person has looked at it.
func (c *change) publish(args TargetArgs) Result {
	c.record(pointed{args.Target, args.ID})
	switch args.Target {
	case TargetReport:
		if c.r.TextPublic && !c.r.Hidden && len(c.r.Withheld) == 0 {
			return merged()
		}
		// What was corrected before this may have met another's words: the ones that
		// stand are then not those that somebody has looked at.
		if c.undecided(FieldTitle, FieldDescription) {
			return refused(Refuse(CodeDecideFirst))
		}
		c.r.TextPublic, c.r.Hidden, c.r.Withheld = true, false, nil
	case TargetMessage:
		id, m, ok := c.findMessage(args.ID)
		if !ok {
			return unknownTarget()
		}
		if m.Public && !m.Held {
			return merged()
		}
		// An answer that waits goes to whom it was meant for.
		ours := m.Held && m.From != RoleCitizen && m.From != RoleService
		if ours {
			c.replied(m.From)
		}
		m.Public = m.Public || !ours
		m.Held, m.Withheld = false, nil
		c.r.Messages[id] = m
	case TargetPhoto:
		p, ok := c.r.Photos[SHA256(args.ID)]
		if !ok || p.State != PhotoReady || p.Document() { // nobody has looked at what is not here
			return unknownTarget()
		}
		switch c.rules.Services[c.r.Service].Public {
		case PublishPhotos:
		default:
			return refused(Refuse(CodeForbidden))
		}
		if p.Public {
			return merged()
		}
		p.Public = true
		c.r.Photos[SHA256(args.ID)] = p
	default: // documents are never public
		return unknownTarget()
	}
	c.r.Visible = c.r.visible(c.rules.Services[c.r.Service])
	return applied()
}

// hide takes something away from the public; colleagues still see it.
func (c *change) hide(args TargetArgs) Result {
	if err := tidyAll(tidied{"reason", &args.Reason, MaxReason}); err != nil {
		return refused(err)
	}
	c.record(pointed{args.Target, args.ID})
	switch args.Target {
	case TargetReport:
		if c.r.Hidden {
			return merged()
		}
		c.r.Hidden, c.r.TextPublic = true, false
	case TargetMessage:
		id, m, ok := c.findMessage(args.ID)
		if !ok {
			return unknownTarget()
		}
		if !m.Public {
			return merged()
		}
		m.Public = false
		c.r.Messages[id] = m
	case TargetPhoto, TargetDocument:
		p, ok := c.r.Photos[SHA256(args.ID)]
		if !ok {
			return unknownTarget()
		}
		if !p.Public {
			return merged()
		}
		p.Public = false
		c.r.Photos[SHA256(args.ID)] = p
		c.spread(SHA256(args.ID))
	default:
		return unknownTarget()
	}
	c.r.Visible = c.r.visible(c.rules.Services[c.r.Service])
	return applied()
}

// redact removes words or a picture for everybody, and from every copy that was
// logged. A report's own words are emptied, a message's are dropped.
func (c *change) redact(args TargetArgs) Result {
	if err := tidyAll(tidied{"reason", &args.Reason, MaxReason}); err != nil {
		return refused(err)
	}
	c.record(pointed{args.Target, args.ID})
	if args.Target == TargetPhoto && args.Boxes != nil {
		return c.coverUp(SHA256(args.ID), args.Boxes)
	}
	switch args.Target {
	case TargetReport:
		if c.r.Title == "" && c.r.Description == "" && len(c.r.Conflicts) == 0 && len(c.r.Answers) == 0 && c.r.Original == nil {
			return merged()
		}
		c.r.Title, c.r.Description, c.r.Conflicts, c.r.Answers, c.r.Withheld = "", "", nil, nil, nil
		c.r.Original = nil
		c.touch(FieldTitle, FieldDescription)
	case TargetMessage:
		id, _, ok := c.findMessage(args.ID)
		if !ok {
			return unknownTarget()
		}
		c.out.Drop = append(c.out.Drop, EditID(id))
		delete(c.r.Messages, id)
	case TargetNote:
		id, err := ParseID[Edit](args.ID)
		if _, ok := c.r.Notes[id]; err != nil || !ok {
			return unknownTarget()
		}
		c.out.Drop = append(c.out.Drop, id)
		delete(c.r.Notes, id)
	case TargetPhoto, TargetDocument:
		hash := SHA256(args.ID)
		if _, ok := c.r.Photos[hash]; !ok {
			return unknownTarget()
		}
		delete(c.r.Photos, hash)
		c.out.Effects = append(c.out.Effects, Effect{Kind: EffectErasePhoto, SHA256: hash})
		c.spread(hash)
	default:
		return unknownTarget()
	}
	c.out.Blank = true
	return applied()
}

// coverUp says what of a picture the public is not to see. A public picture is
// gone until it is covered. One that is uncovered wants to be looked at again.
func (c *change) coverUp(hash SHA256, boxes []Box) Result {
	p, ok := c.r.Photos[hash]
	if !ok || p.State != PhotoReady || p.Document() {
		return unknownTarget()
	}
	boxes, err := tidyBoxes(boxes)
	if err != nil {
		return refused(err)
	}
	if CoverOf(boxes) == CoverOf(p.Boxes) {
		return merged()
	}
	if p.Boxes = boxes; len(boxes) == 0 {
		p.Boxes, p.Cover, p.Public = nil, "", false
	} else {
		c.out.Effects = append(c.out.Effects, Effect{Kind: EffectCoverPhoto, SHA256: hash})
	}
	c.r.Photos[hash] = p
	c.spread(hash)
	return applied()
}

// spread asks that what a person did to a picture be done wherever else it is.
func (c *change) spread(hash SHA256) {
	if c.edit.Actor.Role != RoleSystem {
		c.out.Effects = append(c.out.Effects, Effect{Kind: EffectSpreadPhoto, SHA256: hash})
	}
}

func (c *change) findMessage(id string) (MessageID, Message, bool) {
	parsed, err := ParseID[Message](id)
	if err != nil {
		return MessageID{}, Message{}, false
	}
	m, ok := c.r.Messages[parsed]
	return parsed, m, ok
}

func unknownTarget() Result { return refused(Refuse(CodeUnknownValue, "field", "id")) }
