package tiles

import (
	"bytes"
	"cmp"
	"slices"

	"segnavia/civic"
)

// sortOps sorts by report, then rev, leaves before enters of the same rev.
func sortOps(ops []civic.ScopedOp) {
	slices.SortStableFunc(ops, func(a, b civic.ScopedOp) int {
		return cmp.Or(bytes.Compare(a.ID[:], b.ID[:]), cmp.Compare(a.Rev, b.Rev), cmp.Compare(order(a.Kind), order(b.Kind)))
	})
}

func order(k civic.OpKind) int {
	if k == civic.OpLeave {
		return 0
	}
	return 1
}
