package geo

import "slices"

// Builder makes an Index of many reports at once: rows are sorted in runs while
// they come and merged at the end, so that rows and index together take little
// more memory than the index alone.
type Builder struct {
	count int
	run   []Entry
	runs  [][][]Entry    // each run is sorted and kept in pages, freed as merged
	spare []Entry        // the buffer of the run being sorted
	done  chan [][]Entry // what the sorting goroutine, if any, hands back
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
	b.count++
	if len(b.run) >= runRows {
		b.close()
	}
}

// close hands the run to a goroutine that sorts it while the next one comes:
// one at a time, waited for by the next close and by Index.
func (b *Builder) close() {
	b.wait()
	run := b.run
	done := make(chan [][]Entry, 1)
	b.done = done
	go func() {
		sortEntries(run)
		var pages [][]Entry
		for rest := run; len(rest) > 0; {
			n := min(runPageRows, len(rest))
			pages = append(pages, slices.Clone(rest[:n]))
			rest = rest[n:]
		}
		done <- pages
	}()
	b.run, b.spare = b.spare, run[:0]
}

func (b *Builder) wait() {
	if b.done != nil {
		b.runs = append(b.runs, <-b.done)
		b.done = nil
	}
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
	b.wait()
	b.run, b.spare = nil, nil
	b.heapify()
	ids := newDirectoryFor(b.count)
	var chunks []*chunk
	next := newChunk(chunkRows)
	for e, ok := b.pop(); ok; e, ok = b.pop() {
		ids.push(e.ID, e.Key)
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
	b.runs, b.count = nil, 0
	ids.sort()
	return newIndex(newRoot(cutBranches(chunks)), ids)
}
