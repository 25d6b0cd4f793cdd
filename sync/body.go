package sync

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// expectBody bounds how long a request's body may keep silent, also while what
// is left of a refused one is thrown away.
func expectBody(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout)) // not every writer has one
}

// slowReader lets each read take its time, but not for ever.
type slowReader struct {
	w http.ResponseWriter
	r io.Reader
}

func (s slowReader) Read(p []byte) (int, error) {
	expectBody(s.w)
	return s.r.Read(p)
}

// readBody reads a frame from a request's body, whatever its t.
func readBody(w http.ResponseWriter, r *http.Request, frame any) bool {
	body := slowReader{w, r.Body}
	raw, err := io.ReadAll(io.LimitReader(body, pushBytes+1))
	if errors.Is(err, os.ErrDeadlineExceeded) {
		refuse(w, failure(closeSlow, "body_stopped"))
		return false
	}
	if err != nil {
		refuse(w, failure(closeBad, "bad_frame"))
		return false
	}
	if len(raw) > pushBytes {
		_, _ = io.Copy(io.Discard, io.LimitReader(body, maxFrameDrain))
		refuse(w, failure(closeTooLarge, "too_large"))
		return false
	}
	// With the body read, a deadline would end the request itself.
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	if json.Unmarshal(raw, frame) != nil {
		refuse(w, failure(closeBad, "bad_frame"))
		return false
	}
	return true
}

// answer is a body on its way, compressed when the client takes it. The header
// goes with the first byte: what fails before that is answered with a status.
type answer struct {
	w     http.ResponseWriter
	mime  string
	zip   bool
	begun bool
	z     *gzip.Writer
}

func newAnswer(w http.ResponseWriter, r *http.Request, mime string) *answer {
	return &answer{w: w, mime: mime, zip: strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")}
}

func (a *answer) Write(p []byte) (int, error) {
	if !a.begun {
		if err := a.begin(); err != nil {
			return 0, err
		}
	}
	if a.z != nil {
		return a.z.Write(p)
	}
	return slowWriter{a.w}.Write(p)
}

func (a *answer) begin() (err error) {
	a.begun = true
	h := a.w.Header()
	h.Set("Content-Type", a.mime)
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Encoding")
	if a.zip {
		h.Set("Content-Encoding", "gzip")
		a.z, err = gzip.NewWriterLevel(slowWriter{a.w}, gzip.BestSpeed)
	}
	return err
}

// finish ends the body. After an error the client sees a status, or, when the
// header has gone, a body that is cut off.
func (a *answer) finish(err error) {
	if err != nil && !a.begun {
		trouble(a.w, err)
		return
	}
	if err == nil && a.z != nil {
		err = a.z.Close()
	}
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	out := http.NewResponseController(a.w)
	_ = out.Flush()                       // a reader that has gone
	_ = out.SetWriteDeadline(time.Time{}) // the next answer on this connection has its own
}

// slowWriter lets each write take its time, but not for ever.
type slowWriter struct{ w http.ResponseWriter }

func (s slowWriter) Write(p []byte) (int, error) {
	_ = http.NewResponseController(s.w).SetWriteDeadline(time.Now().Add(bodyTimeout)) // not every writer has one
	return s.w.Write(p)
}
