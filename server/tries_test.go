package server_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"segnavia/server"
)

// signIns is a server with a person, and a clock of its own.
type signIns struct {
	*towns
	http *httptest.Server
	now  atomic.Pointer[time.Time]
}

const ownPassword = "una parola lunga"

func newSignIns(t *testing.T) *signIns {
	t.Helper()
	s := &signIns{towns: newTowns(t, false)}
	s.pass(0)
	s.http = s.again(func(o *server.Options) { o.Now = func() time.Time { return *s.now.Load() } })
	kept, err := server.HashPassword(ownPassword)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.db.SetPassword(t.Context(), s.a.ID, "operator", kept); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *signIns) pass(d time.Duration) {
	now := time.Now()
	if last := s.now.Load(); last != nil {
		now = last.Add(d)
	}
	s.now.Store(&now)
}

// try signs in from an address, with the cookies of a browser, and gives those that
// came.
func (s *signIns) try(from, login, password string, browser ...*http.Cookie) (status int, retry string, cookies []*http.Cookie) {
	s.t.Helper()
	body, err := json.Marshal(map[string]string{"login": login, "password": password})
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.http.URL+"/api/v1/session", strings.NewReader(string(body)))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Host = "a.test"
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Forwarded-For", from)
	for _, c := range browser {
		r.AddCookie(c)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode, res.Header.Get("Retry-After"), res.Cookies()
}

func (s *signIns) want(what string, status int, from, password string, browser ...*http.Cookie) []*http.Cookie {
	s.t.Helper()
	got, _, cookies := s.try(from, "operator", password, browser...)
	if got != status {
		s.t.Errorf("%s: %d, want %d", what, got, status)
	}
	return cookies
}

// TestStrangersKeepNoEmployeeOut has somebody try passwords all day: they wait, the
// person signs in from elsewhere, and in a known browser from the very same address.
func TestStrangersKeepNoEmployeeOut(t *testing.T) {
	s := newSignIns(t)
	browser := s.want("the person", http.StatusOK, "192.0.2.1", ownPassword)
	for range 12 {
		s.pass(900 * time.Millisecond)
		s.try("192.0.2.66", "operator", "indovino")
		s.try("192.0.2.1", "operator", "indovino") // behind the same address, too
	}
	status, retry, _ := s.try("192.0.2.66", "operator", ownPassword)
	if wait, _ := strconv.Atoi(retry); status != http.StatusTooManyRequests || wait < 2 || wait > 3600 {
		t.Errorf("the stranger: %d, after %s s", status, retry)
	}
	s.want("from another address", http.StatusOK, "192.0.2.2", ownPassword)
	s.want("in the known browser", http.StatusOK, "192.0.2.1", ownPassword, browser...)
	s.want("in another browser there", http.StatusTooManyRequests, "192.0.2.1", ownPassword)
	for i := range 3 {
		s.want("a mistake of one's own", http.StatusUnauthorized, "192.0.2.1", fmt.Sprint("errore ", i), browser...)
	}
	s.want("and then the right one", http.StatusOK, "192.0.2.1", ownPassword, browser...)
	s.pass(24 * time.Hour)
	s.want("the stranger, a day later", http.StatusUnauthorized, "192.0.2.66", "indovino")
}

// TestAMarkIsNobodyElses forges a browser's mark and takes another person's.
func TestAMarkIsNobodyElses(t *testing.T) {
	s := newSignIns(t)
	browser := s.want("the person", http.StatusOK, "192.0.2.1", ownPassword)
	var mark *http.Cookie
	for _, c := range browser {
		if strings.HasPrefix(c.Name, "known-") {
			mark = c
		}
	}
	if mark == nil || !mark.HttpOnly {
		t.Fatal("no mark")
	}
	forged := *mark
	forged.Value = "X" + mark.Value
	s.want("wrong", http.StatusUnauthorized, "192.0.2.9", "indovino")
	s.want("with a forged mark", http.StatusTooManyRequests, "192.0.2.9", ownPassword, &forged)
	for range 60 { // a mark that was stolen gives some tries and no more
		s.try("192.0.2.10", "operator", "indovino", mark)
	}
	s.want("with a stolen mark", http.StatusUnauthorized, "192.0.2.11", "indovino", mark)
	s.want("again", http.StatusTooManyRequests, "192.0.2.11", "indovino", mark)
}

// TestManySignInsAtOnceCostLittle has a crowd guess: the memory stays, nobody gets a
// status of ours, and the person gets in.
func TestManySignInsAtOnceCostLittle(t *testing.T) {
	s := newSignIns(t)
	browser := s.want("the person", http.StatusOK, "192.0.2.1", ownPassword)
	runtime.GC()
	var before, most runtime.MemStats
	runtime.ReadMemStats(&before)
	var all sync.WaitGroup
	for i := range 24 {
		all.Go(func() {
			status, _, _ := s.try(fmt.Sprintf("198.51.100.%d", i), fmt.Sprint("nobody", i), "indovino")
			if status != http.StatusUnauthorized && status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable {
				t.Errorf("answered %d", status)
			}
		})
	}
	s.want("meanwhile", http.StatusOK, "192.0.2.1", ownPassword, browser...)
	all.Wait()
	runtime.ReadMemStats(&most)
	held := func(m runtime.MemStats) int64 { return int64(m.HeapSys-m.HeapReleased) >> 20 } // #nosec G115 -- megabytes
	if grown := held(most) - held(before); grown > 330 {
		t.Errorf("%d MB more", grown)
	}
}

// TestACallHelpsWhereAPINWasTriedTooOften guesses at one code from many addresses,
// as the page sees it, until the office gives another PIN.
func TestACallHelpsWhereAPINWasTriedTooOften(t *testing.T) {
	f := newTowns(t, false)
	receipt, err := f.db.Receipt(t.Context(), f.a.ID, f.report)
	if err != nil {
		t.Fatal(err)
	}
	try := func(from, pin string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.http.URL+"/r/"+string(receipt.Code)+"/pin", strings.NewReader("pin="+pin))
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "a.test"
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", from)
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close() //nolint:errcheck // only read
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode == http.StatusTooManyRequests && res.Header.Get("Retry-After") == "" {
			t.Error("a refusal does not say when to come back")
		}
		return res.StatusCode, string(body)
	}
	bad := "000000"
	if receipt.PIN == bad {
		bad = "000001"
	}
	if status, _ := try("192.0.2.1", receipt.PIN); status != http.StatusSeeOther {
		t.Errorf("the right one: %d", status)
	}
	for i := range 40 {
		try(fmt.Sprintf("198.51.100.%d", i), bad)
	}
	if status, page := try("192.0.2.2", receipt.PIN); status != http.StatusTooManyRequests || !strings.Contains(page, "chiamaci") {
		t.Errorf("from a new address: %d", status)
	}
	if status, _ := try("192.0.2.1", receipt.PIN); status != http.StatusSeeOther {
		t.Errorf("where it was right before: %d", status)
	}
	if got := f.srv.Counts().PINsClosed; got < 10 {
		t.Errorf("the alarm counts %d", got)
	}
	office := f.callers[slices.IndexFunc(f.callers, func(c caller) bool { return c.name == "operator" })]
	status, body := f.ask(office, "a.test", "POST", "/api/v1/reports/{report}/pin", `{"edit":"{new}"}`)
	var renewed struct{ PIN, Spoken string }
	if err := json.Unmarshal([]byte(body), &renewed); err != nil || status != http.StatusCreated || renewed.Spoken == "" {
		t.Fatalf("%d %s", status, body)
	}
	if status, _ := try("192.0.2.3", strings.ReplaceAll(renewed.PIN, " ", "")); status != http.StatusSeeOther {
		t.Errorf("the new one: %d", status)
	}
}
