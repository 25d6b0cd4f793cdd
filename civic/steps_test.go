package civic

import (
	"slices"
	"strings"
	"testing"
)

// stepTable is the whole of domain.md's states, once more and by hand: for each
// status where to, and by whom (o operator, f foreman, c crew, k contractor,
// a admin, z citizen, p another
// program, s system).
var stepTable = map[Status]map[Status]string{
	StatusNew:          {StatusAcknowledged: "ofas", StatusRejected: "oa"},
	StatusAcknowledged: {StatusPlanned: "ofa", StatusInProgress: "ofcka", StatusResolved: "ofcka", StatusWaiting: "ofa", StatusRejected: "oa"},
	StatusAssigned:     {StatusPlanned: "ofcka", StatusInProgress: "ofcka", StatusResolved: "ofcka", StatusWaiting: "ofcka", StatusRejected: "oa"},
	StatusPlanned:      {StatusAssigned: "ofa", StatusInProgress: "ofcka", StatusWaiting: "ofa", StatusRejected: "oa"},
	StatusInProgress:   {StatusWaiting: "ofcka", StatusResolved: "ofcka", StatusRejected: "oa"},
	StatusWaiting:      {StatusAcknowledged: "ofas", StatusAssigned: "ofckas", StatusPlanned: "ofas", StatusInProgress: "ofckas", StatusRejected: "oa"},
	StatusResolved:     {StatusClosed: "zps", StatusAcknowledged: "s"},
	StatusClosed:       {},
	StatusRejected:     {},
}

var roleLetter = map[byte]Role{
	'o': RoleOperator, 'f': RoleForeman, 'c': RoleCrew, 'k': RoleContractor, 'a': RoleAdmin, 'z': RoleCitizen, 'p': RoleService, 's': RoleSystem,
}

func TestTheWholeTableOfSteps(t *testing.T) {
	for _, from := range Statuses {
		for _, to := range Statuses {
			letters := stepTable[from][to]
			for _, role := range Roles {
				letter := byte('-')
				for l, r := range roleLetter {
					if r == role {
						letter = l
					}
				}
				want := strings.IndexByte(letters, letter) >= 0
				if got := MayTake(role, Step{from, to}); got != want {
					t.Errorf("%s: %s → %s is %t, want %t", role, from, to, got, want)
				}
			}
			if got := (Step{from, to}).Legal(); got != (letters != "") {
				t.Errorf("%s → %s legal %t", from, to, got)
			}
		}
	}
}

func TestEveryOpenStatusCanBeRejectedByTheOfficeAlone(t *testing.T) {
	for _, s := range Statuses {
		if s.Open() != slices.Contains(StepsFrom(RoleOperator, s), StatusRejected) {
			t.Errorf("an operator rejects from %s: %t", s, !s.Open())
		}
		if slices.Contains(StepsFrom(RoleCrew, s), StatusRejected) {
			t.Errorf("a crew rejects from %s", s)
		}
	}
}
