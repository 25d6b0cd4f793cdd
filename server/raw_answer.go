package server

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"segnavia/civic"
)

// rawHead stands in what net/http writes by itself about a request that it cannot
// read, before any handler (net/http, server.go, errorHeaders). An answer of a
// handler has other headers.
const rawHead = "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"

// rawStatus is the status of an answer of net/http's own, 0 for any other bytes.
func rawStatus(p []byte) int {
	line, ok := bytes.CutPrefix(p, []byte("HTTP/1.1 "))
	if !ok || len(p) > 512 {
		return 0
	}
	end := bytes.Index(line, []byte("\r\n"))
	if end < 4 || !bytes.HasPrefix(line[end:], []byte(rawHead)) {
		return 0
	}
	status, err := strconv.Atoi(string(line[:3]))
	if err != nil || status < 400 {
		return 0
	}
	return status
}

// inForm is the same answer in the form of the door that a request line names.
func (s *Server) inForm(status int, requestLine string) []byte {
	code := "bad_request"
	if status == http.StatusRequestHeaderFieldsTooLarge {
		code = codeLongHead
	}
	r := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/"}, Header: http.Header{}}
	if fields := strings.Fields(requestLine); len(fields) >= 2 {
		if u, err := url.ParseRequestURI(fields[1]); err == nil {
			r.URL = u
		}
	}
	w := &kept{header: http.Header{}}
	s.secureHeaders(w.header, r)
	s.problem(w, r, status, civic.Refuse(code))
	w.header.Set("Connection", "close")
	w.header.Set("Content-Length", strconv.Itoa(w.body.Len()))
	var out bytes.Buffer
	fmt.Fprintf(&out, "HTTP/1.1 %d %s\r\n", status, http.StatusText(status))
	_ = w.header.Write(&out) // a buffer takes everything
	out.WriteString("\r\n")
	out.Write(w.body.Bytes())
	return out.Bytes()
}

// kept is an answer that is not sent yet.
type kept struct {
	header http.Header
	body   bytes.Buffer
}

func (k *kept) Header() http.Header         { return k.header }
func (k *kept) Write(p []byte) (int, error) { return k.body.Write(p) }
func (k *kept) WriteHeader(int)             {}

// maxFirstLine is how much of a request is kept for its first line.
const maxFirstLine = 256

// firstLine keeps the beginning of what a connection reads. A request that follows
// another on the same connection begins where the connection was idle.
type firstLine struct {
	mu   sync.Mutex // net/http reads ahead while a handler runs
	read []byte
}

func (f *firstLine) add(p []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if room := maxFirstLine - len(f.read); room > 0 {
		f.read = append(f.read, p[:min(room, len(p))]...)
	}
}

func (f *firstLine) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.read = f.read[:0]
}

// line is the first line, as much of it as was kept.
func (f *firstLine) line() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	line, _, _ := bytes.Cut(f.read, []byte("\r\n"))
	return string(line)
}
