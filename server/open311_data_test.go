package server_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"segnavia/civic"
)

// recorded is the folder of other servers' answers and of the published schemas.
func recorded(t *testing.T) string {
	t.Helper()
	root := os.Getenv("SEGNAVIA_DATA")
	if root == "" {
		t.Skip("SEGNAVIA_DATA is not set: other servers' answers are not compared")
	}
	return filepath.Join(root, "open311")
}

// looseXML reads another server's answer, attributes and all.
func looseXML(t *testing.T, file string) element {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	var top element
	if err := readInto(xml.NewDecoder(f), &top); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return top.kids[0]
}

// TestOurAnswersHaveTheShapeOfOtherServers compares the elements of each answer
// with those that other servers were recorded to give.
func TestOurAnswersHaveTheShapeOfOtherServers(t *testing.T) {
	dir := filepath.Join(recorded(t), "recorded-node-open311")
	d := newDoor(t)
	r := d.made(d.sinkhole())
	form := url.Values{"api_key": {d.key}}
	for file, ours := range map[string]element{
		"service-request.xml":  d.xml("service_requests", "v2/requests/"+string(r.Code)+".xml", nil),
		"service-requests.xml": d.xml("service_requests", "v2/requests.xml", nil),
		"token.xml":            d.xml("service_requests", "v2/tokens/"+r.ID.String()+".xml", nil),
		"dc-services.xml":      d.xml("services", "v2/services.xml", nil),
		"discovery-dc.xml":     d.xml("discovery", "discovery.xml", nil),
		"boston-err-submitrequest-base_is_duplicate.xml": d.xml("errors", "v2/requests.xml", form),
	} {
		theirs := looseXML(t, filepath.Join(dir, file))
		if theirs.name != ours.name {
			t.Errorf("%s: root %s, ours %s", file, theirs.name, ours.name)
		}
		for path, names := range paths(theirs) {
			have, ok := paths(ours)[path]
			for _, name := range names {
				if !ok || !slices.Contains(have, name) {
					t.Errorf("%s: ours lacks %s/%s", file, path, name)
				}
			}
		}
	}
	theirs := looseXML(t, filepath.Join(dir, "dc-services-S0301.xml")).at("attributes").kids[0]
	ours := d.xml("service_definition", "v2/services/DMV66.xml", nil).at("attributes").kids[0]
	if !slices.Equal(theirs.names(), ours.names()) {
		t.Errorf("an attribute holds %v, ours %v", theirs.names(), ours.names())
	}
	var boston, here map[string]any
	raw, err := os.ReadFile(filepath.Join(dir, "discovery-boston.json"))
	if err != nil || json.Unmarshal(raw, &boston) != nil || json.Unmarshal([]byte(d.call("discovery.json", nil).body), &here) != nil {
		t.Fatal(err)
	}
	for name := range boston {
		if _, ok := here[name]; !ok {
			t.Errorf("discovery.json lacks %s", name)
		}
	}
}

// paths lists the children of each kind of element.
func paths(e element) map[string][]string {
	all := map[string][]string{e.name: e.names()}
	for _, k := range e.kids {
		for path, names := range paths(k) {
			if len(names) > 0 {
				all[e.name+"/"+path] = append(all[e.name+"/"+path], names...)
			}
		}
	}
	return all
}

// TestOurJSONKeepsThePublishedSchemas holds the answers against the schemas of the
// Open311 organisation.
func TestOurJSONKeepsThePublishedSchemas(t *testing.T) {
	s := schemas{t: t, dir: filepath.Join(recorded(t), "schemas", "open311-schema-validation")}
	d := newDoor(t)
	r := d.made(d.sinkhole())
	done := d.made(d.sinkhole())
	d.do("operator", done.ID, civic.KindTransition, civic.TransitionArgs{To: civic.StatusRejected, Reason: "x"})
	for file, path := range map[string]string{
		"services.json": "v2/services.json", "requests.json": "v2/requests.json", "service-definition.json": "v2/services/DMV66.json",
	} {
		s.check(file, d.call(path, nil).body)
	}
	s.check("requests.json", d.call("v2/requests/"+string(r.Code)+".json?extensions=true", nil).body)
	if s.fails("services.json", `[{"service_code":1}]`) == "" || s.fails("requests.json", `[{"service_request_id":"x","status":"lost","service_code":"x","requested_datetime":"2010-04-14 06:37"}]`) == "" {
		t.Error("the schemas take anything: the test proves nothing")
	}
}

// schemas reads as much of JSON Schema as the published ones use.
type schemas struct {
	t   *testing.T
	dir string
}

func (s schemas) check(file, body string) {
	s.t.Helper()
	if why := s.fails(file, body); why != "" {
		s.t.Errorf("%s: %s\n%.600s", file, why, body)
	}
}

func (s schemas) fails(file, body string) string {
	s.t.Helper()
	var v any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		return err.Error()
	}
	return s.against(s.load(file), v, "")
}

func (s schemas) load(file string) map[string]any {
	s.t.Helper()
	raw, err := os.ReadFile(filepath.Join(s.dir, file))
	if err != nil {
		s.t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(raw, &schema); err != nil {
		s.t.Fatal(err)
	}
	return schema
}

func (s schemas) against(schema map[string]any, v any, at string) string {
	if ref, ok := schema["$ref"].(string); ok {
		return s.against(s.load(ref), v, at)
	}
	if either, ok := schema["anyOf"].([]any); ok {
		var why string
		for _, one := range either {
			if why = s.against(one.(map[string]any), v, at); why == "" {
				return ""
			}
		}
		return why
	}
	if why := kindOf(schema, v); why != "" {
		return at + ": " + why
	}
	switch v := v.(type) {
	case []any:
		if items, ok := schema["items"].(map[string]any); ok {
			for i, one := range v {
				if why := s.against(items, one, fmt.Sprintf("%s/%d", at, i)); why != "" {
					return why
				}
			}
		}
	case map[string]any:
		required, _ := schema["required"].([]any)
		for _, name := range required {
			if _, ok := v[name.(string)]; !ok {
				return at + ": lacks " + name.(string)
			}
		}
		properties, _ := schema["properties"].(map[string]any)
		for name, one := range properties {
			if value, ok := v[name]; ok {
				if why := s.against(one.(map[string]any), value, at+"/"+name); why != "" {
					return why
				}
			}
		}
	}
	return ""
}

var absolute = regexp.MustCompile(`^https?://`)

func kindOf(schema map[string]any, v any) string {
	got := map[bool]string{true: "integer", false: "number"}
	kind := "null"
	switch v := v.(type) {
	case string:
		kind = "string"
		if schema["format"] == "date-time" {
			if _, err := time.Parse(time.RFC3339, v); err != nil {
				return err.Error()
			}
		}
		if schema["format"] == "uri" && !absolute.MatchString(v) {
			return v + " is no address"
		}
		if most, ok := schema["maxLength"].(float64); ok && len(v) > int(most) {
			return "too long"
		}
	case bool:
		kind = "boolean"
	case float64:
		kind = got[v == float64(int64(v))]
	case []any:
		kind = "array"
	case map[string]any:
		kind = "object"
	}
	want, _ := schema["type"].(string)
	if want != "" && want != kind && (want != "number" || kind != "integer") {
		return fmt.Sprintf("%v is a %s, want %s", v, kind, want)
	}
	if enum, ok := schema["enum"].([]any); ok && !slices.Contains(enum, v) {
		return fmt.Sprintf("%v is not in %v", v, enum)
	}
	return ""
}

// TestFixMyStreetsOwnWayWorks does what its client does, call by call: list, meta,
// send, send again, ask for updates of the last two hours, post one.
func TestFixMyStreetsOwnWayWorks(t *testing.T) {
	d := newDoor(t)
	for _, s := range d.xml("services", "v2/services.xml?jurisdiction_id=city.gov", nil).kids {
		code := s.child("service_code")
		if strings.ContainsAny(code, "/ ") || s.child("metadata") != "true" {
			t.Errorf("service %+v", s)
		}
		orders := map[string]bool{}
		for _, a := range d.xml("service_definition", "v2/services/"+code+".xml?jurisdiction_id=city.gov", nil).at("attributes").kids {
			orders[a.child("order")] = true
		}
		if len(orders) == 0 {
			t.Errorf("%s has no attributes", code)
		}
	}
	form := url.Values{
		"jurisdiction_id": {"city.gov"}, "api_key": {d.key}, "service_code": {"001"}, "lat": {"37.765241"}, "long": {"-122.421204"},
		"description": {"title: Hole\n\ndetail: deep\n\nurl: http://fixmystreet.example/report/1\n\nSubmitted via FixMyStreet\n"},
		"first_name":  {"Ada"}, "last_name": {"Verdi"}, "email": {"ada@example.org"}, "attribute[fixmystreet_id]": {"1"},
	}
	one, two := d.xml("service_requests", "v2/requests.xml", form), d.xml("service_requests", "v2/requests.xml", form)
	code := one.at("request").child("service_request_id")
	if code == "" || code != two.at("request").child("service_request_id") {
		t.Fatalf("%+v, then %+v", one, two)
	}
	r, err := d.db.ReportByCode(t.Context(), d.town.ID, civic.Code(code))
	if err != nil {
		t.Fatal(err)
	}
	d.do("operator", r.ID, civic.KindTransition, civic.TransitionArgs{To: civic.StatusAcknowledged})
	now := time.Now().UTC()
	query := url.Values{
		"api_key": {d.key}, "jurisdiction_id": {"city.gov"},
		"start_date": {now.Add(-2 * time.Hour).Format("2006-01-02T15:04:05Z")}, "end_date": {now.Format("2006-01-02T15:04:05Z")},
	}
	update := d.xml("service_request_updates", "v2/servicerequestupdates.xml?"+query.Encode(), nil).at("request_update")
	if update.child("service_request_id") != code || update.child("status") != "investigating" {
		t.Errorf("update %+v", update)
	}
	posted := d.xml("service_request_updates", "v2/servicerequestupdates.xml", url.Values{
		"jurisdiction_id": {"city.gov"}, "api_key": {d.key}, "service_request_id": {code}, "update_id": {"5"}, "status": {"OPEN"},
		"updated_datetime": {now.Format("2006-01-02T15:04:05") + "+00:00"}, "description": {"Me too"}, "first_name": {"Bea"}, "last_name": {"-"},
		"email": {"bea@example.org"}, "public_anonymity_required": {"FALSE"},
	})
	if posted.at("request_update").child("update_id") == "" {
		t.Errorf("posted %+v", posted)
	}
}
