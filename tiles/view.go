package tiles

import "segnavia/geo"

// view is what one answer is drawn from: it does not change meanwhile.
type view struct {
	snap *geo.Snapshot
	dict *dictionary
}

// view takes the snapshot before the dictionary, which then knows all of it.
func (x *Index) view() view {
	s := x.geo.Load().Snapshot()
	return view{snap: s, dict: x.dict.Load()}
}

// moment tells views of one index apart on this node: while it stands, nothing
// has changed anywhere.
type moment struct{ reports, words uint64 }

func (v view) moment() moment { return moment{v.snap.Version(), v.dict.turn} }
