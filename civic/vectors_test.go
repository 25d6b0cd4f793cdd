package civic

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// vector is one edit and what it must do. The browser's TypeScript runs the
// same files, without those marked server: they need the office calendar or the
// districts, which no client has.
type vector struct {
	Name  string `json:"name"`
	Rules struct {
		Rules
		// Box is the town's ground (west, south, east, north), Area its only
		// district.
		Box  *[4]float64 `json:"box"`
		Area AreaID      `json:"area"`
	} `json:"rules"`
	Actor  Actor     `json:"actor"`
	Now    time.Time `json:"now"`
	Report Report    `json:"report"`
	Edit   Edit      `json:"edit"`
	Minted struct {
		Code Code `json:"code"`
	} `json:"minted"`
	Want struct {
		Result json.RawMessage `json:"result"`
		Report json.RawMessage `json:"report"`
	} `json:"want"`
}

func TestEditsDoWhatTheVectorsSay(t *testing.T) {
	files, err := filepath.Glob("testdata/edits/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	covered := make(map[Kind]bool)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var vectors []vector
		if err := json.Unmarshal(raw, &vectors); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		for _, v := range vectors {
			covered[v.Edit.Kind] = true
			t.Run(name+"/"+v.Name, v.run)
		}
	}
	for _, k := range Kinds() {
		if !covered[k] {
			t.Errorf("no vector for %s", k)
		}
	}
}

func (v vector) run(t *testing.T) {
	rules := v.Rules.Rules
	if rules.Calendar.Zone != "" {
		if err := rules.Calendar.Load(); err != nil {
			t.Fatal(err)
		}
	}
	if box := v.Rules.Box; box != nil {
		rules.Locate = func(p Position) (AreaID, bool) {
			return v.Rules.Area, p.Lon >= box[0] && p.Lat >= box[1] && p.Lon <= box[2] && p.Lat <= box[3]
		}
	}
	v.Edit.Actor = v.Actor
	v.Edit.Minted = Minted{Code: v.Minted.Code}
	before := encode(t, v.Report)
	got, out, err := Apply(&rules, v.Report, v.Edit, v.Now)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "result", encode(t, out.Result), v.Want.Result)
	same(t, "report", encode(t, got), v.Want.Report)
	same(t, "argument", encode(t, v.Report), before)
}

func encode(t *testing.T, v any) json.RawMessage {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func same(t *testing.T, what string, got, want json.RawMessage) {
	t.Helper()
	var a, b any
	if err := json.Unmarshal(got, &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(want, &b); err != nil {
		t.Fatalf("want %s: %v", what, err)
	}
	if !reflect.DeepEqual(a, b) {
		t.Errorf("%s\n got %s\nwant %s", what, got, want)
	}
}
