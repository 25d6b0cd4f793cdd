package demo

import "testing"

func TestTheTownAsksAndPeopleFollow(t *testing.T) {
	t.Parallel()
	b := Town()
	rules := rulesOf(t, b)
	asking, followed, answered := 0, 0, 0
	for _, s := range b.Services {
		for _, a := range s.Attributes {
			if !a.Valid() {
				t.Errorf("%s asks %s, which nobody can answer", s.Code, a.Code)
			}
		}
		if len(s.Attributes) > 0 {
			asking++
		}
	}
	for past := range CasesWith(b, 7, 600, present, stub()) {
		r := replay(t, rules, past)
		if r.Followers > 0 {
			followed++
		}
		if len(r.Answers) > 0 {
			answered++
		}
	}
	if asking < 4 || followed < 60 || answered < 60 {
		t.Errorf("%d services ask, %d of 600 cases are followed, %d answered", asking, followed, answered)
	}
}
