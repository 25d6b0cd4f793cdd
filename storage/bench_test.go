package storage_test

import (
	"fmt"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// BenchmarkApply is one edit from its arrival to its commit: one field of one
// report, in three scopes.
func BenchmarkApply(b *testing.B) {
	db, town := open(b)
	id := civictest.NewID[civic.Report]()
	must(b, db, town.ID, civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	operator := civictest.Actor(town, "operator")
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		n++
		must(b, db, town.ID, civictest.Edit(operator, id, 1<<40, civic.KindSet, map[string]any{
			"field": "title", "value": fmt.Sprint("title ", n),
		}))
	}
}

// BenchmarkCreate is one report from its arrival to its commit, routed.
func BenchmarkCreate(b *testing.B) {
	db, town := open(b)
	b.ReportAllocs()
	for b.Loop() {
		must(b, db, town.ID, civictest.Edit(civictest.Citizen, civictest.NewID[civic.Report](), 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	}
}
