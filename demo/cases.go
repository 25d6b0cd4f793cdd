package demo

import (
	"iter"
	"time"

	"segnavia/civic"
)

// Cases tells n cases of the two years before now, oldest first.
func Cases(_ *civic.Blueprint, _ uint64, _ int, _ time.Time) iter.Seq[civic.Past] {
	return func(func(civic.Past) bool) {}
}
