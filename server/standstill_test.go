package server_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"segnavia/civic"
	"segnavia/server"
	"segnavia/text"
	"segnavia/web"
)

// stillStore stands still once it is stopped: it answers nobody until they give up.
type stillStore struct {
	server.Store
	towns   []civic.TownSite
	stopped atomic.Bool
	asked   atomic.Int64
}

func (s *stillStore) Towns(ctx context.Context) ([]civic.TownSite, error) {
	s.asked.Add(1)
	if s.stopped.Load() {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return s.towns, nil
}

// still is a server before a store that can stand still, in a bubble whose clock
// jumps. What is asked of it needs nothing but the towns.
func still(t *testing.T, story func(*testing.T, *stillStore, *server.Server)) {
	t.Helper()
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := web.NewPages(words)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		store := &stillStore{towns: []civic.TownSite{{Jurisdiction: civic.Jurisdiction{Slug: "a", Hosts: []string{"a.test"}}}}}
		srv, err := server.New(server.Options{
			Store: store, Words: words, Pages: pages, Assets: web.Assets(), Logger: slog.New(slog.DiscardHandler), PublicURL: "https://a.test",
		})
		if err != nil {
			t.Fatal(err)
		}
		story(t, store, srv)
	})
}

// asks gives the status of an answer and how long it took.
func asks(srv http.Handler, method, target string, headers ...string) (status int, took time.Duration) {
	began := time.Now()
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, r)
	return w.Code, time.Since(began)
}

// Whether the program is alive is no question for the database, whoever asks and
// from which page.
func TestWhatIsAliveAsksNoDatabase(t *testing.T) {
	still(t, func(t *testing.T, store *stillStore, srv *server.Server) {
		store.stopped.Store(true)
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPost} {
			for _, headers := range [][]string{nil, {"Origin", "https://a.test"}, {"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"}} {
				if method == http.MethodPost && len(headers) > 2 {
					continue // a foreign page that would change something: whose it is has to be found out
				}
				status, took := asks(srv, method, "https://a.test/healthz", headers...)
				if store.asked.Load() > 0 || took > 0 {
					t.Fatalf("%s /healthz, %v: %d lookups, %v", method, headers, store.asked.Load(), took)
				}
				if safe := method == http.MethodGet || method == http.MethodHead; safe != (status == http.StatusOK) {
					t.Errorf("%s /healthz, %v: %d", method, headers, status)
				}
			}
		}
	})
}

// A hundred who come at once wait once, together and not long, and so does nobody
// who comes right after.
func TestADatabaseThatStandsStillIsAskedOnce(t *testing.T) {
	still(t, func(t *testing.T, store *stillStore, srv *server.Server) {
		store.stopped.Store(true)
		ask := func() {
			status, took := asks(srv, http.MethodGet, "https://a.test/reports")
			if status != http.StatusServiceUnavailable {
				t.Errorf("%d, want 503", status)
			}
			if took > 5*time.Second {
				t.Errorf("answered after %v", took)
			}
		}
		var all sync.WaitGroup
		for range 100 {
			all.Go(ask)
		}
		all.Wait()
		if n := store.asked.Load(); n != 1 {
			t.Errorf("%d lookups", n)
		}
	})
}

// A lookup that failed is not made again for a short while, and then it is.
func TestALookupThatFailedIsRememberedForAWhile(t *testing.T) {
	still(t, func(t *testing.T, store *stillStore, srv *server.Server) {
		store.stopped.Store(true)
		asks(srv, http.MethodGet, "https://a.test/reports")
		store.stopped.Store(false)
		if status, took := asks(srv, http.MethodGet, "https://a.test/reports"); status != http.StatusServiceUnavailable || took > 0 || store.asked.Load() != 1 {
			t.Errorf("at once: %d after %v, %d lookups", status, took, store.asked.Load())
		}
		time.Sleep(3 * time.Second)
		if status, _ := asks(srv, http.MethodGet, "https://a.test/api/v1/openapi.json"); status != http.StatusOK || store.asked.Load() != 2 {
			t.Errorf("after a while: %d, %d lookups", status, store.asked.Load())
		}
	})
}

// Towns that are known go on being served while the database stands still, and
// only one lookup in a while makes anybody wait.
func TestTownsThatAreKnownOutliveTheDatabase(t *testing.T) {
	still(t, func(t *testing.T, store *stillStore, srv *server.Server) {
		if status, _ := asks(srv, http.MethodGet, "https://a.test/api/v1/openapi.json"); status != http.StatusOK {
			t.Fatal(status)
		}
		store.stopped.Store(true)
		time.Sleep(time.Minute)
		for i := range 10 {
			status, took := asks(srv, http.MethodGet, "https://a.test/api/v1/openapi.json")
			if status != http.StatusOK || i > 0 && took > 0 || store.asked.Load() != 2 {
				t.Errorf("%d: %d after %v, %d lookups", i, status, took, store.asked.Load())
			}
		}
	})
}

// A page of our own behind a proxy that renames the host is not called foreign
// because nobody could say which town it is of.
func TestAPageIsNotForeignForWantOfADatabase(t *testing.T) {
	still(t, func(t *testing.T, store *stillStore, srv *server.Server) {
		store.stopped.Store(true)
		if status, _ := asks(srv, http.MethodPost, "https://inner.test/report", "Origin", "https://a.test", "Sec-Fetch-Site", "cross-site"); status != http.StatusServiceUnavailable {
			t.Errorf("%d, want 503", status)
		}
	})
}
