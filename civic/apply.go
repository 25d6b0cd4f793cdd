package civic

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Apply decides what an edit does to a report, and is the only function that
// changes one. It is pure and total: the same arguments give the same answer,
// and every edit gets one.
//
// The zero Report stands for one that does not exist. The returned report is a
// copy; the argument is left as it was. now is the server's clock. The error is
// for callers that break the contract (no rules); what a person did wrong is a
// Result with status refused.
func Apply(rules *Rules, report Report, edit Edit, now time.Time) (Report, Outcome, error) {
	if rules == nil {
		return report, Outcome{}, fmt.Errorf("apply edit %s: no rules", edit.ID)
	}
	now = now.UTC().Truncate(time.Millisecond)
	next := report.Clone()
	c := &change{rules: rules, before: &report, r: &next, edit: &edit, now: now}
	result := c.decide()
	if !result.Changes() {
		out := Outcome{Result: result}
		if result.Status != Refused {
			out.Result.Rev, out.Record = report.Rev, c.out.Record
		}
		return report, out, nil
	}
	next.Rev = report.Rev + 1
	for _, f := range c.touched {
		put(&next.Changed, f, Changed{
			Rev: next.Rev, By: edit.Actor.User, Device: edit.Actor.Device, Role: edit.Actor.Role, At: now,
		})
	}
	result.Rev = next.Rev
	c.out.Result = result
	c.out.Update = c.published()
	return next, c.out, nil
}

// change is one edit in the course of being decided.
type change struct {
	rules   *Rules
	before  *Report
	r       *Report
	edit    *Edit
	now     time.Time
	touched []Field
	late    bool // by somebody who has the case no more; see late.go
	out     Outcome
}

// kind is how one kind of edit is read, who may make it, and what it does.
type kind struct {
	roles []Role
	apply func(*change) Result
}

func (c *change) decide() Result {
	if c.edit.Bad != nil {
		return refused(c.edit.Bad)
	}
	k, ok := kinds[c.edit.Kind]
	if !ok {
		return refused(Refuse(CodeUnknownEdit, "kind", string(c.edit.Kind)))
	}
	if c.edit.Kind == KindCreate {
		if c.before.Exists() {
			return c.createAgain()
		}
	} else if !c.before.Exists() || !c.mayTouch() {
		// Unknown and forbidden are refused alike, so that nobody learns which
		// reports exist.
		return refused(Refuse(CodeUnknownReport))
	}
	if c.before.Erased && c.edit.Actor.Role == RoleCitizen {
		return refused(Refuse(CodeErased))
	}
	if !slices.Contains(k.roles, c.edit.Actor.Role) {
		return refused(Refuse(CodeForbidden))
	}
	if c.late {
		return c.applyLate(k)
	}
	return k.apply(c)
}

// mayTouch reports whether the actor has this report before them at all.
func (c *change) mayTouch() bool {
	a, r := c.edit.Actor, c.before
	switch {
	case a.Staff():
		return a.Reads(r)
	case a.Role == RoleService:
		// Another program acts on what it made; on what everybody sees if it may.
		return a.Every && r.Visible || r.Source != nil && r.Source.Client == a.Client && a.Client != ""
	case a.Role == RoleCitizen:
		// Anybody may say "me too" to what anybody may see.
		return a.Proof != ProofNone || c.edit.Kind == KindFollow && r.visible(c.rules.Services[r.Service])
	case a.Field():
		if a.Reads(r) {
			return true
		}
		c.late = c.had()
		return c.late
	}
	return false
}

// on reads the arguments of a kind and hands them over; arguments that cannot
// be read are refused as bad_edit.
func on[A any](roles []Role, do func(*change, A) Result) kind {
	return kind{roles: roles, apply: func(c *change) Result {
		var args A
		if len(c.edit.Args) > 0 {
			if err := json.Unmarshal(c.edit.Args, &args); err != nil {
				return refused(Refuse(CodeBadEdit, "why", "args"))
			}
		}
		return do(c, args)
	}}
}

// newer is the change of a field that the author had not seen: one after their
// base, by somebody else or from another device. Earlier edits of the same
// device are never news to it.
func (c *change) newer(f Field) *Changed {
	last, ok := c.before.Changed[f]
	if !ok || last.Rev <= c.edit.BaseRev {
		return nil
	}
	a := c.edit.Actor
	if !a.Device.IsZero() && last.Device == a.Device {
		return nil
	}
	return &last
}

// touch marks fields as changed by this edit.
func (c *change) touch(fields ...Field) { c.touched = append(c.touched, fields...) }

// record replaces what the history keeps of the arguments.
func (c *change) record(kept any) {
	b, err := json.Marshal(kept)
	if err != nil {
		b = []byte("{}")
	}
	c.out.Record = b
}

// effect asks for work after the commit.
func (c *change) effect(k EffectKind) { c.out.Effects = append(c.out.Effects, Effect{Kind: k}) }

func (c *change) theirs(f Field, last *Changed, value any) *Theirs {
	t := &Theirs{Field: f, By: last.By, At: last.At}
	if !settables[f].private {
		t.Value = rawOf(value)
	}
	return t
}

// rawOf is a value as JSON, and nothing for no value: bodies hold no null.
func rawOf(value any) json.RawMessage {
	raw, err := json.Marshal(value)
	if err != nil || string(raw) == "null" {
		return nil
	}
	return raw
}

func applied() Result { return Result{Status: Applied} }
func merged() Result  { return Result{Status: Merged} }

func refused(e *Error) Result {
	return Result{Status: Refused, Code: e.Code, Args: e.Args}
}

// appliedOver is applied, or noticed where the field had changed meanwhile.
func (c *change) appliedOver(f Field, was any) Result {
	if last := c.newer(f); last != nil {
		return Result{Status: Noticed, Theirs: c.theirs(f, last, was)}
	}
	return applied()
}
