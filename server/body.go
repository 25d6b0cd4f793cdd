package server

import (
	"errors"
	"io"
	"math"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"segnavia/civic"
)

// bodyPatience is how long a body may stand still.
const bodyPatience = 30 * time.Second

// drainPatience is how long what nobody has read of a body may take, so that its
// sender hears the answer.
const drainPatience = 5 * time.Second

// bodyPace is the least that a body has to bring, in bytes a second, until an
// instant after its beginning. It stays below what GPRS gives where it is poor (8
// kbit/s), and what came early buys time. The last instant is the end.
var bodyPace = pace{
	{10 * time.Second, 0},
	{time.Minute, 100},
	{5 * time.Minute, 500},
	{15 * time.Minute, 1000},
}

// pace is a least rate that grows.
type pace []struct {
	until time.Duration
	rate  int64
}

// due is when the next byte has to be here, counted from the beginning, where so
// many have come.
func (steps pace) due(got int64) time.Duration {
	var from time.Duration
	for _, p := range steps {
		need := p.rate * int64((p.until-from)/time.Second)
		if got < need {
			return from + time.Duration(got)*time.Second/time.Duration(p.rate)
		}
		got -= need
		from = p.until
	}
	return from
}

// body is a request's body on its way: its sender's time is bounded, ours is not.
type body struct {
	io.ReadCloser
	header  http.Header // of the answer
	control *http.ResponseController
	guest   *guest
	steps   pace
	got     atomic.Int64
	waited  atomic.Int64 // nanoseconds spent waiting for the sender
	ended   bool

	mu   sync.Mutex
	away bool // another needs the place more
}

// minPace is how long a body counts as quick whatever it brings.
const minPace = 5 * time.Second

// boundBody gives a request's body its place and its time. What it refuses is
// answered, and the connection goes with the answer.
func (s *Server) boundBody(w http.ResponseWriter, r *http.Request) (*body, bool) {
	b := &body{ReadCloser: r.Body, header: w.Header(), control: http.NewResponseController(w), steps: s.bodyPace}
	_ = b.control.SetReadDeadline(time.Now().Add(b.steps.due(0))) // not every connection has one
	var ok bool
	if b.guest, ok = s.bodies.enter(s.placeOf(r), b.giveWay); ok && !b.guest.await(seatPatience) {
		b.guest.leave()
		ok = false
	}
	if !ok {
		w.Header().Set("Connection", "close")
		s.problem(w, r, 0, civic.Refuse("too_fast"))
		return nil, false
	}
	if b.guest != nil {
		b.guest.pace = b.speed
		b.guest.idle(true)
	}
	r.Body = b
	return b, true
}

// speed is how much the body brings in a second of waiting for it.
func (b *body) speed() float64 {
	waited := time.Duration(b.waited.Load())
	if waited < minPace {
		return math.Inf(1)
	}
	return float64(b.got.Load()) / waited.Seconds()
}

// giveWay ends the body at once.
func (b *body) giveWay() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.away = true
	_ = b.control.SetReadDeadline(time.Now()) // not every connection has one
}

// Read waits for the sender, as long as the pace allows.
func (b *body) Read(p []byte) (int, error) {
	began := time.Now()
	left := min(bodyPatience, b.steps.due(b.got.Load())-time.Duration(b.waited.Load()))
	if !b.until(began.Add(left)) || left <= 0 {
		b.broken()
		return 0, &brokenBody{os.ErrDeadlineExceeded}
	}
	n, err := b.ReadCloser.Read(p)
	b.waited.Add(int64(time.Since(began)))
	b.got.Add(int64(n))
	switch {
	case errors.Is(err, io.EOF):
		b.end()
	case err != nil:
		b.broken()
		err = &brokenBody{err}
	}
	return n, err
}

// brokenBody says that a body is not to be had: it stopped, broke off, or is no body
// as HTTP writes it. Whatever it is, it is the sender's or the network's.
type brokenBody struct{ err error }

func (b *brokenBody) Error() string { return "read body: " + b.err.Error() }
func (b *brokenBody) Unwrap() error { return b.err }

func (b *brokenBody) code() string {
	if errors.Is(b.err, os.ErrDeadlineExceeded) {
		return codeBodyStopped
	}
	return "bad_request"
}

// brokeOff reports whether an error is of a body that did not come whole.
func brokeOff(err error) bool {
	var broken *brokenBody
	return errors.As(err, &broken) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrDeadlineExceeded)
}

// broken lets the connection go with the answer: nothing more comes, and nobody
// waits for it.
func (b *body) broken() { b.header.Set("Connection", "close") }

func (b *body) until(deadline time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.away {
		_ = b.control.SetReadDeadline(deadline) // not every connection has one
	}
	return !b.away
}

// end gives the place back once all is here. From there on a deadline would end
// the request itself.
func (b *body) end() {
	if !b.ended {
		b.ended = true
		b.guest.leave()
		_ = b.control.SetReadDeadline(time.Time{}) // not every connection has one
	}
}

// done is called when the handler is.
func (b *body) done() {
	if !b.ended {
		b.guest.leave()
		b.until(time.Now().Add(drainPatience))
	}
}
