package open311

import (
	"strings"

	"segnavia/civic"
)

// extended is the status of an update: FixMyStreet's words for what happened. A
// closed case has none. internal_referral and for_triage are never said: a stock
// FixMyStreet counts the first as closed and lacks the second.
func extended(s civic.Status, ending civic.Ending, reopens bool) string {
	if reopens {
		return "open"
	}
	switch s {
	case civic.StatusNew:
		return "open"
	case civic.StatusAcknowledged, civic.StatusWaiting:
		return "investigating"
	case civic.StatusAssigned, civic.StatusPlanned:
		return "action_scheduled"
	case civic.StatusInProgress:
		return "in_progress"
	case civic.StatusResolved:
		if ending == civic.EndingWork {
			return "fixed"
		}
		return "no_further_action"
	case civic.StatusRejected:
		switch ending {
		case civic.EndingDuplicate:
			return "duplicate"
		case civic.EndingNotOurs:
			return "not_councils_responsibility"
		}
		return "no_further_action"
	}
	return ""
}

// said is what another program says of a report by a status.
type said uint8

const (
	saysNothing said = iota // open in some way: the town knows better
	saysDone                // done with, in some way
	saysAgain               // not done with, after all
)

// accepted are the statuses that an update may bring, lower case.
var accepted = map[string]said{
	"open": saysNothing, "in_progress": saysNothing, "planned": saysNothing, "action_scheduled": saysNothing,
	"investigating": saysNothing, "internal_referral": saysNothing, "for_triage": saysNothing,
	"fixed": saysDone, "closed": saysDone, "cancelled": saysDone, "duplicate": saysDone,
	"not_councils_responsibility": saysDone, "no_further_action": saysDone,
	"reopen": saysAgain,
}

// statusOf reads a status of an update in either case; an absent one says nothing.
func statusOf(v string) (status string, means said, ok bool) {
	if v == "" {
		return "", saysNothing, true
	}
	status = strings.ToLower(v)
	means, ok = accepted[status]
	return status, means, ok
}

// coarse is GeoReport's own status.
func coarse(s civic.Status) string {
	if s.Open() {
		return "open"
	}
	return "closed"
}
