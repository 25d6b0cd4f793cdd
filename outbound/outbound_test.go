package outbound

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestOnlyTheInternetIsPublic(t *testing.T) {
	for _, a := range []string{"93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001::1", "::ffff:8.8.8.8"} {
		if !Public(netip.MustParseAddr(a)) {
			t.Errorf("%s is refused", a)
		}
	}
	for _, a := range []string{
		"127.0.0.1", "127.255.0.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
		"192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.88.99.1",
		"::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "fc00::1", "fd12::1",
		"fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1",
	} {
		if Public(netip.MustParseAddr(a)) {
			t.Errorf("%s is taken for public", a)
		}
	}
}

// inside is a server of this machine that nobody outside may reach.
func inside(t *testing.T, serve http.HandlerFunc) (server *httptest.Server, reached *atomic.Int32) {
	t.Helper()
	reached = &atomic.Int32{}
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reached.Add(1)
		serve(w, r)
	}))
	t.Cleanup(server.Close)
	return server, reached
}

func hello(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("hello")) } // the test reads it

func codeOf(t *testing.T, err error) string {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v", err)
	}
	return e.Code
}

func TestNothingInsideIsReached(t *testing.T) {
	server, reached := inside(t, hello)
	port := server.URL[strings.LastIndexByte(server.URL, ':'):]
	c := New(Options{Permit: func(a netip.AddrPort) bool { return Public(a.Addr()) }}) // any port, so that only the address decides
	for _, address := range []string{
		"http://127.0.0.1" + port, "http://localhost" + port, "http://[::1]" + port, "http://[::ffff:127.0.0.1]" + port, "http://0.0.0.0" + port,
		"http://2130706433" + port, "http://127.1" + port, "http://169.254.169.254/latest/meta-data/", "ftp://example.org/", "file:///etc/passwd",
		"gopher://127.0.0.1/", "http://user@127.0.0.1/", "http:///x", "//127.0.0.1/", "", "http://" + strings.Repeat("a", MaxURL),
	} {
		body, err := c.Get(t.Context(), address, 100)
		if err == nil {
			_ = body.Close() // it should not be there
			t.Errorf("%.60s is fetched", address)
			continue
		}
		if code := codeOf(t, err); code != CodeAddress && code != CodeFailed {
			t.Errorf("%.60s: %s", address, code)
		}
		if strings.Contains(err.Error(), "127") {
			t.Errorf("the error holds the address: %v", err)
		}
	}
	if reached.Load() > 0 {
		t.Error("a server inside was reached")
	}
	if _, err := New(Options{}).Get(t.Context(), "http://127.0.0.1"+port, 100); codeOf(t, err) != CodeAddress {
		t.Errorf("by default: %v", err)
	}
}

// flipping is a name server that tells a public address at first and then one of
// this machine, as whoever rebinds a name does.
func flipping(t *testing.T, answers ...string) (resolver *net.Resolver, asked *atomic.Int32) {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() }) // ends the server
	asked = &atomic.Int32{}
	go func() {
		buffer := make([]byte, 512)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			_, _ = conn.WriteTo(reply(buffer[:n], answers, asked), from) // who asks tries again
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}, asked
}

// reply answers one question (RFC 1035): an A record with no time to live, and
// nothing for every other type.
func reply(question []byte, answers []string, asked *atomic.Int32) []byte {
	end := 12
	for question[end] != 0 {
		end += int(question[end]) + 1
	}
	end += 5 // the root, type and class
	isA := binary.BigEndian.Uint16(question[end-4:]) == 1
	out := append([]byte{question[0], question[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, question[12:end]...)
	if !isA {
		return out
	}
	n := int(asked.Add(1)) - 1
	ip := netip.MustParseAddr(answers[min(n, len(answers)-1)]).As4()
	out[7] = 1
	return append(append(out, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4), ip[:]...)
}

func TestANameThatFlipsLeadsNowhereInside(t *testing.T) {
	server, reached := inside(t, hello)
	port := server.URL[strings.LastIndexByte(server.URL, ':'):]
	resolver, asked := flipping(t, "192.0.2.1", "127.0.0.1", "127.0.0.1")
	permitted := make(map[string]bool)
	c := New(Options{Resolver: resolver, Timeout: 3 * time.Second, Permit: func(a netip.AddrPort) bool {
		permitted[a.Addr().String()] = Public(a.Addr())
		return Public(a.Addr())
	}})
	for range 3 {
		if _, err := c.Get(t.Context(), "http://rebind.example.org"+port, 100); codeOf(t, err) != CodeAddress {
			t.Errorf("error %v", err)
		}
	}
	if asked.Load() < 2 || permitted["127.0.0.1"] || len(permitted) < 2 {
		t.Errorf("%d look-ups, judged %v: the test proves nothing", asked.Load(), permitted)
	}
	if reached.Load() > 0 {
		t.Error("the name led inside")
	}
	// The same name with the same answer is reached where it may be: the refusal
	// is the address's, not the resolver's.
	resolver, _ = flipping(t, "127.0.0.1")
	free := New(Options{Resolver: resolver, Permit: func(netip.AddrPort) bool { return true }})
	body, err := free.Get(t.Context(), "http://rebind.example.org"+port, 100)
	if err != nil {
		t.Fatal(err)
	}
	_ = body.Close() // only that it came is wanted
}

func TestAnswersAreBounded(t *testing.T) {
	server, _ := inside(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/here":
			hello(w, r)
		case "/elsewhere":
			http.Redirect(w, r, "/here", http.StatusMovedPermanently)
		case "/large":
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write(make([]byte, 1000)) // cut off by the reader
		case "/endless":
			for {
				if _, err := w.Write(make([]byte, 1000)); err != nil {
					return
				}
			}
		case "/short":
			w.Header().Set("Content-Length", "90")
			hello(w, r)
		case "/down":
			w.WriteHeader(http.StatusBadGateway)
		case "/slow":
			<-r.Context().Done()
		default:
			http.NotFound(w, r)
		}
	})
	c := New(Options{Permit: func(netip.AddrPort) bool { return true }, Timeout: time.Second})
	read := func(path string) ([]byte, error) {
		body, err := c.Get(t.Context(), server.URL+path, 100)
		if err != nil {
			return nil, err
		}
		defer body.Close() //nolint:errcheck // only read
		return io.ReadAll(body)
	}
	if raw, err := read("/here"); err != nil || string(raw) != "hello" {
		t.Errorf("%q %v", raw, err)
	}
	for path, want := range map[string]Error{
		"/elsewhere": {Code: CodeRedirect, Status: 301}, "/large": {Code: CodeTooLarge}, "/endless": {Code: CodeTooLarge},
		"/short": {Code: CodeFailed, Temporary: true}, "/down": {Code: CodeStatus, Status: 502, Temporary: true},
		"/slow": {Code: CodeFailed, Temporary: true}, "/nothing": {Code: CodeStatus, Status: 404},
	} {
		_, err := read(path)
		var e *Error
		if !errors.As(err, &e) || *e != want {
			t.Errorf("%s: %#v, want %#v", path, err, want)
		}
	}
}
