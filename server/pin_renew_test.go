package server_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// renewals are people of a town hall who renew PINs.
type renewals struct {
	*towns
}

// renew gives the answer's status and what it says of a PIN or a refusal.
func (f renewals) renew(as string, report civic.ReportID, edit civic.EditID) (status int, pin, code string) {
	f.t.Helper()
	i := slices.IndexFunc(f.callers, func(c caller) bool { return c.name == as })
	status, body := f.ask(f.callers[i], "a.test", "POST", "/api/v1/reports/"+report.String()+"/pin", `{"edit":"`+edit.String()+`"}`)
	var said struct{ PIN, Code string }
	if err := json.Unmarshal([]byte(body), &said); err != nil {
		f.t.Fatalf("%d %s", status, body)
	}
	return status, strings.ReplaceAll(said.PIN, " ", ""), said.Code
}

// A PIN is shown to whoever asks for it again, as long as it is the one that their
// edit gave: never a colleague's.
func TestARepeatShowsItsOwnPINAlone(t *testing.T) {
	f := renewals{newTowns(t, false)}
	mine, theirs := civictest.NewID[civic.Edit](), civictest.NewID[civic.Edit]()
	status, first, _ := f.renew("operator", f.report, mine)
	if status != http.StatusCreated || len(first) != 6 {
		t.Fatalf("%d, a PIN of %d digits", status, len(first))
	}
	f.apply(civictest.Edit(civictest.Actor(f.a, "operator"), f.report, 9, civic.KindNote, civic.TextArgs{Text: "x"}))
	if status, again, _ := f.renew("operator", f.report, mine); status != http.StatusCreated || again != first {
		t.Errorf("the same edit again: %d, another PIN %v", status, again != first)
	}
	if status, pin, _ := f.renew("foreman", f.report, theirs); status != http.StatusCreated || pin == first {
		t.Errorf("a colleague's: %d", status)
	}
	if status, pin, code := f.renew("operator", f.report, mine); pin != "" || code != civic.CodeStale {
		t.Errorf("the first edit again: %d %s, shows a PIN %v", status, code, pin != "")
	}
}

// Whoever may not read a case learns nothing of it by renewing its PIN, and no PIN by
// an edit of when they might.
func TestAPINIsRenewedByThoseWhoReadTheCase(t *testing.T) {
	f := renewals{newTowns(t, false)}
	before := civictest.NewID[civic.Edit]()
	if status, _, _ := f.renew("foreman", f.private, before); status != http.StatusCreated {
		t.Fatalf("a case that everybody reads: %d", status)
	}
	for i := range f.a.Services {
		if f.a.Services[i].Code == "distress" {
			f.a.Services[i].Confidential = true
		}
	}
	for i := range f.a.Users {
		if f.a.Users[i].Login == "foreman" {
			f.a.Users[i].Desks = nil
		}
	}
	if err := f.db.SaveTown(t.Context(), f.a); err != nil {
		t.Fatal(err)
	}
	if _, err := f.db.SettleVisibility(t.Context(), f.a.ID); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		report civic.ReportID
		edit   civic.EditID
	}{
		"a missing one":      {civictest.NewID[civic.Report](), civictest.NewID[civic.Edit]()},
		"a confidential one": {f.private, civictest.NewID[civic.Edit]()},
		"the edit of before": {f.private, before},
	} {
		if status, pin, code := f.renew("foreman", c.report, c.edit); status != http.StatusNotFound || code != "not_found" || pin != "" {
			t.Errorf("%s: %d %s, shows a PIN %v", what, status, code, pin != "")
		}
	}
	if status, pin, _ := f.renew("operator", f.private, civictest.NewID[civic.Edit]()); status != http.StatusCreated || pin == "" {
		t.Errorf("its desk: %d", status)
	}
}

// What the desk offers is what the server would do: a case that somebody of the office
// took down has a PIN whatever its channel, one that was made on site has none.
func TestWhatMayBeRenewedIsSaidBefore(t *testing.T) {
	f := renewals{newTowns(t, false)}
	lon, lat := 8.85, 44.45
	reports := map[string]civic.ReportID{"a citizen's": f.report}
	for _, login := range []string{"operator", "crew"} {
		id := civictest.NewID[civic.Report]()
		f.apply(civictest.Edit(civictest.Actor(f.a, login), id, 0, civic.KindCreate, civic.CreateArgs{Service: "pothole", Lon: &lon, Lat: &lat}))
		reports["the "+login+"'s"] = id
	}
	erased := civictest.NewID[civic.Report]()
	f.apply(civictest.Edit(civictest.Citizen, erased, 0, civic.KindCreate, civic.CreateArgs{Service: "pothole", Lon: &lon, Lat: &lat}))
	f.apply(civictest.Edit(civictest.Actor(f.a, "admin"), erased, 9, civic.KindPurge, struct{}{}))
	reports["an erased one"] = erased
	at := slices.IndexFunc(f.callers, func(c caller) bool { return c.name == "operator" })
	for whose, id := range reports {
		status, body := f.ask(f.callers[at], "a.test", "GET", "/api/v1/reports/"+id.String()+"/pin", "")
		var said struct{ Renewable bool }
		if err := json.Unmarshal([]byte(body), &said); err != nil || status != http.StatusOK {
			t.Fatalf("%s: %d %s", whose, status, body)
		}
		if want := whose == "a citizen's" || whose == "the operator's"; said.Renewable != want {
			t.Errorf("%s is renewable: %v", whose, said.Renewable)
		}
		if status, _, _ := f.renew("operator", id, civictest.NewID[civic.Edit]()); (status == http.StatusCreated) != said.Renewable {
			t.Errorf("%s is said to be renewable, %v, and answered %d", whose, said.Renewable, status)
		}
	}
}
