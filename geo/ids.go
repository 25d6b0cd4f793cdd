package geo

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// directory finds a report's key by its id. It belongs to the writer alone.
//
// It is an extendible hash whose pages are sorted by 32 bits of the hash and
// hold 12 bytes a report; the id itself is read in the chunk, so that it is
// kept once. A map of ids costs 40 bytes a report and grows by doubling.
type directory struct {
	depth uint    // the pages slice has 2^depth places
	pages []*page // places of one page are adjacent
	count int
}

const pageRows = 512

type page struct {
	depth  uint // the hashes of a page agree in this many top bits
	hashes []uint32
	keys   []Key
}

func newDirectory() *directory { return &directory{pages: []*page{{}}} }

// hashID mixes all bytes: ids are minted by clients and share their time.
func hashID(id ID) uint32 {
	a, b := binary.LittleEndian.Uint64(id[:8]), binary.LittleEndian.Uint64(id[8:])
	h, l := bits.Mul64(a^0xa0761d6478bd642f, b^0xe7037ed1a0b428db)
	h, l = bits.Mul64(h^l, 0x8ebc6af09c88c6e3)
	return uint32((h ^ l) >> 32)
}

func (d *directory) page(h uint32) *page { return d.pages[h>>(32-d.depth)] }

// span returns the rows of the page that have this hash.
func (p *page) span(h uint32) (int, int) {
	i, _ := slices.BinarySearch(p.hashes, h)
	j := i
	for j < len(p.hashes) && p.hashes[j] == h {
		j++
	}
	return i, j
}

// find returns the entry with this id, looking each candidate up in r.
func (d *directory) find(r *root, id ID) (Entry, bool) {
	h := hashID(id)
	p := d.page(h)
	i, j := p.span(h)
	for ; i < j; i++ {
		if e, ok := r.entry(rowKey{p.keys[i], id}); ok {
			return e, true
		}
	}
	return Entry{}, false
}

func (d *directory) add(id ID, k Key) {
	h := hashID(id)
	p := d.page(h)
	// Pages whose hashes agree in 16 bits more than chance allows only grow.
	if len(p.hashes) >= pageRows && p.depth < 28 {
		d.split(h)
		d.add(id, k)
		return
	}
	if len(p.hashes) == cap(p.hashes) {
		p.grow()
	}
	i, _ := slices.BinarySearch(p.hashes, h)
	p.hashes = slices.Insert(p.hashes, i, h)
	p.keys = slices.Insert(p.keys, i, k)
	d.count++
}

// grow makes room by a sixteenth: slack counts in the memory of a report.
func (p *page) grow() {
	n := len(p.hashes) + len(p.hashes)/16 + 8
	p.hashes = append(make([]uint32, 0, n), p.hashes...)
	p.keys = append(make([]Key, 0, n), p.keys...)
}

func (d *directory) remove(id ID, k Key) {
	h := hashID(id)
	p := d.page(h)
	for i, j := p.span(h); i < j; i++ {
		if p.keys[i] == k {
			p.hashes = slices.Delete(p.hashes, i, i+1)
			p.keys = slices.Delete(p.keys, i, i+1)
			d.count--
			return
		}
	}
}

// split halves the page of h by its next bit, doubling the places if need be.
func (d *directory) split(h uint32) {
	p := d.page(h)
	if p.depth == d.depth {
		next := make([]*page, 2*len(d.pages))
		for i, q := range d.pages {
			next[2*i], next[2*i+1] = q, q
		}
		d.pages, d.depth = next, d.depth+1
	}
	bit := uint32(1) << (31 - p.depth)
	prefix := uint32(uint64(h) &^ (uint64(bit)<<1 - 1))
	cut, _ := slices.BinarySearch(p.hashes, prefix|bit)
	low := &page{depth: p.depth + 1, hashes: p.hashes[:cut:cut], keys: p.keys[:cut:cut]}
	high := &page{depth: p.depth + 1, hashes: p.hashes[cut:], keys: p.keys[cut:]}
	// Copies, so that neither half keeps the whole alive.
	low.grow()
	high.grow()
	for i := range d.pages {
		if d.pages[i] == p {
			d.pages[i] = high
			if uint32(i)<<(32-d.depth)&bit == 0 {
				d.pages[i] = low
			}
		}
	}
}
