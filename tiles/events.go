package tiles

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"segnavia/geo"
)

const (
	coalesce     = 100 * time.Millisecond // a burst of changes is one event
	heartbeat    = 25 * time.Second       // under the usual idle limits of proxies
	writeTimeout = 10 * time.Second
)

// ServeEvents streams which cells changed, until the request's context ends:
//
//	id: 2l1xk9
//	data: {"z":14,"cells":[[8596,5986],[8597,5986]]}
//
// cells are [x, y] at zoom z; at z below 16 a change may also move clusters of
// the tiles next to its own. {"z":0,"cells":[[0,0]]} means that anything may
// have changed: it is said to a reader that comes back with the id of another
// moment. Where nothing changed nothing is said, and the public is not told of
// changes that it cannot see. When too many streams are open the answer is 503: the
// page asks for tiles now and then instead. Errors of writing end the stream and are
// not returned.
func (s *Server) ServeEvents(w http.ResponseWriter, r *http.Request, t *Town, a Access) {
	l := t.Index.hub.listen(a)
	if l == nil {
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer t.Index.hub.leave(l)
	begun := l.since()
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	out := stream{w: w, control: http.NewResponseController(w), now: s.now}
	// An id without data is remembered by the reader and is no event.
	first := "retry: 2000\nid: " + begun.String() + "\n"
	if last := r.Header.Get("Last-Event-ID"); last != "" && last != begun.String() {
		first += `data: {"z":0,"cells":[[0,0]]}` + "\n"
	}
	if !out.write([]byte(first + "\n")) {
		return
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-beat.C:
			if !out.write([]byte(": hb\n\n")) {
				return
			}
		case <-l.wake:
			select {
			case <-r.Context().Done():
				return
			case <-time.After(coalesce):
			}
			if z, cells, t := l.take(); len(cells) > 0 && !out.write(event(t, z, cells)) {
				return
			}
		}
	}
}

func event(t turn, z geo.Zoom, cells []geo.Cell) []byte {
	slices.SortFunc(cells, func(a, b geo.Cell) int {
		return int(int64(a.Number()) - int64(b.Number()))
	})
	b := fmt.Appendf(nil, "id: %s\ndata: {\"z\":%d,\"cells\":[", t, z)
	for i, c := range cells {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(append(b, '['), uint64(c.X), 10)
		b = strconv.AppendUint(append(b, ','), uint64(c.Y), 10)
		b = append(b, ']')
	}
	return append(b, "]}\n\n"...)
}

type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	now     func() time.Time
}

// write sends b at once; false when the client is gone or too slow.
func (s *stream) write(b []byte) bool {
	// A writer without deadlines is the caller's choice.
	_ = s.control.SetWriteDeadline(s.now().Add(writeTimeout))
	if _, err := s.w.Write(b); err != nil {
		return false
	}
	return s.control.Flush() == nil
}
