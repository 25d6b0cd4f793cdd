package client_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"segnavia/civic"
	"segnavia/sync/client"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// scriptedServer welcomes each socket with a scope to be fetched whole, and
// leaves the rest to a test.
type scriptedServer struct {
	t        *testing.T
	scope    civic.Scope
	hellos   atomic.Int32
	welcomed func(conn *websocket.Conn)
	snapshot http.HandlerFunc
}

func (s *scriptedServer) start() string {
	s.t.Helper()
	up := websocket.Upgrader{Subprotocols: []string{"segnavia.sync.1"}}
	mux := http.NewServeMux()
	mux.HandleFunc("/sync", func(w http.ResponseWriter, r *http.Request) {
		conn, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close() //nolint:errcheck // the test is over
		if _, _, err := conn.ReadMessage(); err != nil {
			return
		}
		s.hellos.Add(1)
		_ = conn.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, `{"t":"welcome","proto":1,"epoch":"e",`+
			`"last_n":0,"offer":[%[1]q],"scopes":[{"scope":%[1]q,"head":1,"min":0,"mode":"reset"}]}`, s.scope))
		if s.welcomed != nil {
			s.welcomed(conn)
		}
		for {
			if _, _, err := conn.ReadMessage(); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/sync/snapshot", s.snapshot)
	srv := httptest.NewServer(mux)
	s.t.Cleanup(srv.Close)
	return srv.URL
}

// run lets a client work until it has said hello twice.
func (s *scriptedServer) run(o client.Options) {
	s.t.Helper()
	o.URL, o.BackoffMost = s.start(), 10*time.Millisecond
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	o.HTTP = &http.Client{Transport: transport}
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	ended := make(chan struct{})
	go func() { // ends with ctx; waited for below
		defer close(ended)
		_ = client.New(o).Run(ctx)
	}()
	for s.hellos.Load() < 2 && ctx.Err() == nil {
		time.Sleep(5 * time.Millisecond)
	}
	if s.hellos.Load() < 2 {
		s.t.Error("the client never came back")
	}
	cancel()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		s.t.Error("the client does not end with its context")
	}
}

var anyScope = civic.Scope("team:01890a5d-ac96-774b-bcce-b302099a8057")

// More frames than the client queues come while a snapshot is under way that
// then fails: the client comes back.
func TestAClientComesBackFromAFailedSnapshotUnderManyFrames(t *testing.T) {
	flooded := make(chan struct{}, 1)
	s := &scriptedServer{t: t, scope: anyScope}
	s.welcomed = func(conn *websocket.Conn) {
		for range 1000 {
			_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"t":"hb","token_expires_in":900}`))
		}
		select {
		case flooded <- struct{}{}:
		default:
		}
	}
	s.snapshot = func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-flooded:
			time.Sleep(50 * time.Millisecond) // the reader fills its queue
		case <-r.Context().Done():
		}
		w.WriteHeader(http.StatusInternalServerError)
	}
	s.run(client.Options{})
}

// A snapshot, or its answer, that stands still is given up.
func TestAClientGivesUpASnapshotThatStandsStill(t *testing.T) {
	for name, first := range map[string]string{
		"before the answer": "",
		"in the middle":     `{"t":"snapshot","v":1,"n":1,"sum":"0000000000000000"}` + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := &scriptedServer{t: t, scope: anyScope}
			s.snapshot = func(w http.ResponseWriter, r *http.Request) {
				if first != "" {
					_, _ = w.Write([]byte(first))
					_ = http.NewResponseController(w).Flush()
				}
				<-r.Context().Done()
			}
			s.run(client.Options{Patience: 100 * time.Millisecond})
		})
	}
}
