package client

import (
	"time"

	"segnavia/civic"
)

// replica is one scope as held. Until the cursor reaches upto, after a snapshot,
// sums are not compared and patches or leaves of absent rows are skipped.
type replica struct {
	held   bool
	cursor int64
	upto   int64
	rows   map[civic.ReportID]Row
	sum    civic.Sum // of rows, kept by put and drop

	wrong  bool      // its sum differs from the server's
	mendAt time.Time // before then the server does not repair it again
}

func newReplica() *replica { return &replica{rows: make(map[civic.ReportID]Row)} }

func (r *replica) put(id civic.ReportID, row Row) {
	r.drop(id)
	r.rows[id] = row
	r.sum = r.sum.Add(civic.SumOf(id, row.Rev))
}

func (r *replica) drop(id civic.ReportID) {
	if have, in := r.rows[id]; in {
		delete(r.rows, id)
		r.sum = r.sum.Sub(civic.SumOf(id, have.Rev))
	}
}

// computeSum adds up the rows afresh, whatever was kept.
func (r *replica) computeSum() (s civic.Sum) {
	for id, row := range r.rows {
		s = s.Add(civic.SumOf(id, row.Rev))
	}
	return s
}

// apply takes the ops above the cursor. It returns false when the copy is not
// what the server says it should be.
func (r *replica) apply(d deltaFrame) (ok bool) {
	ok = true
	for _, op := range d.Ops {
		if op.V <= r.cursor {
			continue
		}
		ok = r.applyOp(op) && ok
	}
	r.cursor = d.To
	if r.cursor < r.upto {
		return true
	}
	return ok && r.sum == d.Sum
}

func (r *replica) applyOp(op civic.Op) bool {
	have, in := r.rows[op.ID]
	switch op.Kind {
	case civic.OpLeave:
		r.drop(op.ID)
	case civic.OpEnter:
		if !in || op.Rev > have.Rev {
			r.put(op.ID, Row{op.Rev, op.Body})
		}
	case civic.OpPatch:
		if !in {
			return op.V <= r.upto
		}
		if op.Rev <= have.Rev {
			return true
		}
		body, err := civic.Merge(have.Body, op.Body)
		if err != nil {
			return false
		}
		r.put(op.ID, Row{op.Rev, body})
	default:
		return false // an unknown kind: the repair brings the row
	}
	return true
}
