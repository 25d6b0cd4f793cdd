package geo

// Tally counts the reports of a cell.
type Tally struct {
	Open, Closed uint32
	SumX, SumY   uint64

	// Box holds every counted report. It is exact where rows were read one by
	// one and may be wider, up to the cell, where ready sums were used.
	Box Box
}

// Count returns the number of reports.
func (t *Tally) Count() uint32 { return t.Open + t.Closed }

// Mean returns the mean position, rounded down. The tally is not empty.
func (t *Tally) Mean() Position {
	n := uint64(t.Count())
	return Position{X: uint32(t.SumX / n), Y: uint32(t.SumY / n)}
}

// Add adds the reports of o.
func (t *Tally) Add(o *Tally) {
	t.Open += o.Open
	t.Closed += o.Closed
	t.SumX += o.SumX
	t.SumY += o.SumY
	t.Box.Union(o.Box)
}

// total adds the wanted classes of ready sums over the rows from a to b.
func (t *Tally) total(m *Query, o *total, a, b Key) {
	before := t.Count()
	for c := range classes {
		if m.classes>>c&1 == 0 {
			continue
		}
		if c&1 == 1 {
			t.Closed += o.n[c]
		} else {
			t.Open += o.n[c]
		}
		t.SumX += o.sx[c]
		t.SumY += o.sy[c]
	}
	if t.Count() != before {
		t.Box.Union(boxOf(a, b))
	}
}

// rows adds the rows i to j of the chunk.
func (t *Tally) rows(m *Query, c *chunk, i, j int) {
	if !m.ready {
		t.scan(m, c, i, j)
		return
	}
	from := (i + blockRows - 1) / blockRows
	to := j / blockRows
	if from >= to {
		t.scan(m, c, i, j)
		return
	}
	t.scan(m, c, i, from*blockRows)
	var sum total
	for b := from; b < to; b++ {
		sum.addBlock(&c.blocks[b])
	}
	t.total(m, &sum, c.keys[from*blockRows], c.keys[to*blockRows-1])
	t.scan(m, c, to*blockRows, j)
}

// scan adds the rows i to j, block by block.
func (t *Tally) scan(m *Query, c *chunk, i, j int) {
	for i < j {
		end := min(j, i-i%blockRows+blockRows)
		t.block(m, c, i, end)
		i = end
	}
}
