package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// TestAnOutageIsSaidToPass closes the database to everybody: whoever asks is told
// to come back, and nobody that we made a mistake or that nothing is there.
func TestAnOutageIsSaidToPass(t *testing.T) {
	f := newTowns(t, false)
	config, err := pgx.ParseConfig(f.url)
	if err != nil {
		t.Fatal(err)
	}
	name := config.Database
	config.Database = "postgres"
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // the test is over
	if got, _ := f.ask(caller{name: "anonymous"}, "a.test", "GET", "/api/v1/reports", ""); got != 200 {
		t.Fatalf("before the outage: %d", got)
	}
	for _, sql := range []string{
		`ALTER DATABASE ` + pgx.Identifier{name}.Sanitize() + ` ALLOW_CONNECTIONS false`,
		`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '` + name + `'`,
	} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{
		"/api/v1/reports", "/api/v1/reports/{report}", "/reports", "/r/{code}", "/api/v1/near?lon=8.85&lat=44.45",
		"/open311/v2/requests.xml", "/open311/v2/requests/{code}.json", "/open311/v2/tokens/{report}.xml",
		"/open311/v2/servicerequestupdates.xml?api_key=segnavia_any",
	} {
		if status, after := f.answer("a.test", "GET", path, ""); status != http.StatusServiceUnavailable || after == "" {
			t.Errorf("GET %s: %d, Retry-After %q", path, status, after)
		}
	}
	status, after := f.answer("a.test", "POST", "/api/v1/reports", `{"id":"{new}","service":"pothole","lon":8.85,"lat":44.45}`)
	if status != http.StatusServiceUnavailable || after == "" {
		t.Errorf("POST: %d, Retry-After %q", status, after)
	}
	if status, _ := f.answer("a.test", "GET", "/healthz", ""); status != http.StatusOK {
		t.Errorf("alive: %d", status)
	}
	if status, _ := f.answer("a.test", "GET", "/readyz", ""); status != http.StatusServiceUnavailable {
		t.Errorf("ready: %d", status)
	}
}

// answer is what anybody gets: the status, and when to come back.
func (f *towns) answer(host, method, path, body string) (status int, retryAfter string) {
	f.t.Helper()
	path = strings.NewReplacer("{report}", f.report.String(), "{code}", string(f.code)).Replace(path)
	req, err := http.NewRequestWithContext(f.t.Context(), method, f.http.URL+path,
		strings.NewReader(strings.ReplaceAll(body, "{new}", f.report.String()[:35]+"f")))
	if err != nil {
		f.t.Fatal(err)
	}
	req.Host = host
	req.Header.Set("Content-Type", "application/json")
	res, err := f.http.Client().Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // not read
	return res.StatusCode, res.Header.Get("Retry-After")
}
