package civic

import (
	"encoding/json"
	"reflect"
	"slices"
)

// SetArgs change one field. Base is the value that the author saw; without it
// only the rev decides whether the field changed meanwhile.
type SetArgs struct {
	Field Field           `json:"field"`
	Value json.RawMessage `json:"value"`
	Base  json.RawMessage `json:"base,omitempty"`
}

// settable is one field that set may change: how it is read off a report and
// written to it. Careful fields keep both values when two people changed them.
type settable struct {
	careful bool
	// proposed fields are a citizen's words and place: whoever does not answer for the
	// town proposes another, and the office decides.
	proposed bool
	roles    []Role // nil: whoever may set at all
	read     func(*Report) any
	write    func(*change, json.RawMessage) *Error
	private  bool // the history keeps the field's name and not its text
}

// recorded is what the history keeps of a value: nothing of people's own words.
func (f settable) recorded(value json.RawMessage) json.RawMessage {
	if f.private {
		return nil
	}
	return value
}

var settables = map[Field]settable{
	FieldTitle: {
		careful: true, proposed: true, private: true,
		read:  func(r *Report) any { return r.Title },
		write: reread(text(MaxTitle, func(r *Report) *string { return &r.Title })),
	},
	FieldDescription: {
		careful: true, proposed: true, private: true,
		read:  func(r *Report) any { return r.Description },
		write: reread(text(MaxDescription, func(r *Report) *string { return &r.Description })),
	},
	FieldAddress: {
		careful: true, proposed: true, private: true,
		read:  func(r *Report) any { return r.Address },
		write: (*change).setAddress,
	},
	FieldLocation: {
		careful: true, proposed: true,
		read: func(r *Report) any {
			if r.Position == nil {
				return nil
			}
			return *r.Position
		},
		write: (*change).setLocation,
	},
	FieldService: {
		careful: true, roles: answerers,
		read:  func(r *Report) any { return r.Service },
		write: (*change).setService,
	},
	FieldPriority: {
		roles: answerers,
		read:  func(r *Report) any { return r.Priority },
		write: (*change).setPriority,
	},
	FieldHazard: {
		read:  func(r *Report) any { return r.Hazard },
		write: (*change).setHazard,
	},
	// These are changed by edits of their own. Set to what they are they settle what
	// others wished: the office leaves them so.
	FieldStatus:     left(func(r *Report) any { return r.Status }),
	FieldAssignment: left(func(r *Report) any { return AssignArgs{r.Team, r.User} }),
}

// left is a field that set may only leave as it is.
func left(read func(*Report) any) settable {
	return settable{roles: answerers, read: read, write: func(c *change, raw json.RawMessage) *Error {
		if !sameJSON(raw, read(c.r)) {
			return Refuse(CodeUnknownValue, "field", "value")
		}
		return nil
	}}
}

func (c *change) set(args SetArgs) Result {
	field, ok := settables[args.Field]
	if !ok {
		return refused(Refuse(CodeUnknownValue, "field", "field"))
	}
	if field.roles != nil && !slices.Contains(field.roles, c.edit.Actor.Role) {
		return refused(Refuse(CodeForbidden))
	}
	was := field.read(c.before)
	if err := field.write(c, args.Value); err != nil {
		return refused(err)
	}
	c.record(struct {
		Field Field           `json:"field"`
		Value json.RawMessage `json:"value,omitempty"`
	}{args.Field, field.recorded(args.Value)})
	wanted := field.read(c.r)
	last := c.newer(args.Field)
	if reflect.DeepEqual(was, wanted) && !c.blind() {
		if len(c.before.Conflicts) > 0 && last == nil && c.decides(args.Field) {
			c.settle(args.Field)
			c.touch(args.Field)
			return applied()
		}
		return merged()
	}
	if last != nil && sameJSON(args.Base, was) {
		last = nil
	}
	if last != nil && field.careful || field.proposed && !c.edit.Actor.Answers() || c.late {
		*c.r = c.before.Clone()
		c.out.Effects, c.out.Follow, c.out.Why = nil, nil, ""
		return c.conflict(args.Field, wanted, was)
	}
	c.keepOriginal(args.Field)
	if c.decides(args.Field) {
		c.settle(args.Field)
	}
	c.touch(args.Field)
	if last != nil {
		return Result{Status: Noticed, Theirs: c.theirs(args.Field, last, was)}
	}
	return applied()
}

// keepOriginal keeps a citizen's own words when the office corrects them for the
// first time.
func (c *change) keepOriginal(f Field) {
	written := c.before.Channel != ChannelStaff && c.before.Channel != ChannelPhone && c.before.Channel != ChannelCounter
	if (f == FieldTitle || f == FieldDescription) && written && c.before.Original == nil && c.before.Title+c.before.Description != "" {
		c.r.Original = &Words{Title: c.before.Title, Description: c.before.Description}
	}
}

// decides reports whether this edit settles an open conflict over a field: an
// operator's word does.
func (c *change) decides(f Field) bool {
	if !c.edit.Actor.Staff() {
		return false
	}
	for _, k := range c.r.Conflicts {
		if k.Field == f {
			return true
		}
	}
	return false
}

func text(longest int, at func(*Report) *string) func(*change, json.RawMessage) *Error {
	return func(c *change, raw json.RawMessage) *Error {
		var s string
		if json.Unmarshal(raw, &s) != nil {
			return Refuse(CodeBadEdit, "why", "value")
		}
		s, err := tidy("value", s, longest)
		if err != nil {
			return err
		}
		*at(c.r) = s
		return nil
	}
}

// reread looks again for personal data in words that change, whoever writes them.
func reread(write func(*change, json.RawMessage) *Error) func(*change, json.RawMessage) *Error {
	return func(c *change, raw json.RawMessage) *Error {
		if err := write(c, raw); err != nil {
			return err
		}
		c.r.Withheld = Personal(c.r.Title, c.r.Description)
		return nil
	}
}

// setAddress takes the words, and where they are others than before what the gazetteer
// says of them: an address that names one street is not shown on another.
func (c *change) setAddress(raw json.RawMessage) *Error {
	if err := text(MaxAddress, func(r *Report) *string { return &r.Address })(c, raw); err != nil {
		return err
	}
	if spot := c.edit.Minted.Spot; spot != nil && c.r.Position != nil && c.r.Address != c.before.Address {
		c.r.Spot = spot
	}
	return nil
}

func (c *change) setLocation(raw json.RawMessage) *Error {
	var p struct{ Lon, Lat *float64 }
	if json.Unmarshal(raw, &p) != nil {
		return Refuse(CodeBadEdit, "why", "value")
	}
	if err := c.place(p.Lon, p.Lat); err != nil {
		return err
	}
	c.r.Visible = c.r.visible(c.rules.Services[c.r.Service])
	c.out.Why = "moved"
	if c.before.Position == nil && c.r.Status == StatusNew && c.r.Team.IsZero() {
		c.route()
	}
	return nil
}

// route sends a case that has just got its place where it would have gone with it:
// to the route's desk and team.
func (c *change) route() {
	route := c.rules.RouteOf(c.r.Service, c.r.Area)
	if !route.Desk.IsZero() {
		c.r.Desk = route.Desk
	}
	c.follow(CreateArgs{}, route)
}

func (c *change) setService(raw json.RawMessage) *Error {
	var name string
	if json.Unmarshal(raw, &name) != nil {
		return Refuse(CodeBadEdit, "why", "value")
	}
	s, ok := c.rules.ServiceByName(name)
	if !ok {
		return Refuse(CodeUnknownValue, "field", "service")
	}
	c.r.Service = s.ID
	c.r.Deadlines = c.rules.deadlines(s, c.r.Created)
	if route := c.rules.RouteOf(s.ID, c.r.Area); !route.Desk.IsZero() {
		c.r.Desk = route.Desk
	} else if !s.Desk.IsZero() {
		c.r.Desk = s.Desk
	}
	c.out.Why = "moved"
	c.classify(s)
	c.r.Visible = c.r.visible(s)
	return nil
}

func (c *change) setPriority(raw json.RawMessage) *Error {
	var p Priority
	if json.Unmarshal(raw, &p) != nil {
		return Refuse(CodeBadEdit, "why", "value")
	}
	switch p {
	case "normal":
		p = PriorityNormal
	case PriorityLow, PriorityNormal, PriorityHigh, PriorityUrgent:
	default:
		return Refuse(CodeUnknownValue, "field", "priority")
	}
	c.r.Priority = p
	return nil
}

func (c *change) setHazard(raw json.RawMessage) *Error {
	var h bool
	if json.Unmarshal(raw, &h) != nil {
		return Refuse(CodeBadEdit, "why", "value")
	}
	if h && !c.r.Hazard {
		c.effect(EffectHazard)
	}
	c.r.Hazard = h
	return nil
}

// sameJSON reports whether base, as a client wrote it, is the value that stood
// there.
func sameJSON(base json.RawMessage, was any) bool {
	if len(base) == 0 {
		return false
	}
	raw, err := json.Marshal(was)
	if err != nil {
		return false
	}
	var a, b any
	return json.Unmarshal(base, &a) == nil && json.Unmarshal(raw, &b) == nil && reflect.DeepEqual(a, b)
}
