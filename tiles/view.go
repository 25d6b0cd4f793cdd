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
