package geo

import "slices"

// Builder makes an Index of many reports at once: rows are sorted in runs while
// they come and merged at the end, so that rows and index together take little
// more memory than the index alone.
type Builder struct {
	run  []Entry
	runs [][][]Entry // each run is sorted and kept in pages, freed as merged
}

const (
	runRows      = 1 << 18
	runPageRows  = 1 << 11
	builderStart = 1 << 10
)

// Add adds a report. Each id is added once; its keeping this is the caller's.
func (b *Builder) Add(e Entry) {
	if len(b.run) == cap(b.run) && cap(b.run) < runRows {
		b.run = slices.Grow(b.run, max(builderStart, min(len(b.run), runRows-len(b.run))))
	}
	b.run = append(b.run, e)
	if len(b.run) >= runRows {
		b.close()
	}
}

func (b *Builder) close() {
	sortEntries(b.run)
	var pages [][]Entry
	for rest := b.run; len(rest) > 0; {
		n := min(runPageRows, len(rest))
		pages = append(pages, slices.Clone(rest[:n]))
		rest = rest[n:]
	}
	b.runs = append(b.runs, pages)
	b.run = b.run[:0]
}

func sortEntries(e []Entry) {
	slices.SortFunc(e, func(a, b Entry) int {
		return rowKey{a.Key, a.ID}.compare(rowKey{b.Key, b.ID})
	})
}

// Index returns the index of all reports added. The Builder is empty after.
func (b *Builder) Index() *Index {
	if len(b.run) > 0 {
		b.close()
	}
	b.run = nil
	b.heapify()
	ids := newDirectory()
	var chunks []*chunk
	next := newChunk(chunkRows)
	for e, ok := b.pop(); ok; e, ok = b.pop() {
		ids.add(e.ID, e.Key)
		next.append(&e)
		if next.len() == chunkRows {
			next.sum(0)
			chunks = append(chunks, next)
			next = newChunk(chunkRows)
		}
	}
	if next.len() > 0 {
		chunks = append(chunks, next.split()...)
	}
	b.runs = nil
	return newIndex(newRoot(cutBranches(chunks)), ids)
}
