package civic

import "encoding/json"

// OpKind is what happens to a report in a scope.
type OpKind string

// The kinds of op: in with the whole body, a merge patch of the body, out.
const (
	OpEnter OpKind = "enter"
	OpPatch OpKind = "patch"
	OpLeave OpKind = "leave"
)

// Op is one line of a scope's log. ID is a report's, or in town: the id of a
// service, a desk, a team, an area or a person.
type Op struct {
	V    int64           `json:"v"`
	Kind OpKind          `json:"k"`
	ID   ReportID        `json:"id"`
	Rev  int64           `json:"rev"`
	Body json.RawMessage `json:"body,omitempty"`
	Why  string          `json:"why,omitempty"`
	Edit EditID          `json:"edit,omitzero"`
}

// ScopedOp is an op before its version is known.
type ScopedOp struct {
	Scope Scope
	Op
	// Was is the rev that the scope held before, 0 when it held none.
	Was int64
}

// Emit lists the ops that follow from a change of a report, at most one a
// scope. was gives the rev held in each scope before; blank sends whole bodies,
// which replace what copies still hold of redacted words.
func Emit(before, after *Report, held map[Scope]int64, edit EditID, why string, blank bool) []ScopedOp {
	now := ScopesOf(after)
	ops := make([]ScopedOp, 0, len(now)+1)
	in := make(map[Scope]bool, len(now))
	for _, s := range now {
		in[s] = true
		op := ScopedOp{Scope: s, Was: held[s], Op: Op{ID: after.ID, Rev: after.Rev, Edit: edit}}
		if op.Was > 0 && !blank && op.Was == before.Rev {
			op.Kind = OpPatch
			op.Body = Diff(Project(s.Kind(), before), Project(s.Kind(), after))
		} else {
			op.Kind, op.Body = OpEnter, Project(s.Kind(), after)
		}
		ops = append(ops, op)
	}
	for s, rev := range held {
		if !in[s] {
			ops = append(ops, ScopedOp{Scope: s, Was: rev, Op: Op{
				Kind: OpLeave, ID: after.ID, Rev: after.Rev, Why: leaveWhy(s, why), Edit: edit,
			}})
		}
	}
	return ops
}

// leaveWhy names the reason of a leave: the outcome's, or the likeliest for the
// kind of scope.
func leaveWhy(s Scope, why string) string {
	switch {
	case why != "":
		return why
	case s.Kind() == ScopeArea, s.Kind() == ScopeDesk:
		return "moved"
	default:
		return "reassigned"
	}
}
