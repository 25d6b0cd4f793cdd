package server_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"segnavia/civic"
)

// filtered is a question that answers a list or a choice, and the parameters that it
// takes: for each, values that are none of it.
type filtered struct {
	path, base string
	values     map[string][]string
}

// long is no value of anything: no id, no date, no number, no word of any list.
var long = strings.Repeat("nonsense", 300)

// documented are the questions of the API's document, with values that no parameter of
// theirs takes. Only q is free text.
func documented(t *testing.T, document []byte) (list []filtered) {
	t.Helper()
	var d struct {
		Paths map[string]map[string]struct {
			Parameters []struct {
				Name, In string
				Required bool
				Schema   struct{ Type string }
			}
		}
	}
	if err := json.Unmarshal(document, &d); err != nil {
		t.Fatal(err)
	}
	for path, methods := range d.Paths {
		get, ok := methods["get"]
		if !ok || strings.Contains(path, "{") {
			continue
		}
		q := filtered{path: path, values: map[string][]string{}}
		base := url.Values{}
		for _, p := range get.Parameters {
			if p.In != "query" {
				continue
			}
			q.values[p.Name] = []string{long}
			if p.Name != "q" {
				q.values[p.Name] = append(q.values[p.Name], "nonsense", "NaN", "1e999")
			}
			if p.Required {
				q.values[p.Name] = append(q.values[p.Name], "")
				base.Set(p.Name, "8")
			}
		}
		q.base = base.Encode()
		list = append(list, q)
	}
	return list
}

// lists are the questions of the other doors.
func (f *towns) lists() []filtered {
	dates := []string{"nonsense", "2027-02-30", "14/03/2027", long}
	numbers := []string{"nonsense", "0", "-1", "1.5", "99999999999999999999"}
	ids := []string{"nonsense", string(f.code) + ",nonsense", "nonsense," + string(f.code)}
	team := "scope=" + string(civic.ScopeOf(civic.ScopeTeam, f.a.Teams[0].ID))
	var list []filtered
	for _, format := range []string{".xml", ".json"} {
		list = append(list,
			filtered{"/open311/v2/requests" + format, "", map[string][]string{
				"service_request_id": ids, "status": {"nonsense", "open,nonsense"}, "start_date": dates, "end_date": dates,
				"page": numbers, "page_size": numbers, "extensions": {"nonsense"},
			}},
			filtered{"/open311/v2/servicerequestupdates" + format, "", map[string][]string{
				"start_date": dates, "end_date": dates, "page": numbers, "page_size": numbers,
			}})
	}
	tile := map[string][]string{
		"status": {"nonsense", "open,nonsense"}, "service": {long}, "group": {long}, "team": {"nonsense"}, "area": {"nonsense"},
		"channel": {"nonsense"}, "from": dates, "to": dates, "kind": {"nonsense"},
	}
	return append(list, filtered{"/tiles/reports/3/4/2.mvt", "", tile}, filtered{"/tiles/reports.json", "", tile},
		filtered{"/sync/pull", team + "&from=0", map[string][]string{"from": {"nonsense", "-1", ""}, "limit": {"nonsense", "0", "-1"}}},
		filtered{"/sync/snapshot", team, map[string][]string{"after": {"nonsense"}}},
		filtered{"/sync/repair", team, map[string][]string{"prefix": {"nonsense", "g0", "000"}}},
		filtered{"/sync/events", "", map[string][]string{"scopes": {"nonsense", "", strings.TrimPrefix(team, "scope=") + ",nonsense"}}},
	)
}

// TestAFilterThatIsNotUnderstoodIsABadRequest walks every parameter of every question,
// and asks for parameters that there are not and for one twice.
func TestAFilterThatIsNotUnderstoodIsABadRequest(t *testing.T) {
	f := newTowns(t, false)
	ask := func(q filtered, name, value string, add bool) {
		t.Helper()
		query, err := url.ParseQuery(q.base)
		if err != nil {
			t.Fatal(err)
		}
		if add {
			query.Add(name, value)
		} else {
			query.Set(name, value)
		}
		who := "admin"
		if strings.HasPrefix(q.path, "/open311/") {
			who = "key"
		} else if strings.HasPrefix(q.path, "/sync") {
			who = "crew"
		}
		c := f.callers[slices.IndexFunc(f.callers, func(c caller) bool { return c.name == who })]
		if c.key != "" {
			query.Set("api_key", c.key)
			c.key = ""
		}
		res, body := f.asked(c, "a.test", "GET", q.path+"?"+query.Encode(), "") //nolint:bodyclose // it is
		said := value[:min(len(value), 20)]
		if res.StatusCode != 400 {
			t.Errorf("%s with %s=%q: %d %.200s", q.path, name, said, res.StatusCode, body)
		} else if err := inForm(q.path, res, body); err != nil {
			t.Errorf("%s with %s=%q: %v", q.path, name, said, err)
		} else if !strings.HasPrefix(q.path, "/sync") && !strings.Contains(body, name) {
			t.Errorf("%s with %s=%q does not say what is wrong: %s", q.path, name, said, body)
		}
	}
	questions := append(documented(t, f.srv.Document()), f.lists()...)
	if len(questions) < 15 {
		t.Fatalf("only %d questions", len(questions))
	}
	for _, q := range questions {
		for name, values := range q.values {
			for _, value := range values {
				ask(q, name, value, false)
			}
		}
		if !strings.HasPrefix(q.path, "/sync") { // the protocol leaves out what is unknown
			ask(q, "statuss", "open", false)
			for name := range q.values {
				if name != "service_request_id" && name != "status" || !strings.HasPrefix(q.path, "/open311/") {
					q.base += "&" + name + "=1"
					ask(q, name, "2", true)
					break
				}
			}
		}
	}
}

// A page that is opened with a filter of another time shows everything, and says so.
func TestAPageSaysThatItDoesNotUnderstandItsFilter(t *testing.T) {
	f := newTowns(t, false)
	const said = "Non abbiamo capito il filtro"
	for query, misread := range map[string]bool{
		"": false, "status=open": false, "status=nonsense": true, "service=nonsense": true, "before=nonsense": true,
		"area=nonsense": true, "area=" + f.report.String(): true, "area=" + f.a.Areas[0].ID.String(): false, "lon=8.85&lat=x": true, "lon=8.85": true,
	} {
		status, body := f.ask(caller{name: "anonymous"}, "a.test", "GET", "/reports?"+query, "", "Accept", "text/html")
		if strings.Contains(body, said) != misread || (status == 400) != misread || !strings.Contains(body, "filter-status") {
			t.Errorf("%q: %d", query, status)
		}
	}
}
