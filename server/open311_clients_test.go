package server_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"segnavia/civic"
)

// perl runs the client of FixMyStreet's own libraries and gives what it printed.
func (d *door) perl(args ...string) []string {
	d.t.Helper()
	list := append([]string{"testdata/open311/client.pl", d.http.URL + "/open311/v2/", d.key, "city.gov"}, args...)
	cmd := exec.CommandContext(d.t.Context(), "perl", list...) // #nosec G204 -- the tests' own arguments
	var said, wrong strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &wrong
	if err := cmd.Run(); err != nil {
		d.t.Fatalf("client %v: %v\n%s%s", args, err, said.String(), wrong.String())
	}
	return strings.Split(strings.TrimSpace(said.String()), "\n")
}

// TestTheLibrariesOfFixMyStreetUnderstandUs sends and reads with LWP and
// XML::Simple, as FixMyStreet does.
func TestTheLibrariesOfFixMyStreetUnderstandUs(t *testing.T) {
	if err := exec.CommandContext(t.Context(), "perl", "-MLWP", "-MXML::Simple", "-e", "1").Run(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("no perl with LWP and XML::Simple: tools/deps.sh test installs them")
		}
		t.Skip("skipped: no perl with LWP and XML::Simple (Debian: libwww-perl libxml-simple-perl)")
	}
	d := newDoor(t)
	if seen := d.perl("look"); len(seen) != len(d.town.Services) || !strings.HasPrefix(seen[0], "service ") {
		t.Errorf("services %q", seen)
	}
	first := d.perl("send", "001", "77", "37.765241", "-122.421204", "deep")
	again := d.perl("send", "001", "77", "37.765241", "-122.421204", "deep")
	code, ok := strings.CutPrefix(first[0], "sent ")
	if !ok || !slices.Equal(first, again) {
		t.Fatalf("%q, then %q", first, again)
	}
	r, err := d.db.ReportByCode(t.Context(), d.town.ID, civic.Code(code))
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now().Add(-time.Minute)
	d.do("operator", r.ID, civic.KindTransition, civic.TransitionArgs{To: civic.StatusAcknowledged})
	d.do("operator", r.ID, civic.KindTransition, civic.TransitionArgs{To: civic.StatusResolved, Reason: "Era già a posto"})
	stamp := func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
	var states []string
	for _, line := range d.perl("updates", stamp(begin), stamp(time.Now().Add(time.Minute))) {
		f := strings.Fields(line)
		if len(f) != 5 || f[2] != code {
			t.Fatalf("update %q", line)
		}
		at, err := time.Parse(time.RFC3339, f[4])
		if err != nil || at.Before(begin.Truncate(time.Second)) {
			t.Errorf("update of %q: FixMyStreet passes over what is older than its window", f[4])
		}
		states = append(states, f[3])
	}
	if want := []string{"investigating", "no_further_action"}; !slices.Equal(states, want) {
		t.Errorf("states %v, want %v", states, want)
	}
	one, two := d.perl("update", code, "9", "OPEN", "Still there"), d.perl("update", code, "9", "OPEN", "Still there")
	if !strings.HasPrefix(one[0], "posted ") || !slices.Equal(one, two) {
		t.Errorf("%q, then %q", one, two)
	}
	if refused := d.perl("send", "nothing", "78", "37.765241", "-122.421204", "deep"); !strings.HasPrefix(refused[0], "refused 404 ") {
		t.Errorf("an unknown service: %q", refused)
	}
}

// TestWhatTheNodeClientAndTheValidatorLookAt holds what the npm client reads without
// asking whether it is there, and what SeeClickFix's validator calls rules.
func TestWhatTheNodeClientAndTheValidatorLookAt(t *testing.T) {
	d := newDoor(t)
	var found struct {
		Changeset, Contact, KeyService string
		Endpoints                      []struct {
			Specification, URL, Changeset, Type string
			Formats                             []string
		}
	}
	read := func(a answer, to any) {
		t.Helper()
		if err := json.Unmarshal([]byte(a.body), to); a.status >= http.StatusMultipleChoices || err != nil {
			t.Fatalf("%d %v %s", a.status, err, a.body)
		}
	}
	read(d.call("discovery.json", nil), &found)
	xml := d.xml("discovery", "discovery.xml", nil)
	if found.Contact == "" || found.Contact != xml.child("contact") {
		t.Errorf("contacts %q and %q", found.Contact, xml.child("contact"))
	}
	// The first of type production for this specification is the one that is used.
	at := slices.IndexFunc(found.Endpoints, func(e struct {
		Specification, URL, Changeset, Type string
		Formats                             []string
	},
	) bool {
		return e.Specification == "http://wiki.open311.org/GeoReport_v2" && e.Type == "production"
	})
	if at < 0 || !slices.Contains(found.Endpoints[at].Formats, "application/json") || !strings.HasSuffix(found.Endpoints[at].URL, "/") {
		t.Fatalf("endpoints %+v", found.Endpoints)
	}
	for _, e := range found.Endpoints {
		if when, err := time.Parse(time.RFC3339, e.Changeset); err != nil || when.After(time.Now()) || e.Type == "" || !slices.Contains(e.Formats, "text/xml") {
			t.Errorf("endpoint %+v, %v", e, err)
		}
	}
	base := strings.TrimPrefix(found.Endpoints[at].URL, d.http.URL+"/open311/")
	var services []struct {
		Code string `json:"service_code"`
	}
	read(d.call(base+"services.json", nil), &services)
	for _, s := range services {
		var one struct {
			Code string `json:"service_code"`
		}
		read(d.call(base+"services/"+s.Code+".json", nil), &one)
		if one.Code == "" || one.Code != s.Code {
			t.Errorf("definition of %q is of %q", s.Code, one.Code)
		}
	}
	form := d.sinkhole("attribute[WHISPAWN]", "3")
	form.Set("jurisdiction_id", "city.gov")
	var sent []struct {
		ID string `json:"service_request_id"`
	}
	read(d.call(base+"requests.json?"+url.Values{"jurisdiction_id": {"city.gov"}}.Encode(), form), &sent)
	if len(sent) != 1 || sent[0].ID == "" {
		t.Fatalf("sent %+v", sent)
	}
	for _, path := range []string{"requests/" + sent[0].ID + ".json", "requests.json?service_request_id=" + sent[0].ID + "," + sent[0].ID} {
		var got []struct {
			ID        string `json:"service_request_id"`
			Requested string `json:"requested_datetime"`
			Updated   string `json:"updated_datetime"`
		}
		read(d.call(base+path, nil), &got)
		if len(got) != 1 || got[0].ID != sent[0].ID {
			t.Fatalf("%s: %+v", path, got)
		}
		for _, when := range []string{got[0].Requested, got[0].Updated} {
			if _, err := time.Parse(time.RFC3339, when); err != nil {
				t.Errorf("%s: a script cannot read %q", path, when)
			}
		}
	}
}
