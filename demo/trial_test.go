package demo

import "testing"

func TestTrialCrewsAreTheSameEachTimeAndOfOnePerson(t *testing.T) {
	a, b, plain := Town(), Town(), Town()
	WithCrews(a, 38)
	WithCrews(b, 38)
	if len(a.Teams) != len(plain.Teams)+38 || len(a.Users) != len(plain.Users)+38 {
		t.Fatalf("%d teams, %d people", len(a.Teams), len(a.Users))
	}
	last, same := a.Users[len(a.Users)-1], b.Users[len(b.Users)-1]
	if last.ID != same.ID || len(last.Teams) != 1 || last.Teams[0] != a.Teams[len(a.Teams)-1].ID {
		t.Errorf("%+v, then %+v", last, same)
	}
}
