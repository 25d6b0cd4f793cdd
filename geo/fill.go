package geo

import (
	"cmp"
	"math/bits"
	"slices"
)

// filledRows is about how many rows a page has when a directory is filled at
// once: enough below pageRows that hardly any page splits at the next change.
const filledRows = pageRows * 3 / 4

// newDirectoryFor returns a directory with pages for n ids, to be filled with
// push and made ready with sort.
func newDirectoryFor(n int) *directory {
	depth := uint(bits.Len(uint(n / filledRows)))
	d := &directory{depth: depth, pages: make([]*page, 1<<depth)}
	each := n>>depth + n>>depth/16 + 8
	for i := range d.pages {
		d.pages[i] = &page{
			depth: depth, hashes: make([]uint32, 0, each), keys: make([]Key, 0, each),
		}
	}
	return d
}

func (d *directory) push(id ID, k Key) {
	h := hashID(id)
	p := d.page(h)
	if len(p.hashes) == cap(p.hashes) {
		p.grow()
	}
	p.hashes = append(p.hashes, h)
	p.keys = append(p.keys, k)
	d.count++
}

func (d *directory) sort() {
	type row struct {
		hash uint32
		key  Key
	}
	var rows []row
	for _, p := range d.pages {
		rows = rows[:0]
		for i, h := range p.hashes {
			rows = append(rows, row{h, p.keys[i]})
		}
		slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.hash, b.hash) })
		for i, r := range rows {
			p.hashes[i], p.keys[i] = r.hash, r.key
		}
	}
}
