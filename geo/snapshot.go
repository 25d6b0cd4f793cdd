package geo

// Snapshot is the index at one moment. It never changes, needs no lock and may
// be kept; what it holds is freed with the last reference to it.
type Snapshot struct {
	root    *root
	version uint64
}

// Version counts the changes of this index, on this node.
func (s *Snapshot) Version() uint64 { return s.version }

// Len returns the number of reports.
func (s *Snapshot) Len() int { return s.root.total.rows() }

// Cursor returns a cursor before the first row.
func (s *Snapshot) Cursor() Cursor { return Cursor{r: s.root} }

// Tally counts the reports of a cell that match, in O(log n) where the query
// asks for whole groups, else in O(rows of the cell).
func (s *Snapshot) Tally(c Cell, q *Query) Tally {
	t := Tally{Box: EmptyBox()}
	r := c.Range()
	at := s.Cursor()
	at.Seek(r.First)
	at.Tally(r.Last, q, &t)
	return t
}

// Digest returns the sum of the digests of the reports in the range: those
// the public sees, or all. It depends on the ids, their revs and what is
// public, not on the history, so every node that has read the same log, or the
// same database, has the same.
func (s *Snapshot) Digest(r Range, public bool) uint64 {
	var d [2]uint64
	at := s.Cursor()
	at.Seek(r.First)
	at.digest(r.Last, &d)
	if public {
		return d[1]
	}
	// Staff also see which are hidden.
	return d[1] + d[0]*0x9e3779b97f4a7c15
}
