package geo

// pop takes the least entry of all runs: runs is a heap by first entry.
func (b *Builder) pop() (Entry, bool) {
	if len(b.runs) == 0 {
		return Entry{}, false
	}
	top := b.runs[0]
	e := top[0][0]
	if top[0] = top[0][1:]; len(top[0]) == 0 {
		top[0] = nil
		top = top[1:]
	}
	if len(top) > 0 {
		b.runs[0] = top
	} else {
		last := len(b.runs) - 1
		b.runs[0] = b.runs[last]
		b.runs[last] = nil
		b.runs = b.runs[:last]
	}
	b.sink(0)
	return e, true
}

func (b *Builder) heapify() {
	for i := len(b.runs)/2 - 1; i >= 0; i-- {
		b.sink(i)
	}
}

func (b *Builder) sink(i int) {
	for {
		c := 2*i + 1
		if c >= len(b.runs) {
			return
		}
		if c+1 < len(b.runs) && b.less(c+1, c) {
			c++
		}
		if !b.less(c, i) {
			return
		}
		b.runs[i], b.runs[c] = b.runs[c], b.runs[i]
		i = c
	}
}

func (b *Builder) less(i, j int) bool {
	x, y := &b.runs[i][0][0], &b.runs[j][0][0]
	if x.Key != y.Key {
		return x.Key < y.Key
	}
	return x.ID.Compare(y.ID) < 0
}
