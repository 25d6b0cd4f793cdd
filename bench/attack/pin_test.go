//go:build bench

package attack_bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// codes lists the public codes of the town.
func (w *world) codes() []string {
	w.t.Helper()
	var all []string
	for next := ""; ; {
		res, err := http.Get("http://" + w.Addr + "/api/v1/reports?limit=100&before=" + next)
		if err != nil {
			w.t.Fatal(err)
		}
		var page struct {
			Reports []struct{ Code string }
			Next    string
		}
		err = json.NewDecoder(res.Body).Decode(&page)
		_ = res.Body.Close()
		if err != nil {
			w.t.Fatal(err)
		}
		for _, r := range page.Reports {
			all = append(all, r.Code)
		}
		if next = page.Next; next == "" {
			return all
		}
	}
}

// TestOnePIN tries one PIN at 100,000 codes from 10,000 addresses: a town answers a
// thousand in a day.
func TestOnePIN(t *testing.T) {
	tries := env("TRIES", 100_000)
	w := start(t, "--reports", strconv.Itoa(env("REPORTS", 100_000)))
	codes := w.codes()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	c := &tally{statuses: map[int]int{}}
	var sent atomic.Int64
	began := time.Now()
	w.flood(ctx, ways[2], c, 32, func(int) (*http.Request, error) {
		n := int(sent.Add(1)) - 1
		if n >= tries {
			cancel()
		}
		r, err := http.NewRequest(http.MethodPost, "http://"+w.Addr+"/r/"+codes[n%len(codes)]+"/pin", strings.NewReader("pin=482173"))
		if err == nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		return r, err
	})
	fmt.Printf("%d codes, %d tries from 10,000 addresses in %s: %s\n", len(codes), min(int(sent.Load()), tries), time.Since(began).Round(time.Second), c)
	if answers := c.statuses[http.StatusForbidden] + c.statuses[http.StatusSeeOther]; answers > 1000 {
		t.Errorf("%d answers", answers)
	}
}
