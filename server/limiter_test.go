package server

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"segnavia/civic"
)

// TestAFullLimiterForgetsTheOldest has a crowd of addresses come by: whoever is
// heard of all the time stays limited, and the memory is bounded.
func TestAFullLimiterForgetsTheOldest(t *testing.T) {
	now := time.Date(2027, 3, 10, 8, 0, 0, 0, time.UTC)
	l := newLimiter(func() time.Time { return now }, 100)
	once := limit{"once", 0, 1}
	l.allow(once, "busy")
	for i := range 1000 {
		if l.allow(once, "busy") {
			t.Fatalf("after %d others it is forgotten", i)
		}
		l.allow(once, fmt.Sprint(i))
	}
	if l.places.Len() != 100 {
		t.Errorf("%d places", l.places.Len())
	}
	if !l.allow(once, "0") {
		t.Error("the oldest is remembered for ever")
	}
}

// TestAFullListOfDelaysForgetsTheOldest does the same for wrong passwords.
func TestAFullListOfDelaysForgetsTheOldest(t *testing.T) {
	now := time.Date(2027, 3, 10, 8, 0, 0, 0, time.UTC)
	d := newDelays(10)
	for i := range 100 {
		d.wrong("busy", now)
		d.wrong(fmt.Sprint(i), now)
	}
	if d.lru.Len() != 10 || d.wait("busy", now, 0) != time.Hour || d.wait("0", now, 0) != 0 {
		t.Errorf("%d keys, the busy one waits %s", d.lru.Len(), d.wait("busy", now, 0))
	}
}

// TestAFormThatALibraryRefusesIsNotOurMistake sends more fields than net/url reads,
// and others that no library likes.
func TestAFormThatALibraryRefusesIsNotOurMistake(t *testing.T) {
	for what, body := range map[string]string{
		"too many fields": strings.Repeat("a=b&", 20_000), "semicolons": "a;b=c", "a bad escape": "a=%zz",
	} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if _, err := (&Server{}).readForm(httptest.NewRecorder(), r, &request{}, 0, false); err == nil || statusOf(refusal(err).Code) != http.StatusBadRequest {
			t.Errorf("%s: %v", what, err)
		}
	}
	if status := statusOf(refusal(civic.ErrBusy).Code); status != http.StatusServiceUnavailable {
		t.Errorf("ours is answered %d", status)
	}
}
