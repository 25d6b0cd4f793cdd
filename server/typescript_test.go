package server_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// schema is as much of a JSON Schema as the document uses.
type schema struct {
	Ref        string             `json:"$ref"`
	Type       any                `json:"type"`
	Items      *schema            `json:"items"`
	Properties map[string]*schema `json:"properties"`
	Required   []string           `json:"required"`
	More       json.RawMessage    `json:"additionalProperties"`
}

// typescript writes the document's schemas as interfaces. The generators on npm
// need an older compiler than the apps use; these sixty lines need none.
func typescript(t *testing.T, document []byte) string {
	t.Helper()
	var d struct {
		Components struct {
			Schemas map[string]*schema `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(document, &d); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("/** The API's bodies, written from server/openapi.json: do not edit. */\n")
	for _, name := range slices.Sorted(maps.Keys(d.Components.Schemas)) {
		s := d.Components.Schemas[name]
		fmt.Fprintf(&b, "\nexport interface %s {\n", name)
		for _, p := range slices.Sorted(maps.Keys(s.Properties)) {
			optional := "?"
			if slices.Contains(s.Required, p) {
				optional = ""
			}
			fmt.Fprintf(&b, "  %s%s: %s;\n", p, optional, typeOf(s.Properties[p]))
		}
		b.WriteString("}\n")
	}
	return b.String()
}

func typeOf(s *schema) string {
	if s.Ref != "" {
		return s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
	}
	switch kind := s.Type.(type) {
	case []any: // a type or null
		return typeOf(&schema{Type: kind[0], Items: s.Items, Properties: s.Properties, More: s.More}) + " | null"
	case string:
		switch kind {
		case "string", "boolean":
			return kind
		case "integer", "number":
			return "number"
		case "array":
			item := typeOf(s.Items)
			if strings.Contains(item, " ") {
				item = "(" + item + ")"
			}
			return item + "[]"
		case "object":
			var more schema
			if len(s.More) > 2 && json.Unmarshal(s.More, &more) == nil {
				return "Record<string, " + typeOf(&more) + ">"
			}
			return "Record<string, unknown>"
		}
	}
	return "unknown"
}

func TestTheBrowsersTypesAreCurrent(t *testing.T) {
	document, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	const file = "../web/src/core/api.ts"
	want := typescript(t, document)
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil { // #nosec G306 -- a source file
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil || string(got) != want {
		t.Errorf("%s is not written from openapi.json (%v): run go test ./server -run 'OpenAPI|Types' -update", file, err)
	}
}
