package civic

// TextArgs are the words of a note, a reply or a message. Public lets anybody
// read a reply; else only the reporter does.
type TextArgs struct {
	Text    string  `json:"text"`
	Public  bool    `json:"public,omitempty"`
	Channel Channel `json:"channel,omitempty"`
	// Media are addresses of pictures to fetch, for other programs only.
	Media []string `json:"media,omitempty"`
}

// said is what the history keeps of words: that there were some.
type said struct {
	Public bool `json:"public,omitempty"`
}

// words checks a text and hands it to be kept apart, under the edit's id.
func (c *change) words(args *TextArgs, k TextKind) *Error {
	if err := tidyAll(tidied{"text", &args.Text, MaxText}); err != nil {
		return err
	}
	if args.Text == "" {
		return Refuse(CodeMissing, "field", "text")
	}
	if len(c.r.Notes) >= MaxWords || len(c.r.Messages) >= MaxWords {
		return Refuse(CodeLimit, "field", "text", "max", MaxWords)
	}
	c.out.Texts = append(c.out.Texts, Text{ID: c.edit.ID, Kind: k, Text: args.Text})
	c.record(said{args.Public})
	return nil
}

func (c *change) note(args TextArgs) Result {
	if err := c.words(&args, TextNote); err != nil {
		return refused(err)
	}
	put(&c.r.Notes, c.edit.ID, Note{By: c.edit.Actor.User, At: c.now})
	return applied()
}

func (c *change) reply(args TextArgs) Result {
	if err := c.words(&args, TextMessage); err != nil {
		return refused(err)
	}
	m := Message{Public: args.Public, Channel: args.Channel, Held: c.late}
	if m.Public {
		m.Withheld = Personal(args.Text)
		m.Held = m.Held || len(m.Withheld) > 0 || !c.edit.Actor.Answers()
	}
	c.say(m)
	if !m.Held {
		c.replied(c.edit.Actor.Role)
	}
	return applied()
}

// replied notes the town's first answer, by a person, when the reporter can read it.
func (c *change) replied(by Role) {
	if c.r.Replied.IsZero() && by != RoleSystem {
		c.r.Replied = c.now
	}
	c.effect(EffectTell)
}

func (c *change) message(args TextArgs) Result {
	if err := c.words(&args, TextMessage); err != nil {
		return refused(err)
	}
	if err := c.fetch(args.Media); err != nil {
		return refused(err)
	}
	// What is said by the code alone waits until a person has looked.
	c.say(Message{Channel: args.Channel, Held: c.edit.Actor.Proof == ProofCode})
	return applied()
}

func (c *change) say(m Message) {
	m.From, m.By, m.At = c.edit.Actor.Role, c.edit.Actor.User, c.now
	if !m.Channel.Valid() {
		m.Channel = channelOf(c.edit.Actor)
	}
	put(&c.r.Messages, MessageID(c.edit.ID), m)
}

// CheckArgs answer one line of the service's checklist.
type CheckArgs struct {
	Item  string `json:"item"`
	Value string `json:"value"`
}

func (c *change) check(args CheckArgs) Result {
	if err := tidyAll(tidied{"item", &args.Item, 80}, tidied{"value", &args.Value, MaxReason}); err != nil {
		return refused(err)
	}
	c.record(args)
	if args.Item == "" {
		return refused(Refuse(CodeMissing, "field", "item"))
	}
	if !c.hasItem(args.Item) {
		return refused(Refuse(CodeUnknownValue, "field", "item"))
	}
	f := Field("check:" + args.Item)
	was := c.before.Checklist[args.Item].Value
	if was == args.Value && !c.blind() {
		return merged()
	}
	put(&c.r.Checklist, args.Item, Check{Value: args.Value, By: c.edit.Actor.User, At: c.now})
	c.touch(f)
	return c.appliedOver(f, was)
}

// hasItem reports whether the service's checklist has the item; a service
// without a checklist takes any.
func (c *change) hasItem(item string) bool {
	list := c.rules.Services[c.r.Service].Checklist
	for _, line := range list {
		if line.Item == item {
			return true
		}
	}
	return len(list) == 0
}

// ContestArgs say in what way it is not all right.
type ContestArgs struct {
	Text string `json:"text,omitempty"`
}

// ContestDays is how long after the answer a person may say that it is not all
// right.
const ContestDays = 30

func (c *change) contest(args ContestArgs) Result {
	if c.edit.Actor.Role == RoleCitizen && c.edit.Actor.Proof != ProofSecret {
		return refused(Refuse(CodeForbidden))
	}
	if c.before.Status.Open() {
		return merged()
	}
	if c.now.After(c.before.Closed.AddDate(0, 0, ContestDays)) {
		return refused(Refuse(CodeTooLate, "days", ContestDays))
	}
	c.record(struct{}{})
	if args.Text != "" {
		words := TextArgs{Text: args.Text}
		if err := c.words(&words, TextMessage); err != nil {
			return refused(err)
		}
		c.say(Message{})
	}
	c.moveTo(StatusAcknowledged)
	return applied()
}
