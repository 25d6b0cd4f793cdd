package civic

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

func TestAnswersKeepTheirTypes(t *testing.T) {
	list := []AttributeValue{{"a", "A"}, {"b", "B"}}
	for _, c := range []struct {
		datatype  string
		good, bad []string
	}{
		{TypeNumber, []string{"0", "-1.5", "12,5", "+3", ".5"}, []string{"NaN", "Inf", "1e9", "0x10", "1_000", "-", ".", "12 m"}},
		{TypeDatetime, []string{"2027-03-14", "2027-03-14T09:30:00Z", "2027-03-14T09:30:00+01:00", "2027-03-14T09:30"}, []string{"14/03/2027", "2027-02-30", "now"}},
		{TypeOne, []string{"a"}, []string{"A", "c", "a,b"}},
		{TypeMany, []string{"a", "b"}, []string{"c"}},
		{TypeString, []string{"è 🕳️", "NaN"}, []string{"two\nlines"}},
		{TypeText, []string{"two\nlines"}, nil},
	} {
		a := Attribute{Code: "X", Datatype: c.datatype, Values: list, Required: true}
		if !a.Valid() {
			t.Errorf("%s cannot be asked", c.datatype)
		}
		s := Service{Attributes: []Attribute{a}}
		for _, v := range c.good {
			if got, err := s.checkAnswers(map[string][]string{"X": {v}}, true); err != nil || got["X"][0] != v {
				t.Errorf("%s: %q is refused: %v", c.datatype, v, err)
			}
		}
		for _, v := range c.bad {
			if _, err := s.checkAnswers(map[string][]string{"X": {v}}, false); err == nil || err.Args["field"] != "attribute[X]" {
				t.Errorf("%s: %q is taken", c.datatype, v)
			}
		}
		for _, nothing := range []map[string][]string{nil, {"X": {""}}, {"X": {" \t"}}, {"Y": {"a"}}} {
			if _, err := s.checkAnswers(nothing, true); err == nil || err.Code != CodeMissing {
				t.Errorf("%s: %v is an answer: %v", c.datatype, nothing, err)
			}
			if _, err := s.checkAnswers(nothing, false); err != nil {
				t.Errorf("%s: %v is demanded of a person: %v", c.datatype, nothing, err)
			}
		}
	}
	one := Service{Attributes: []Attribute{{Code: "X", Datatype: TypeOne, Values: list}}}
	if _, err := one.checkAnswers(map[string][]string{"X": {"a", "b"}}, false); err == nil || err.Code != CodeLimit {
		t.Errorf("two of one: %v", err)
	}
	long := Service{Attributes: []Attribute{{Code: "X", Datatype: TypeText}}}
	if _, err := long.checkAnswers(map[string][]string{"X": {strings.Repeat("x", MaxAnswer+1)}}, false); err == nil || err.Code != CodeTooLong {
		t.Errorf("too long: %v", err)
	}
	for _, a := range []Attribute{{Code: "a/b", Datatype: TypeText}, {Code: "", Datatype: TypeText}, {Code: "x", Datatype: "colour"}, {Code: "x", Datatype: TypeOne}} {
		if a.Valid() {
			t.Errorf("%+v can be asked", a)
		}
	}
}

func TestDegrees(t *testing.T) {
	for s, want := range map[string]float64{"44.4076": 44.4076, "-8": -8, "+1.": 1, "1e-05": 1e-5, "90": 90} {
		if got, ok := ParseDegrees(s, 90); !ok || math.Abs(got-want) > 1e-12 {
			t.Errorf("%q is %v %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "NaN", "Inf", "-Infinity", "0x1p3", "90.0001", "1e9", "44,4", " 1", "1 ", "44.4N", strings.Repeat("1", 400), "1_0"} {
		if got, ok := ParseDegrees(s, 90); ok {
			t.Errorf("%q is taken for %v", s, got)
		}
	}
}

func FuzzParseDegrees(f *testing.F) {
	for _, s := range []string{"44.4", "NaN", "1e308", "-0", "0x1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, ok := ParseDegrees(s, 180)
		if ok && !(d >= -180 && d <= 180) {
			t.Fatalf("%q is %s", s, strconv.FormatFloat(d, 'g', -1, 64))
		}
	})
}
