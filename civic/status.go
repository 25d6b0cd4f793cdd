package civic

// Status is where a report stands. The order of the list is frozen: the live
// index stores positions in it.
type Status string

// The statuses, in the order in which a report usually meets them.
const (
	StatusNew          Status = "new"
	StatusAcknowledged Status = "acknowledged"
	StatusAssigned     Status = "assigned"
	StatusInProgress   Status = "in_progress"
	StatusPlanned      Status = "planned"
	StatusWaiting      Status = "waiting"
	StatusResolved     Status = "resolved"
	StatusClosed       Status = "closed"
	StatusRejected     Status = "rejected"
)

// Statuses lists every status. Do not reorder.
var Statuses = []Status{
	StatusNew, StatusAcknowledged, StatusAssigned, StatusInProgress,
	StatusPlanned, StatusWaiting, StatusResolved, StatusClosed, StatusRejected,
}

// Valid reports whether s is a status at all.
func (s Status) Valid() bool {
	for _, known := range Statuses {
		if s == known {
			return true
		}
	}
	return false
}

// Open tells the Open311 group: true for "open", false for "closed".
func (s Status) Open() bool {
	return s != StatusResolved && s != StatusClosed && s != StatusRejected
}
