package server_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// element is one element of a strictly read answer.
type element struct {
	name string
	text string
	kids []element
}

func (e element) child(name string) string {
	for _, k := range e.kids {
		if k.name == name {
			return k.text
		}
	}
	return ""
}

func (e element) names() (list []string) {
	for _, k := range e.kids {
		list = append(list, k.name)
	}
	return list
}

func (e element) at(path ...string) element {
	for _, name := range path {
		i := slices.IndexFunc(e.kids, func(k element) bool { return k.name == name })
		if i < 0 {
			return element{}
		}
		e = e.kids[i]
	}
	return e
}

// children are what each element of GeoReport v2 may hold; those that are not here
// hold text alone.
var children = map[string]string{
	"discovery": "changeset contact key_service endpoints", "endpoints": "endpoint",
	"endpoint": "specification url changeset type formats", "formats": "format",
	"services": "service", "service": "service_code service_name description metadata type keywords group",
	"service_definition": "service_code attributes", "attributes": "attribute",
	"attribute": "variable code datatype required datatype_description order description values automated",
	"values":    "value", "value": "key name",
	"service_requests": "request",
	"request": "service_request_id token service_notice account_id status status_notes service_name service_code description " +
		"agency_responsible requested_datetime updated_datetime expected_datetime address address_id zipcode lat long media_url extended_attributes",
	"extended_attributes": "title area detailed_status media_urls", "media_urls": "media_url",
	"service_request_updates": "request_update",
	"request_update":          "update_id account_id service_request_id status description updated_datetime media_url external_status_code",
	"errors":                  "error", "error": "code description",
}

var (
	w3time   = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$`)
	statuses = regexp.MustCompile(`^(open|closed|fixed|in_progress|planned|action_scheduled|investigating|duplicate|not_councils_responsibility|no_further_action)$`)
	yesNo    = regexp.MustCompile(`^(true|false)$`)
	decimals = regexp.MustCompile(`^(-?\d+(\.\d+)?)?$`)
)

// shapes are what the text of some elements must look like.
var shapes = map[string]*regexp.Regexp{
	"changeset": w3time, "requested_datetime": w3time, "updated_datetime": w3time,
	"expected_datetime": regexp.MustCompile(`^$|` + w3time.String()),
	"status":            statuses, "metadata": yesNo, "variable": yesNo, "required": yesNo, "lat": decimals, "long": decimals,
	"order": regexp.MustCompile(`^[1-9]\d*$`), "code": regexp.MustCompile(`^\S+$`),
	"type":               regexp.MustCompile(`^(realtime|batch|blackbox|production|test)$`),
	"service_request_id": regexp.MustCompile(`^[A-Z]{2}\d{8}$`),
	"datatype":           regexp.MustCompile(`^(string|number|datetime|text|singlevaluelist|multivaluelist)$`),
}

// readStrictly reads an answer as the least forgiving client does: the declaration
// first, no attribute, no namespace, no comment, the exact root, no foreign
// element, times of W3C's note with whole seconds.
func readStrictly(raw []byte, root string) (element, error) {
	if !bytes.HasPrefix(raw, []byte(`<?xml version="1.0" encoding="utf-8"?>`)) {
		return element{}, errors.New("no declaration")
	}
	d := xml.NewDecoder(bytes.NewReader(raw))
	top := element{}
	if err := readInto(d, &top); err != nil {
		return top, err
	}
	if len(top.kids) != 1 || top.kids[0].name != root {
		return top, fmt.Errorf("root %v, want %s", top.names(), root)
	}
	return top.kids[0], check(top.kids[0])
}

func readInto(d *xml.Decoder, into *element) error {
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && into.name == "" {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if len(t.Attr) > 0 || t.Name.Space != "" {
				return fmt.Errorf("<%s> has attributes %v, namespace %q", t.Name.Local, t.Attr, t.Name.Space)
			}
			kid := element{name: t.Name.Local}
			if err := readInto(d, &kid); err != nil {
				return err
			}
			into.kids = append(into.kids, kid)
		case xml.EndElement:
			return nil
		case xml.CharData:
			into.text += string(t)
		case xml.ProcInst:
			if t.Target != "xml" {
				return fmt.Errorf("instruction %s", t.Target)
			}
		default:
			return fmt.Errorf("a %T", token)
		}
	}
}

func check(e element) error {
	allowed := strings.Fields(children[e.name])
	if len(allowed) > 0 && strings.TrimSpace(e.text) != "" {
		return fmt.Errorf("<%s> holds text", e.name)
	}
	if shape := shapes[e.name]; shape != nil && !shape.MatchString(e.text) {
		return fmt.Errorf("<%s>%s</%s>", e.name, e.text, e.name)
	}
	for _, k := range e.kids {
		if !slices.Contains(allowed, k.name) {
			return fmt.Errorf("<%s> in <%s>", k.name, e.name)
		}
		if err := check(k); err != nil {
			return err
		}
	}
	return nil
}

func TestTheStrictReaderRefusesWhatClientsRefuse(t *testing.T) {
	const head = `<?xml version="1.0" encoding="utf-8"?>`
	good := head + `<service_requests><request><service_request_id>GE48217308</service_request_id><updated_datetime>2027-03-01T08:00:00+01:00</updated_datetime></request></service_requests>`
	if _, err := readStrictly([]byte(good), "service_requests"); err != nil {
		t.Fatal(err)
	}
	for what, raw := range map[string]string{
		"an attribute":           strings.Replace(good, "<request>", `<request type="array">`, 1),
		"a namespace":            strings.Replace(good, "<service_requests>", `<service_requests xmlns="http://wiki.open311.org/GeoReport_v2">`, 1),
		"another root":           strings.ReplaceAll(good, "service_requests", "requests"),
		"no declaration":         strings.TrimPrefix(good, head),
		"a zone without a colon": strings.Replace(good, "+01:00", "+0100", 1),
		"parts of a second":      strings.Replace(good, "08:00:00", "08:00:00.123", 1),
		"no zone":                strings.Replace(good, "+01:00", "", 1),
		"a foreign element":      strings.Replace(good, "<request>", "<request><city>x</city>", 1),
		"a spoken code":          strings.Replace(good, "GE48217308", "GE 4821 7308", 1),
		"a comment":              strings.Replace(good, "<request>", "<request><!-- x -->", 1),
		"a broken end":           strings.TrimSuffix(good, "</service_requests>"),
	} {
		if _, err := readStrictly([]byte(raw), "service_requests"); err == nil {
			t.Errorf("%s is taken", what)
		}
	}
}
