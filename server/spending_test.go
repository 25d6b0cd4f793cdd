package server

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"segnavia/civic"
)

// TestBytesHaveBudgets spends them: one address's never touch another's, what is
// stored touches town and all, and everything comes back with time.
func TestBytesHaveBudgets(t *testing.T) {
	now := time.Date(2027, 3, 10, 8, 0, 0, 0, time.UTC)
	a, b := civic.JurisdictionID{1}, civic.JurisdictionID{2}
	o := newBudgets(func() time.Time { return now }, 100, 150, 250)
	by := func(place string, town civic.JurisdictionID) *spending {
		return &spending{of: o, place: place, town: town, loose: true}
	}
	send := func(p *spending, n int) bool {
		if !p.open() {
			return false
		}
		_, err := io.Copy(io.Discard, p.from(t.Context(), strings.NewReader(strings.Repeat("x", n))))
		var known *civic.Error
		if err != nil && (!errors.As(err, &known) || known.Code != codePhotosLater) {
			t.Fatal(err)
		}
		return err == nil && p.keep(int64(n)) == nil
	}
	for i, x := range []struct {
		place string
		town  civic.JurisdictionID
		bytes int
		taken bool
	}{
		{"one", a, 90, true},
		{"one", a, 20, false}, // its own is full
		{"one", b, 1, false},
		{"two", a, 70, false}, // the town's is
		{"three", a, 50, true},
		{"four", b, 99, true},
		{"five", b, 30, false}, // all of them are
		{"six", b, 10, true},
	} {
		if got := send(by(x.place, x.town), x.bytes); got != x.taken {
			t.Errorf("%d, %d bytes of %s: %v", i, x.bytes, x.place, got)
		}
	}
	now = now.Add(bytesFor)
	if !send(by("one", a), 90) {
		t.Error("two hours later there is no room")
	}
	if !(*spending)(nil).open() || (*spending)(nil).keep(1<<40) != nil {
		t.Error("people of the town hall have a budget")
	}
}

// TestWhatIsNoPictureCostsNobodyElse sends garbage without end.
func TestWhatIsNoPictureCostsNobodyElse(t *testing.T) {
	o := newBudgets(time.Now, 1000, 1000, 1000)
	p := &spending{of: o, place: "one", loose: true}
	if _, err := io.Copy(io.Discard, p.from(t.Context(), strings.NewReader(strings.Repeat("x", 5000)))); err == nil {
		t.Error("an address sends more than it may")
	}
	if other := (&spending{of: o, place: "two", loose: true}); !other.open() || other.keep(1000) != nil {
		t.Error("another address pays for it")
	}
}
