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
