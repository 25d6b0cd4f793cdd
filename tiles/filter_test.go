package tiles

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"segnavia/geo"
)

func mustURL(t *testing.T, query string) *url.URL {
	t.Helper()
	return &url.URL{Path: "/", RawQuery: strings.TrimPrefix(query, "?")}
}

func mustParse(t *testing.T, query string) *Filter {
	t.Helper()
	q, err := url.ParseQuery(strings.TrimPrefix(query, "?"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := ParseFilter(q)
	if err != nil {
		t.Fatal(err)
	}
	return &f
}

func TestAGroupMayHoldAComma(t *testing.T) {
	f := mustParse(t, "?group="+url.QueryEscape("acqua, allagamenti e fogne"))
	if len(f.Groups) != 1 || f.Groups[0] != "acqua, allagamenti e fogne" {
		t.Errorf("groups %q", f.Groups)
	}
}

func TestTheOrderOfWordsDoesNotMatter(t *testing.T) {
	one, two := mustParse(t, "?service=b,a&status=open,closed"), mustParse(t, "?status=closed,open&service=a,,b,a")
	if string(one.key(nil)) != string(two.key(nil)) {
		t.Error("one filter has two keys")
	}
}

func FuzzParseFilter(f *testing.F) {
	for _, s := range []string{
		"", "status=open&service=a,b&from=2024-01-01&to=2024-12-31", "team=none&kind=heat",
		"status=,,,&group=a%2Cb", "channel=web&channel=app", "from=0000-00-00",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := url.ParseQuery(s)
		if err != nil {
			return
		}
		filter, err := ParseFilter(q)
		if err != nil {
			var e *ParameterError
			if !errors.As(err, &e) || e.Name == "" || e.Reason == "" {
				t.Fatalf("%v names nothing", err)
			}
			return
		}
		if len(filter.Services) > maxWords || len(filter.key(nil)) > 4*maxValueBytes {
			t.Fatal("a filter without bounds")
		}
		_ = NewIndex().Tile(geo.Cell{}, &filter, Public)
	})
}
