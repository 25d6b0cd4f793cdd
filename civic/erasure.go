package civic

import "time"

// Erasure is a request that a reporter's data be taken away: when it was asked
// and by when it is answered.
type Erasure struct{ Asked, Due time.Time }

// ErasureDue is one month later (GDPR, article 12, paragraph 3). A month that
// lacks the day ends on its last.
func ErasureDue(asked time.Time) time.Time {
	due := asked.AddDate(0, 1, 0)
	if due.Day() != asked.Day() {
		due = due.AddDate(0, 0, -due.Day())
	}
	return due
}

// Taken is what the ledger of erasures keeps of one thing that was taken away: ids,
// and nothing of what it was. A restore does it again.
type Taken struct {
	Jurisdiction JurisdictionID `json:"jurisdiction"`
	Report       ReportID       `json:"report"`
	Edit         EditID         `json:"edit"` // that took it
	Kind         Kind           `json:"kind"` // purge, redact or hide
	Args         TakenArgs      `json:"args"`
	At           time.Time      `json:"at"`
	// Bars are the edits that brought what is gone. A device that offers one again
	// after a restore is refused.
	Bars []EditID `json:"bars,omitempty"`
}

// TakenArgs point at what was taken; both are empty for a whole case.
type TakenArgs struct {
	Target string `json:"target,omitempty"`
	ID     string `json:"id,omitempty"`
}

// TakesAway reports whether an edit of this kind belongs in the ledger.
func (k Kind) TakesAway() bool { return k == KindPurge || k == KindRedact || k == KindHide }

// Again is the edit that takes it away once more: the town's own, once.
func (t *Taken) Again(key TownKey) Edit {
	return SystemEdit(key, t.Edit, t.Report, t.Kind, t.Args, "again")
}
