package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// described is an API's document, read as a client generator reads it.
type described struct {
	Servers []struct{ URL string }
	Paths   map[string]map[string]struct {
		Security  []map[string][]string
		Responses map[string]struct {
			Content map[string]struct{ Schema *shape }
		}
		RequestBody struct {
			Content map[string]struct{ Schema *shape }
		}
	}
	Components struct {
		Schemas         map[string]*shape
		SecuritySchemes map[string]any
	}
}

// shape is as much of a JSON Schema as the document uses.
type shape struct {
	Ref        string            `json:"$ref"`
	Type       any               `json:"type"`
	Enum       []any             `json:"enum"`
	Items      *shape            `json:"items"`
	Properties map[string]*shape `json:"properties"`
	Required   []string          `json:"required"`
	OneOf      []*shape          `json:"oneOf"`
	More       json.RawMessage   `json:"additionalProperties"`
}

// fits says what of a value is not of a shape, "" where all is.
func (d *described) fits(s *shape, v any, at string) string {
	if s.Ref != "" {
		named, ok := d.Components.Schemas[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]]
		if !ok {
			return at + ": no schema " + s.Ref
		}
		return d.fits(named, v, at)
	}
	if len(s.OneOf) > 0 {
		n := 0
		for _, one := range s.OneOf {
			if d.fits(one, v, at) == "" {
				n++
			}
		}
		if n != 1 {
			return fmt.Sprintf("%s: of %d of the choices", at, n)
		}
		return ""
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, v) {
		return fmt.Sprintf("%s: %v is none of %v", at, v, s.Enum)
	}
	if s.Type != nil && !slices.Contains(jsonKinds(s.Type), jsonKind(v)) && (jsonKind(v) != "integer" || !slices.Contains(jsonKinds(s.Type), "number")) {
		return fmt.Sprintf("%s: %v is a %s, not %v", at, v, jsonKind(v), s.Type)
	}
	switch v := v.(type) {
	case []any:
		for i := range v {
			if why := d.fits(s.Items, v[i], fmt.Sprintf("%s[%d]", at, i)); why != "" {
				return why
			}
		}
	case map[string]any:
		for _, name := range s.Required {
			if _, ok := v[name]; !ok {
				return at + ": lacks " + name
			}
		}
		for name := range v {
			more := &shape{}
			if p, ok := s.Properties[name]; ok {
				more = p
			} else if string(s.More) == "false" {
				return at + ": " + name + " is not described"
			} else if bytes.HasPrefix(s.More, []byte("{")) && json.Unmarshal(s.More, more) != nil {
				return at + ": no schema"
			}
			if why := d.fits(more, v[name], at+"."+name); why != "" {
				return why
			}
		}
	}
	return ""
}

func jsonKinds(t any) (list []string) {
	switch t := t.(type) {
	case string:
		return []string{t}
	case []any:
		for _, one := range t {
			list = append(list, fmt.Sprint(one))
		}
	}
	return list
}

func jsonKind(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case float64:
		if v == float64(int64(v)) {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	default:
		return "object"
	}
}

// operation is the one of a method and a path.
func (d *described) operation(method, path string) (template string) {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	for _, template := range slices.Sorted(maps.Keys(d.Paths)) { // a word sorts before a {
		if slices.EqualFunc(strings.Split(template, "/"), parts, func(want, got string) bool {
			return want == got || strings.HasPrefix(want, "{")
		}) {
			if _, ok := d.Paths[template][strings.ToLower(method)]; ok {
				return template
			}
		}
	}
	return ""
}

// judge says what of an answer is not as the document says.
func (d *described) judge(method, path string, res *http.Response, body string) string {
	template := d.operation(method, path)
	if template == "" {
		return "no operation"
	}
	answer, ok := d.Paths[template][strings.ToLower(method)].Responses[strconv.Itoa(res.StatusCode)]
	if !ok {
		return fmt.Sprintf("%s: the status %d is not described", template, res.StatusCode)
	}
	if len(answer.Content) == 0 {
		if body != "" {
			return "a body where none is described"
		}
		return ""
	}
	kind, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";")
	content, ok := answer.Content[kind]
	if !ok {
		return fmt.Sprintf("%s: %d as %s is not described", template, res.StatusCode, kind)
	}
	var v any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		return err.Error()
	}
	return d.fits(content.Schema, v, fmt.Sprint(res.StatusCode))
}

// TestTheDocumentSaysWhatIsAnswered walks the table of who may do what, the replays and
// what no client should send, and holds every answer of the API against its document.
func TestTheDocumentSaysWhatIsAnswered(t *testing.T) {
	f := newTowns(t, false)
	d := new(described)
	if err := json.Unmarshal(f.srv.Document(), d); err != nil {
		t.Fatal(err)
	}
	if len(d.Servers) == 0 || len(d.Components.SecuritySchemes) != 2 {
		t.Errorf("servers %v, security %v", d.Servers, d.Components.SecuritySchemes)
	}
	seen, told := map[string]bool{}, map[string]bool{}
	hold := func(what, method, path string, res *http.Response, body string) {
		t.Helper()
		seen[strings.ToLower(method)+" "+d.operation(method, path)] = true
		if why := d.judge(method, path, res, body); why != "" && !told[what+why] {
			told[what+why] = true
			t.Errorf("%s: %s\n%.300s", what, why, body)
		}
	}
	own := func(path string) bool {
		return strings.HasPrefix(path, "/api/v1/") && path != "/api/v1/openapi.json"
	}
	for pattern, row := range authz {
		if !own(row.path) || row.method == http.MethodOptions {
			continue
		}
		for _, c := range f.callers {
			res, body := f.asked(c, "a.test", row.method, row.path, row.body) //nolint:bodyclose // it is
			hold(pattern, row.method, row.path, res, body)
		}
		for host, headers := range map[string][]string{
			"c.test": nil, "a.test": {"Origin", "https://evil.example", "Cookie", "session=x"},
		} {
			res, body := f.asked(f.callers[0], host, row.method, row.path, row.body, headers...) //nolint:bodyclose // it is
			hold(pattern+" of "+host, row.method, row.path, res, body)
		}
		res, body := f.asked(f.callers[0], "a.test", row.method, row.path, row.body, "X-Long", strings.Repeat("a", 40<<10)) //nolint:bodyclose // it is
		hold(pattern+", at length", row.method, row.path, res, body)
	}
	for what, row := range replays {
		if own(row.path) {
			for _, c := range f.callers {
				res, body := f.asked(c, "a.test", row.method, row.path, row.body) //nolint:bodyclose // it is
				hold(what, row.method, row.path, res, body)
			}
		}
	}
	for _, c := range append(badReports(), badElsewhere()...) {
		if own(c.path) {
			res, body := f.asked(f.callers[0], "a.test", c.method, c.path, c.body, "Content-Type", c.kind) //nolint:bodyclose // it is
			hold(c.what, c.method, c.path, res, body)
		}
	}
	for path, methods := range d.Paths {
		for method, op := range methods {
			if !seen[method+" "+path] {
				t.Errorf("%s %s was not asked", method, path)
			}
			if len(op.Security) == 0 {
				t.Errorf("%s %s does not say who may", method, path)
			}
		}
	}
	edit := map[string]any{"id": "x", "report": "y", "kind": "note", "args": map[string]any{"text": "x"}}
	edits := d.Paths["/api/v1/edits"]["post"].RequestBody.Content["application/json"].Schema
	for want, v := range map[string]any{"": edit, "of 0": map[string]any{"id": "x"}} {
		if why := d.fits(edits, v, "edits"); why != "" != (want != "") || !strings.Contains(why, want) {
			t.Errorf("edits %v: %q", v, why)
		}
	}
	if why := d.fits(edits, []any{edit}, "edits"); why != "" {
		t.Error(why)
	}
}
