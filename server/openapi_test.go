package server_test

import (
	"bytes"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write openapi.json anew")

// TestTheOpenAPIDocumentIsCurrent keeps server/openapi.json, which people read and
// generate clients from, the same as what the program serves. After a change:
// go test ./server -run 'OpenAPI|BrowsersTypes' -update, which writes the browser's types too.
func TestTheOpenAPIDocumentIsCurrent(t *testing.T) {
	want := newTowns(t, false).srv.Document()
	if *update {
		if err := os.WriteFile("openapi.json", want, 0o644); err != nil { // #nosec G306 -- a document for everybody
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("openapi.json is not what the program serves: run go test ./server -run OpenAPI -update")
	}
}
