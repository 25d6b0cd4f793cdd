package server_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/textproto"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"segnavia/server"
)

// gate is a server behind its own listener, on loopback, where every address of
// 127.0.0.0/8 is a place of its own.
type gate struct {
	t    *testing.T
	f    *towns
	addr string
}

func newGate(t *testing.T, change ...func(*server.Options)) *gate {
	t.Helper()
	f := newTowns(t, false)
	strangers := func(o *server.Options) { o.TrustProxy = nil }
	f.again(append([]func(*server.Options){strangers}, change...)...)
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f.srv.WithoutGrace()
	one := f.srv.HTTP()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := one.Serve(f.srv.Listener(l)); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	}()
	t.Cleanup(func() {
		_ = one.Close()
		<-ended
	})
	return &gate{t, f, l.Addr().String()}
}

// dial opens a connection from an address.
func (g *gate) dial(from string) net.Conn {
	g.t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 5 * time.Second}
	c, err := d.DialContext(g.t.Context(), "tcp", g.addr)
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { _ = c.Close() })
	return c
}

// say opens a connection from an address and writes to it.
func (g *gate) say(from, head string, lines ...string) net.Conn {
	g.t.Helper()
	c := g.dial(from)
	lines = append([]string{head + " HTTP/1.1", "Host: a.test"}, lines...)
	if _, err := fmt.Fprint(c, strings.Join(lines, "\r\n")+"\r\n\r\n"); err != nil {
		g.t.Fatal(err)
	}
	return c
}

// status reads an answer's, 0 where the connection was closed without one.
func (g *gate) status(c net.Conn) int {
	g.t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
	in := textproto.NewReader(bufio.NewReader(c))
	first, err := in.ReadLine()
	if err != nil {
		return 0
	}
	_, code, _ := strings.Cut(first, " ")
	status, err := strconv.Atoi(code[:3])
	if err != nil {
		g.t.Fatal(first)
	}
	head, err := in.ReadMIMEHeader()
	if err != nil {
		return 0
	}
	if (status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable) && head.Get("Retry-After") == "" {
		g.t.Errorf("%d does not say when to come back", status)
	}
	return status
}

// closed reports whether the other side has closed a connection, within a while.
func closed(c net.Conn, within time.Duration) bool {
	_ = c.SetReadDeadline(time.Now().Add(within))
	_, err := io.Copy(io.Discard, c)
	var timeout net.Error
	return !errors.As(err, &timeout) || !timeout.Timeout()
}

// served demands an answer to an address.
func (g *gate) served(from string) {
	g.t.Helper()
	if got := g.status(g.say(from, "GET /healthz", "Connection: close")); got != http.StatusOK {
		g.t.Errorf("%s is answered %d", from, got)
	}
}

const idle, honest = "127.0.0.66", "127.0.0.7"

func allowing(each, all int) func(*server.Options) {
	return func(o *server.Options) { o.Allowance, o.MaxOpen = each, all }
}

// TestConnectionsThatDoNothingGiveWay opens more of them than an address and all
// together may: the same address is served, and so is another.
func TestConnectionsThatDoNothingGiveWay(t *testing.T) {
	g := newGate(t, allowing(8, 20))
	var open []net.Conn
	for i := range 60 {
		from := fmt.Sprintf("127.0.1.%d", 1+i%5)
		if i < 20 {
			from = idle
		}
		c := g.dial(from)
		if i%2 == 1 {
			_, _ = c.Write([]byte("GET / HTTP/1.1\r\nX-Slow: ")) // a head that never ends
		}
		open = append(open, c)
		if i == 19 {
			g.served(idle)
		}
	}
	g.served(idle)
	g.served(honest)
	left := 0
	for _, c := range open {
		if !closed(c, 50*time.Millisecond) {
			left++
		}
	}
	if left > 20 {
		t.Errorf("%d are open", left)
	}
}

// TestBodiesThatBringNothing fills an address's bodies: its pages go on, more of
// its bodies are told to come back, others send theirs, and each idle one ends
// with 408.
func TestBodiesThatBringNothing(t *testing.T) {
	g := newGate(t, allowing(16, 1000))
	g.f.srv.WithBodyEnd(3 * time.Second)
	post := []string{"Content-Type: application/json", "Content-Length: 100"}
	var open []net.Conn
	for range 8 { // four in progress, four that wait
		open = append(open, g.say(idle, "POST /api/v1/session", post...))
	}
	time.Sleep(200 * time.Millisecond)
	if got := g.status(g.say(idle, "POST /api/v1/session", post...)); got != http.StatusTooManyRequests {
		t.Errorf("one more body is answered %d", got)
	}
	g.served(idle)
	whole := g.say(honest, "POST /api/v1/session", "Content-Type: application/json", "Content-Length: 27")
	_, _ = whole.Write([]byte(`{"login":"x","password":""}`))
	if got := g.status(whole); got != http.StatusUnprocessableEntity {
		t.Errorf("another address's body is answered %d", got)
	}
	for i, c := range open {
		if got := g.status(c); got != http.StatusRequestTimeout {
			t.Errorf("idle body %d is answered %d", i, got)
		}
	}
}

// TestEveryDoorEndsAnIdleBody sends each door that takes a body the head of one and
// nothing more.
func TestEveryDoorEndsAnIdleBody(t *testing.T) {
	g := newGate(t)
	g.f.srv.WithBodyEnd(300 * time.Millisecond)
	form := "Content-Type: application/x-www-form-urlencoded"
	parts := "Content-Type: multipart/form-data; boundary=x"
	code := string(g.f.code)
	for _, x := range []struct{ head, kind, more string }{
		{"POST /api/v1/session", "Content-Type: application/json", ""},
		{"POST /api/v1/photos", parts, ""},
		{"POST /report", parts, ""},
		{"POST /report", form, ""},
		{"POST /r/" + code + "/follow", form, ""},
		{"POST /r/" + code + "/pin", form, ""},
		{"POST /open311/v2/requests.json", form, ""},
		{"POST /open311/v2/requests.json", parts, ""},
		{"POST /sync/push", "Content-Type: application/json", "Authorization: Bearer " + g.f.tokenOf("crew")},
		{"GET /", form, ""},
	} {
		lines := []string{x.kind, "Transfer-Encoding: chunked"}
		if x.more != "" {
			lines = append(lines, x.more)
		}
		began := time.Now()
		c := g.say(honest, x.head, lines...)
		got := g.status(c)
		if got >= 500 || got == 0 || strings.HasPrefix(x.head, "POST") && got != http.StatusRequestTimeout {
			t.Errorf("%s, %s: %d", x.head, x.kind, got)
		}
		if !closed(c, 10*time.Second) || time.Since(began) > 8*time.Second {
			t.Errorf("%s, %s: open after %s", x.head, x.kind, time.Since(began))
		}
	}
}

// TestSocketsBeforeHelloGiveWay opens sockets that never say who they are: the
// oldest go, and a device gets in.
func TestSocketsBeforeHelloGiveWay(t *testing.T) {
	g := newGate(t, allowing(16, 1000))
	open := func(from string) *websocket.Conn {
		t.Helper()
		d := websocket.Dialer{Subprotocols: []string{"segnavia.sync.1"}, NetDialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}).DialContext}
		c, res, err := d.DialContext(t.Context(), "ws://"+g.addr+"/sync", http.Header{"Host": {"a.test"}})
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	var silent []*websocket.Conn
	for range 12 {
		silent = append(silent, open(idle))
	}
	away := 0
	for i, c := range silent {
		_ = c.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		if _, _, err := c.ReadMessage(); websocket.IsCloseError(err, 4503) {
			if away++; i > 9 {
				t.Errorf("socket %d, one of the youngest, is sent away", i)
			}
		}
	}
	if away != 8 {
		t.Errorf("%d of 12 are sent away", away)
	}
	token := g.f.tokenOf("crew")
	time.Sleep(time.Second) // the sockets that were sent away are gone
	for range 20 {          // more than an address's connections: each is a device's own once it is known
		c := open(idle)
		hello := map[string]any{"t": "hello", "proto": 1, "token": token, "cursors": map[string]any{}}
		if err := c.WriteJSON(hello); err != nil {
			t.Fatal(err)
		}
		var f struct{ T string }
		_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
		if err := c.ReadJSON(&f); err != nil || f.T != "welcome" {
			t.Fatalf("%q, %v", f.T, err)
		}
	}
	g.served(idle)
}

// TestStreamsOfOneAddress fills them: another address has its own, and a page of
// the first is served.
func TestStreamsOfOneAddress(t *testing.T) {
	g := newGate(t, allowing(8, 1000))
	for range 4 {
		if got := g.status(g.say(idle, "GET /tiles/events")); got != http.StatusOK {
			t.Fatalf("a stream is answered %d", got)
		}
	}
	if got := g.status(g.say(idle, "GET /tiles/events")); got != http.StatusTooManyRequests {
		t.Errorf("one more stream is answered %d", got)
	}
	if got := g.status(g.say(honest, "GET /tiles/events")); got != http.StatusOK {
		t.Errorf("another address's stream is answered %d", got)
	}
	g.served(idle)
}

// TestBehindAProxy counts what is open by the address that the proxy forwards for;
// the proxy's own connections are not counted. What a stranger says of itself is not
// believed.
func TestBehindAProxy(t *testing.T) {
	const proxy = "127.0.0.9"
	g := newGate(t, allowing(8, 40), func(o *server.Options) {
		o.TrustProxy = []netip.Prefix{netip.MustParsePrefix(proxy + "/32")}
	})
	stream := func(from, client string) int {
		return g.status(g.say(from, "GET /tiles/events", "X-Forwarded-For: "+client))
	}
	for i := range 4 {
		if got := stream(proxy, "203.0.113.1"); got != http.StatusOK {
			t.Fatalf("stream %d is answered %d", i, got)
		}
	}
	if got := stream(proxy, "203.0.113.1"); got != http.StatusTooManyRequests {
		t.Errorf("one more of the same address: %d", got)
	}
	if got := stream(proxy, "203.0.113.2"); got != http.StatusOK {
		t.Errorf("another address by the same proxy: %d", got)
	}
	for range 60 { // far more than an address may, and all strangers
		g.dial(proxy)
	}
	g.served(proxy)
	g.served(honest)
	for i := range 5 {
		got, want := stream(idle, fmt.Sprintf("198.51.100.%d", i)), http.StatusOK
		if i == 4 {
			want = http.StatusTooManyRequests
		}
		if got != want {
			t.Errorf("stream %d of a stranger that names others: %d", i, got)
		}
	}
}
