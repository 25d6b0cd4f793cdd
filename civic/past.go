package civic

import "time"

// Past is a case as another system, or a demonstration, tells it: its edits in
// order, each with the instant at which the town decided it. Importing a Past
// runs the same rules over it as over any edit.
//
// The ids derive from the source and its row, so that telling it twice changes
// nothing. The first edit creates the report; those that the rules refuse are
// counted and left out, except the first, without which there is no case.
type Past struct {
	Report ReportID
	Line   int // of the table it comes from, where there is one
	Edits  []PastEdit
}

// PastEdit is one edit of a Past, with its actor set.
type PastEdit struct {
	Edit
	Now time.Time
}

// Told is what came of telling a batch of past cases: how many are new, how
// many were here already, and which edits the rules refused.
type Told struct {
	New, Known int
	Refused    []RefusedPast
}

// RefusedPast is an edit of a past case that the rules did not take.
type RefusedPast struct {
	Report ReportID
	Line   int
	Kind   Kind
	Code   string
}

// Refuse notes a refusal.
func (t *Told) Refuse(p Past, e Edit, r Result) {
	t.Refused = append(t.Refused, RefusedPast{p.Report, p.Line, e.Kind, r.Code})
}
