package server_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestAReaderThatStandsStillIsLetGo asks for more than the connection's buffers
// hold and reads nothing of it.
func TestAReaderThatStandsStillIsLetGo(t *testing.T) {
	p := newPages(t)
	p.srv.WithPatience(300 * time.Millisecond)
	ended := make(chan error, 1)
	slow := httptest.NewServer(p.srv.Outermost(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var err error
		for chunk := make([]byte, 1<<20); err == nil; {
			_, err = w.Write(chunk)
		}
		ended <- err
	})))
	t.Cleanup(slow.Close)
	conn, err := net.Dial("tcp", slow.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // the test is over
	if _, err := fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err == nil {
			t.Error("ended without an error")
		}
	case <-time.After(5 * time.Second):
		t.Error("still writing to a reader that stands still")
	}
}

// TestAPatientAnswerOutlivesTheDeadline answers late and in parts: each part has
// its own time, and so has the next answer on the connection.
func TestAPatientAnswerOutlivesTheDeadline(t *testing.T) {
	p := newPages(t)
	p.srv.WithPatience(200 * time.Millisecond)
	slow := httptest.NewServer(p.srv.Outermost(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(300 * time.Millisecond)
		if r.URL.Path == "/empty" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		if r.URL.Path == "/silent" {
			return
		}
		for range 3 {
			_, _ = w.Write([]byte("part"))
			time.Sleep(150 * time.Millisecond)
		}
	})))
	t.Cleanup(slow.Close)
	for _, x := range []struct{ path, want string }{{"/", "partpartpart"}, {"/empty", ""}, {"/silent", ""}, {"/", "partpartpart"}} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, slow.URL+x.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := slow.Client().Do(req)
		if err != nil {
			t.Fatalf("%s: %v", x.path, err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || string(body) != x.want {
			t.Errorf("%s: %q, %v", x.path, body, err)
		}
	}
}
