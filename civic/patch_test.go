package civic

import (
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// The examples of RFC 7396, appendix A, whose targets are objects.
func TestMergeExamplesOfTheRFC(t *testing.T) {
	for _, c := range []struct{ target, patch, want string }{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`["a","b"]`, `["c","d"]`, `["c","d"]`},
		{`{"a":"b"}`, `["c"]`, `["c"]`},
		{`{"e":null}`, `{"a":1}`, `{"e":null,"a":1}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
	} {
		got, err := Merge(json.RawMessage(c.target), json.RawMessage(c.patch))
		if err != nil || !sameValue(got, json.RawMessage(c.want)) {
			t.Errorf("%s + %s = %s, %v; want %s", c.target, c.patch, got, err, c.want)
		}
	}
}

func sameValue(a, b json.RawMessage) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

func object(depth int) *rapid.Generator[map[string]any] {
	value := rapid.OneOf(rapid.Just[any](true), rapid.Map(rapid.IntRange(0, 3), func(n int) any { return n }),
		rapid.Map(rapid.SampledFrom([]string{"", "x", "è"}), func(s string) any { return s }))
	if depth > 0 {
		value = rapid.OneOf(value, rapid.Map(object(depth-1), func(m map[string]any) any { return m }))
	}
	return rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), value, 0, 4)
}

func TestADiffTurnsOneBodyIntoTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, err1 := json.Marshal(object(2).Draw(t, "from"))
		to, err2 := json.Marshal(object(2).Draw(t, "to"))
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		got, err := Merge(from, Diff(from, to))
		if err != nil || !sameValue(got, to) {
			t.Fatalf("%s + %s = %s, want %s (%v)", from, Diff(from, to), got, to, err)
		}
		if same := Diff(to, to); string(same) != "{}" {
			t.Fatalf("the diff of equal bodies is %s", same)
		}
	})
}

func FuzzMerge(f *testing.F) {
	f.Add([]byte(`{"a":1}`), []byte(`{"a":null,"b":{"c":[]}}`))
	f.Fuzz(func(t *testing.T, target, patch []byte) {
		if len(target) > 1000 || len(patch) > 1000 || !json.Valid(target) || !json.Valid(patch) {
			return
		}
		if got, err := Merge(target, patch); err == nil && !json.Valid(got) {
			t.Fatalf("%s + %s = %s", target, patch, got)
		}
	})
}
