package civic

import (
	"testing"
	"time"
)

func TestAnErasureIsAnsweredWithinAMonth(t *testing.T) {
	for asked, due := range map[string]string{
		"2026-11-24": "2026-12-24", "2026-12-31": "2027-01-31", "2027-01-31": "2027-02-28", "2028-01-30": "2028-02-29", "2026-08-31": "2026-09-30",
	} {
		from, err := time.Parse(time.DateOnly, asked)
		if err != nil {
			t.Fatal(err)
		}
		if got := ErasureDue(from).Format(time.DateOnly); got != due {
			t.Errorf("asked %s: due %s, want %s", asked, got, due)
		}
	}
}
