package server_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/server"
)

// want is the status that each kind of caller gets from a route, in the town
// that it belongs to. A caller that is not named gets rest.
type want struct {
	rest int
	but  map[string]int
}

func all(status int) want { return want{rest: status} }

func (w want) but_(status int, callers ...string) want {
	next := want{w.rest, map[string]int{}}
	for k, v := range w.but {
		next.but[k] = v
	}
	for _, c := range callers {
		next.but[c] = status
	}
	return next
}

func (w want) of(caller string) int {
	if status, ok := w.but[caller]; ok {
		return status
	}
	return w.rest
}

// page stands for any answer below 500: the staff apps are there only once they
// are built, and how a PIN is answered depends on how many were tried before.
const page = -1

var (
	office  = []string{"operator", "foreman", "admin"}
	signed  = []string{"operator", "foreman", "admin", "crew", "crew2", "contractor", "planner", "viewer"}
	devices = []string{"crew", "crew2", "contractor", "operator", "foreman", "admin", "planner", "viewer"}
)

// watched are for those who watch the program: they look at nobody's token.
var watched = []string{"/healthz", "/readyz", "/metrics"}

// uploads is what callers get of an upload that is not theirs.
var uploads = all(401).but_(404, "crew", "crew2", "contractor", "operator", "foreman", "admin", "citizen", "expired").but_(403, "planner", "viewer")

// showsToken says where a device shows its token and nothing else.
func showsToken(path string) bool {
	return strings.HasPrefix(path, "/sync") || strings.HasPrefix(path, "/media/uploads") || strings.HasPrefix(path, "/media/sha256")
}

// authz is the table: every route of the server, a request for it, and what
// each caller gets. TestTheTableCoversEveryRoute fails on a route that is not
// here.
var authz = map[string]struct {
	method, path, body string
	want               want
}{
	"POST /api/v1/session":           {"POST", "/api/v1/session", `{"login":"{new}","password":"y"}`, all(401)},
	"GET /api/v1/session":            {"GET", "/api/v1/session", "", all(401).but_(200, signed...)},
	"DELETE /api/v1/session":         {"DELETE", "/api/v1/session", "", all(204)},
	"DELETE /api/v1/sessions":        {"DELETE", "/api/v1/sessions", "", all(401).but_(200, signed...)},
	"POST /api/v1/devices":           {"POST", "/api/v1/devices", `{"name":"x"}`, all(401).but_(201, signed...)},
	"POST /api/v1/devices/enrol":     {"POST", "/api/v1/devices/enrol", `{"code":"x"}`, all(401)},
	"POST /api/v1/devices/refresh":   {"POST", "/api/v1/devices/refresh", `{"refresh":"x"}`, all(401)},
	"GET /api/v1/devices":            {"GET", "/api/v1/devices", "", all(401).but_(403, signed...).but_(200, "foreman", "admin")},
	"POST /api/v1/devices/invite":    {"POST", "/api/v1/devices/invite", `{"user":"{office}"}`, all(401).but_(403, signed...).but_(404, "foreman").but_(201, "admin")},
	"DELETE /api/v1/devices/{id}":    {"DELETE", "/api/v1/devices/{report}", "", all(401).but_(403, signed...).but_(404, "foreman", "admin")},
	"POST /api/v1/reports":           {"POST", "/api/v1/reports", `{"id":"{new}","service":"pothole","lon":8.85,"lat":44.45}`, all(201).but_(403, "planner", "viewer")},
	"GET /api/v1/reports":            {"GET", "/api/v1/reports", "", all(200)},
	"GET /api/v1/reports/{id}":       {"GET", "/api/v1/reports/{private}", "", all(404).but_(200, office...)},
	"GET /api/v1/reports/{id}/shots": {"GET", "/api/v1/reports/{report}/shots", "", all(404).but_(200, office...)},
	"GET /api/v1/reports/{id}/pin":   {"GET", "/api/v1/reports/{private}/pin", "", all(401).but_(403, signed...).but_(200, office...)},
	"POST /api/v1/reports/{id}/pin":  {"POST", "/api/v1/reports/{private}/pin", `{"edit":"{new}"}`, all(401).but_(403, signed...).but_(201, office...)},
	"POST /api/v1/edits":             {"POST", "/api/v1/edits", `{"id":"{new}","report":"{report}","base_rev":9,"kind":"note","args":{"text":"x"}}`, all(401).but_(200, "operator", "foreman", "admin", "crew", "crew2", "contractor").but_(403, "planner", "viewer")},
	"GET /api/v1/map":                {"GET", "/api/v1/map", "", all(200)},
	"GET /api/v1/basemap":            {"GET", "/api/v1/basemap", "", all(404)},
	"GET /api/v1/places":             {"GET", "/api/v1/places?q=via", "", all(200)},
	"GET /api/v1/near":               {"GET", "/api/v1/near?lon=8.85&lat=44.45", "", all(200)},
	"POST /api/v1/photos":            {"POST", "/api/v1/photos", "x", all(400)},
	"OPTIONS /api/v1/{path...}":      {"OPTIONS", "/api/v1/reports", "", all(204)},
	"GET /api/v1/openapi.json":       {"GET", "/api/v1/openapi.json", "", all(200)},

	"GET /media/reports/{report}/{sha256}/{size}": {"GET", "/media/reports/{report}/{photo}/320.jpg", "", all(404).but_(200, "operator", "foreman", "admin", "crew", "planner", "citizen")},

	"OPTIONS /media/uploads":      {"OPTIONS", "/media/uploads", "", all(204)},
	"OPTIONS /media/uploads/{id}": {"OPTIONS", "/media/uploads/{upload}", "", all(204)},
	"POST /media/uploads":         {"POST", "/media/uploads", "", all(401).but_(201, "crew", "crew2", "contractor", "operator", "foreman", "admin", "citizen", "expired").but_(403, "planner", "viewer")},
	"POST /media/uploads/{id}":    {"POST", "/media/uploads/{upload}", "x", uploads.but_(409, "crew", "expired")},
	"HEAD /media/uploads/{id}":    {"HEAD", "/media/uploads/{upload}", "", uploads.but_(200, "crew", "expired")},
	"PATCH /media/uploads/{id}":   {"PATCH", "/media/uploads/{upload}", "x", uploads.but_(409, "crew", "expired")},
	"DELETE /media/uploads/{id}":  {"DELETE", "/media/uploads/{new}", "", uploads}, // whose it is: TestAnUploadIsItsSendersAlone
	"HEAD /media/sha256/{sha256}": {"HEAD", "/media/sha256/{photo}?report={report}", "", uploads.but_(200, "citizen")},

	"PUT /media/sha256/{sha256}/preview": {"PUT", "/media/sha256/{photo}/preview", "x", uploads},

	"GET /sync":          {"GET", "/sync", "", all(400)},
	"POST /sync/hello":   {"POST", "/sync/hello", `{"proto":1}`, all(401).but_(200, devices...).but_(200, "expired")},
	"POST /sync/push":    {"POST", "/sync/push", `{"n0":1,"edits":[]}`, all(401).but_(200, devices...).but_(200, "expired")},
	"GET /sync/pull":     {"GET", "/sync/pull?scope={team}&from=0", "", all(401).but_(403, devices...).but_(200, "crew", "operator", "foreman", "admin")},
	"GET /sync/snapshot": {"GET", "/sync/snapshot?scope={desk}", "", all(401).but_(403, devices...).but_(403, "expired").but_(200, office...)},
	"GET /sync/repair":   {"GET", "/sync/repair?scope={area}", "", all(401).but_(403, devices...).but_(403, "expired").but_(200, "operator", "foreman", "admin", "planner")},
	"GET /sync/events":   {"GET", "/sync/events?scopes={forbidden}", "", all(401).but_(403, devices...).but_(403, "expired")},

	"GET /tiles/reports/{z}/{x}/{y}": {"GET", "/tiles/reports/3/4/2.mvt", "", all(200)},
	"GET /tiles/streets/{z}/{x}/{y}": {"GET", "/tiles/streets/3/4/2.mvt", "", all(200)},
	"GET /tiles/reports.json":        {"GET", "/tiles/reports.json", "", all(200)},
	"GET /tiles/streets.json":        {"GET", "/tiles/streets.json", "", all(200)},
	"GET /tiles/events":              {"GET", "", "", all(200)}, // never ends: tiles tests its two streams
	"GET /basemap.pmtiles":           {"GET", "/basemap.pmtiles", "", all(404)},

	"GET /open311/discovery.xml":                  {"GET", "/open311/discovery.xml", "", all(200)},
	"GET /open311/discovery.json":                 {"GET", "/open311/discovery.json", "", all(200)},
	"GET /open311/v2/services.xml":                {"GET", "/open311/v2/services.xml", "", all(200)},
	"GET /open311/v2/services.json":               {"GET", "/open311/v2/services.json", "", all(200)},
	"GET /open311/v2/services/{name}":             {"GET", "/open311/v2/services/pothole.xml", "", all(200)},
	"GET /open311/v2/requests.xml":                {"GET", "/open311/v2/requests.xml", "", all(200)},
	"GET /open311/v2/requests.json":               {"GET", "/open311/v2/requests.json", "", all(200)},
	"GET /open311/v2/requests/{name}":             {"GET", "/open311/v2/requests/{private-code}.xml", "", all(404).but_(403, "expired key", "revoked key")},
	"GET /open311/v2/tokens/{name}":               {"GET", "/open311/v2/tokens/{new}.xml", "", all(404)},
	"POST /open311/v2/requests.xml":               {"POST", "/open311/v2/requests.xml", "service_code=pothole&lat=44.45&long=8.85", all(403).but_(201, "key")},
	"POST /open311/v2/requests.json":              {"POST", "/open311/v2/requests.json", "service_code=pothole&lat=44.45&long=8.85", all(403).but_(201, "key")},
	"GET /open311/v2/servicerequestupdates.xml":   {"GET", "/open311/v2/servicerequestupdates.xml", "", all(403).but_(200, "key")},
	"GET /open311/v2/servicerequestupdates.json":  {"GET", "/open311/v2/servicerequestupdates.json", "", all(403).but_(200, "key")},
	"POST /open311/v2/servicerequestupdates.xml":  {"POST", "/open311/v2/servicerequestupdates.xml", "service_request_id={private-code}&update_id={new}&description=x", all(403).but_(404, "key")},
	"POST /open311/v2/servicerequestupdates.json": {"POST", "/open311/v2/servicerequestupdates.json", "service_request_id={code}&update_id={new}&description=x", all(403).but_(201, "key")},
	"GET /open311/{path...}":                      {"GET", "/open311/v1/anything", "", all(404)},
	"POST /open311/{path...}":                     {"POST", "/open311/v2/services.xml", "", all(405)},
	"OPTIONS /open311/{path...}":                  {"OPTIONS", "/open311/v2/requests.json", "", all(204)},

	"GET /crew":                {"GET", "/crew", "", all(page)},
	"GET /crew/{rest...}":      {"GET", "/crew/job/1", "", all(page)},
	"GET /desk":                {"GET", "/desk", "", all(page)},
	"GET /desk/{rest...}":      {"GET", "/desk/case/1", "", all(page)},
	"GET /assets/{name...}":    {"GET", "/assets/nothing", "", all(404)},
	"GET /sw.js":               {"GET", "/sw.js", "", all(page)},
	"GET /citizen.js":          {"GET", "/citizen.js", "", all(page)},
	"GET /crew.webmanifest":    {"GET", "/crew.webmanifest", "", all(page)},
	"GET /favicon.svg":         {"GET", "/favicon.svg", "", all(page)},
	"GET /icon.svg":            {"GET", "/icon.svg", "", all(page)},
	"GET /icon-192.png":        {"GET", "/icon-192.png", "", all(page)},
	"GET /icon-512.png":        {"GET", "/icon-512.png", "", all(page)},
	"GET /{$}":                 {"GET", "/", "", all(200)},
	"GET /r":                   {"GET", "/r?code=x", "", all(422)},
	"GET /report":              {"GET", "/report", "", all(200)},
	"POST /report":             {"POST", "/report", "", all(422)},
	"GET /r/{code}":            {"GET", "/r/{code}", "", all(200)},
	"GET /r/{code}/{tail...}":  {"GET", "/r/{code}/", "", all(303)},
	"POST /r/{code}/pin":       {"POST", "/r/{code}/pin", "pin=000000", all(page)},
	"POST /r/{code}/message":   {"POST", "/r/{code}/message", "text=x", all(403).but_(303, "citizen")},
	"POST /r/{code}/contest":   {"POST", "/r/{code}/contest", "text=x", all(403).but_(303, "citizen")},
	"POST /r/{code}/ok":        {"POST", "/r/{code}/ok", "", all(403).but_(422, "citizen")},
	"GET /report/questions":    {"GET", "/report/questions?service=pothole", "", all(200)},
	"POST /r/{code}/rate":      {"POST", "/r/{code}/rate", "score=9", all(403).but_(422, "citizen")},
	"POST /r/{code}/follow":    {"POST", "/r/{code}/follow", "", all(303)},
	"POST /r/{code}/erase":     {"POST", "/r/{code}/erase", "", all(403).but_(303, "citizen")},
	"GET /subscriptions":       {"GET", "/subscriptions", "", all(200)},
	"POST /subscriptions":      {"POST", "/subscriptions", "", all(422)},
	"GET /subscriptions/{id}":  {"GET", "/subscriptions/{new}?k=x", "", all(404)},
	"POST /subscriptions/{id}": {"POST", "/subscriptions/{new}", "k=x", all(404)},
	"GET /drafts":              {"GET", "/drafts", "", all(200)},
	"GET /reports":             {"GET", "/reports", "", all(200)},
	"GET /privacy":             {"GET", "/privacy", "", all(200)},
	"GET /accessibility":       {"GET", "/accessibility", "", all(200)},
	"GET /service-levels":      {"GET", "/service-levels", "", all(200)},
	"GET /{path...}":           {"GET", "/nothing/here", "", all(404)},
	"/":                        {"PUT", "/reports", "", all(405)},
	"GET /healthz":             {"GET", "/healthz", "", all(200)},
	"GET /readyz":              {"GET", "/readyz", "", all(200)},
	"GET /metrics":             {"GET", "/metrics", "", all(401)}, // its token: TestFiguresWantAToken
}

// replays are what others did, done again by each caller: the words of a report, an
// edit, an attachment of a picture that somebody else has sent. They are walked in the
// modes of the table.
var replays = map[string]struct {
	method, path, body string
	want               want
}{
	"a report":         {"POST", "/api/v1/reports", "{sent}", all(409).but_(200, "anonymous", "citizen", "key", "expired key", "revoked key").but_(403, "planner", "viewer")},
	"a report's photo": {"POST", "/api/v1/reports", `{"id":"{new}","service":"pothole","lon":8.85,"lat":44.45,"photos":["{photo}"]}`, all(422)},
	"another's id":     {"POST", "/api/v1/reports", `{"id":"{report}","service":"pothole","lon":8.85,"lat":44.45}`, all(409).but_(403, "planner", "viewer")},
	"the server's id":  {"POST", "/api/v1/reports", `{"id":"{derived}","service":"pothole","lon":8.85,"lat":44.45}`, all(400)},
	"an edit":          {"POST", "/api/v1/edits", `{"id":"{note}","report":"{report}","kind":"note","args":{"text":"CANARY-NOTE"}}`, all(401).but_(200, "operator", "foreman", "admin", "crew", "crew2", "contractor").but_(403, "planner", "viewer")},
	"an attachment":    {"POST", "/api/v1/edits", `{"id":"{new}","report":"{private}","kind":"attach","args":{"sha256":"{photo}","bytes":10,"mime":"image/jpeg","stage":"before"}}`, all(401).but_(200, "operator", "foreman", "admin", "crew", "crew2", "contractor").but_(403, "planner", "viewer")},
	"its picture":      {"GET", "/media/reports/{private}/{photo}/320.jpg", "", all(404)},
	"a device's push":  {"POST", "/sync/push", `{"n0":1,"edits":[{"id":"{note}","report":"{report}","kind":"note","args":{"text":"CANARY-NOTE"}}]}`, all(401).but_(200, devices...).but_(200, "expired")},
	"a form":           {"POST", "/report", "service=pothole&lon=8.85&lat=44.45&seen=1&id={report}", all(409)},
	"a form's photo":   {"POST", "/report", "service=pothole&lon=8.85&lat=44.45&seen=1&kept={photo}", all(303)},
}

// TestNobodyGainsByDoingAgainWhatOthersDid walks the replays, in the town and in the
// other one, as the program runs, without its checks, and without row security.
func TestNobodyGainsByDoingAgainWhatOthersDid(t *testing.T) {
	for _, mode := range []string{"as is", "no checks", "no row security"} {
		t.Run(mode, func(t *testing.T) {
			f := newTowns(t, mode == "no checks")
			if mode == "no row security" {
				f.dropRowSecurity()
			}
			for name, row := range replays {
				for _, host := range []string{"a.test", "b.test"} {
					if mode == "no checks" && host == "a.test" {
						continue // who may do what in their own town is off
					}
					for _, c := range f.callers {
						got, body := f.ask(c, host, row.method, row.path, row.body)
						if expected := expectedOf(row.want, row.path, c); host == "a.test" && got != expected {
							t.Errorf("%s as %s: %d, want %d\n%.300s", name, c.name, got, expected, body)
						}
						f.givesNothing(body, name+" as "+c.name+" at "+host)
					}
				}
			}
			if waiting, err := f.db.WaitingFor(t.Context(), f.a.ID, f.photo); err != nil || len(waiting) != 0 {
				t.Errorf("the picture is looked at for %v, %v", waiting, err)
			}
			if r, err := f.db.Report(t.Context(), f.a.ID, f.report); err != nil || len(r.Notes) != 1 || len(r.Photos) != 1 {
				t.Errorf("%d notes, %d photos, %v", len(r.Notes), len(r.Photos), err)
			}
		})
	}
}

// givesNothing looks for what only the sender of a report may be given, and for the
// canaries.
func (f *towns) givesNothing(body, where string) {
	f.t.Helper()
	for _, secret := range []string{f.receipt.Secret, `"` + f.receipt.PIN + `"`, string(f.receipt.Code), "CANARY"} {
		if strings.Contains(body, secret) {
			f.t.Errorf("%s is given %s: %.300s", where, secret, body)
		}
	}
}

func TestTheTableCoversEveryRoute(t *testing.T) {
	f := newTowns(t, false)
	for _, route := range f.srv.Routes() {
		if _, ok := authz[route.Pattern]; !ok {
			t.Errorf("%s is not in the table of who may do what", route.Pattern)
		}
	}
	for pattern := range authz {
		if !slices.ContainsFunc(f.srv.Routes(), func(r server.Route) bool { return r.Pattern == pattern }) {
			t.Errorf("%s is in the table and not a route", pattern)
		}
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	f := newTowns(t, false)
	for pattern, row := range authz {
		if row.path == "" {
			continue
		}
		for _, caller := range f.callers {
			got, body := f.ask(caller, "a.test", row.method, row.path, row.body)
			expected := expectedOf(row.want, row.path, caller)
			if expected == page && got >= 500 || expected != page && got != expected {
				t.Errorf("%s as %s: %d, want %d\n%.200s", pattern, caller.name, got, expected, body)
			}
			if strings.Contains(body, "CANARY-NOTE") && !slices.Contains(office, caller.name) && caller.name != "crew" {
				t.Errorf("%s shows an internal note to %s", pattern, caller.name)
			}
			if strings.Contains(body, "CANARY-NAME") && !slices.Contains(office, caller.name) {
				t.Errorf("%s shows the reporter to %s", pattern, caller.name)
			}
		}
	}
}

// TestNoTownIsCrossed asks the other town with the credentials and the ids of
// this one, in three modes: as the program runs, with its checks of who may do
// what switched off, and with row security switched off in the database.
func TestNoTownIsCrossed(t *testing.T) {
	for _, mode := range []string{"as is", "no checks", "no row security"} {
		t.Run(mode, func(t *testing.T) {
			f := newTowns(t, mode == "no checks")
			if mode == "no row security" {
				f.dropRowSecurity()
			}
			for pattern, row := range authz {
				if row.path == "" {
					continue
				}
				for _, caller := range f.callers {
					got, body := f.ask(caller, "b.test", row.method, row.path, row.body)
					if strings.Contains(body, "CANARY") || strings.Contains(body, f.report.String()) && strings.HasPrefix(pattern, "GET /api") {
						t.Errorf("%s as %s reaches over to the other town: %d %.200s", pattern, caller.name, got, body)
					}
				}
			}
			if r, err := f.db.Report(t.Context(), f.a.ID, f.report); err != nil || len(r.Notes) != 1 {
				t.Errorf("the other town's requests changed a report here: %d notes, %v", len(r.Notes), err)
			}
		})
	}
}

// TestRolesHoldWithoutRowSecurity repeats the table with row security off: the
// program's own checks must not lean on it.
func TestRolesHoldWithoutRowSecurity(t *testing.T) {
	f := newTowns(t, false)
	f.dropRowSecurity()
	for pattern, row := range authz {
		for _, caller := range f.callers {
			if row.path == "" {
				continue
			}
			got, _ := f.ask(caller, "a.test", row.method, row.path, row.body)
			if expected := expectedOf(row.want, row.path, caller); expected != page && got != expected {
				t.Errorf("%s as %s: %d, want %d", pattern, caller.name, got, expected)
			}
		}
	}
}

// expectedOf is the table's status, but that a token which is shown and not good
// is refused everywhere: nobody's work is taken for an anonymous citizen's.
func expectedOf(w want, path string, c caller) int {
	if c.bearer && !showsToken(path) && !slices.Contains(watched, path) {
		return http.StatusUnauthorized
	}
	return w.of(c.name)
}

// ask sends a request as a caller, with the ids of the first town filled in, and
// pairs of header and value.
func (f *towns) ask(c caller, host, method, path, body string, headers ...string) (int, string) {
	f.t.Helper()
	res, said := f.asked(c, host, method, path, body, headers...) //nolint:bodyclose // it is
	return res.StatusCode, said
}

// asked is ask with the answer's head; its body is read.
func (f *towns) asked(c caller, host, method, path, body string, headers ...string) (*http.Response, string) {
	f.t.Helper()
	fill := strings.NewReplacer("{new}", civictest.NewID[civic.Edit]().String(),
		"{sent}", f.sent, "{note}", f.note.String(), "{derived}", civic.DeriveID[civic.Report](f.a.ID, fmt.Sprint(f.next())).String(),
		"{report}", f.report.String(), "{office}", civictest.Actor(f.a, "operator").User.String(), "{private}", f.private.String(), "{private-code}", string(f.privateCode), "{photo}", string(f.photo), "{upload}", f.upload.String(), "{code}", string(f.code),
		"{team}", string(civic.ScopeOf(civic.ScopeTeam, f.a.Teams[0].ID)), "{desk}", string(civic.ScopeOf(civic.ScopeDesk, f.a.Desks[0].ID)),
		"{area}", string(civic.ScopeOf(civic.ScopeArea, f.a.Areas[0].ID)),
		"{forbidden}", string(civic.ScopeOf(civic.ScopeOwn, civic.UserID(f.report))))
	if c.key != "" && strings.HasPrefix(path, "/open311/") {
		path += "?api_key=" + c.key
	}
	req, err := http.NewRequestWithContext(f.t.Context(), method, f.http.URL+fill.Replace(path), bytes.NewBufferString(fill.Replace(body)))
	if err != nil {
		f.t.Fatal(err)
	}
	req.Host = host
	// Each asks from an address of its own: how often one may ask is not the table's.
	n := f.next()
	req.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", n>>16&0xff, n>>8&0xff, n&0xff))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if strings.HasPrefix(fill.Replace(body), "{") {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	if strings.HasPrefix(path, "/media/uploads") {
		f.asUpload(req)
	}
	if showsToken(path) && c.token != nil {
		req.Header.Set("Authorization", "Bearer "+c.token())
	} else if c.cookie != nil {
		cookie := c.cookie()
		req.AddCookie(&cookie)
	} else if c.token != nil && c.bearer {
		req.Header.Set("Authorization", "Bearer "+c.token())
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return res, string(raw)
}

// asUpload gives a request what tus asks for.
func (f *towns) asUpload(req *http.Request) {
	for name, value := range map[string]string{
		"Tus-Resumable": "1.0.0", "Upload-Length": "10", "Upload-Offset": "9", "Content-Type": "application/offset+octet-stream",
		"X-HTTP-Method-Override": "PATCH",
		"Upload-Metadata":        "report " + base64.StdEncoding.EncodeToString([]byte(f.report.String())),
	} {
		req.Header.Set(name, value)
	}
}
