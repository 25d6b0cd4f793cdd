package sync

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"segnavia/civic"
)

// writeBuffers are shared by all sockets: one that is silent holds none.
var writeBuffers = &sync.Pool{}

func (s *Server) upgrader() *websocket.Upgrader {
	return &websocket.Upgrader{
		HandshakeTimeout: 10 * time.Second, ReadBufferSize: 1024, WriteBufferSize: 1024,
		WriteBufferPool: writeBuffers, Subprotocols: []string{Subprotocol}, EnableCompression: true,
		CheckOrigin: s.OwnOrigin, // nil is gorilla's own: the request's host
	}
}

// ServeSocket takes a websocket over and returns at once; the session lives on its own
// until the client or the server ends it. n bounds the sockets that have not said who
// they are.
func (s *Server) ServeSocket(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID, n Newcomer) {
	conn, err := s.upgrader().Upgrade(w, r, nil)
	if err != nil {
		n.Gone()
		return // the upgrader has answered
	}
	conn.EnableWriteCompression(false)
	ws := &socket{conn: conn}
	ss := newSession(s, j, ws)
	ss.newcomer = n
	if conn.Subprotocol() != Subprotocol {
		ss.fail(unserved())
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	ss.stop = stop
	if !s.add(ss) {
		stop()
		ss.fail(failure(closeAway, "going_away"))
		return
	}
	_ = conn.SetReadDeadline(time.Now().Add(s.helloIn)) // an error shows at the next read
	conn.SetPongHandler(func(string) error {
		if _, _, known := ss.identity(); !known {
			return nil
		}
		return conn.SetReadDeadline(time.Now().Add(silence))
	})
	n.Waits(func() { ss.end(closeAway) })
	go s.readOne(ctx, ss, conn) // add has counted it
}

// readOne waits for a frame, answers it, and leaves the next one to a goroutine
// of its own. The deep calls of an answer make a stack large; one that waits as
// long as the socket lives should be small, and a new one is.
func (s *Server) readOne(ctx context.Context, ss *session, conn *websocket.Conn) {
	ss.awaitRoom()
	_, reader, err := conn.NextReader()
	if err == nil {
		err = s.answer(ctx, ss, conn, reader)
	}
	if err == nil {
		go s.readOne(ctx, ss, conn)
		return
	}
	if _, _, known := ss.identity(); !known && timedOut(err) {
		ss.fail(failure(closeBad, "hello_wanted"))
	}
	ss.end(0)
	ss.stop()
	s.work.Done()
}

// errAnswered means that the socket has had its last frame.
var errAnswered = errors.New("closed by an error frame")

// answer reads a frame to its end and handles it.
func (s *Server) answer(ctx context.Context, ss *session, conn *websocket.Conn, reader io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(reader, pushBytes+1)) // one byte more than a push may have
	if err != nil {
		return err
	}
	if len(raw) > pushBytes {
		// Read to its end first, so that the client hears the answer.
		_, _ = io.Copy(io.Discard, io.LimitReader(reader, maxFrameDrain))
		ss.fail(failure(closeTooLarge, "too_large"))
		return errAnswered
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	bad := ss.handle(ctx, raw)
	cancel()
	if bad != nil {
		ss.fail(bad)
		return errAnswered
	}
	return conn.SetReadDeadline(time.Now().Add(silence))
}

func timedOut(err error) bool {
	e, ok := errors.AsType[net.Error](err)
	return ok && e.Timeout()
}

// socket is a websocket as a session sees it.
type socket struct {
	conn *websocket.Conn
	mu   sync.Mutex
}

func (s *socket) write(it item) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	if it.prepared == nil {
		if err := s.conn.WriteMessage(websocket.TextMessage, it.raw); err != nil {
			return err
		}
	} else {
		s.conn.EnableWriteCompression(it.size > compressOver)
		err := s.conn.WritePreparedMessage(it.prepared)
		s.conn.EnableWriteCompression(false)
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *socket) ping() {
	_ = s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTimeout)) // a dead socket shows at the read deadline
}

func (s *socket) close(code int) {
	if code != 0 {
		deadline := time.Now().Add(time.Second)
		_ = s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), deadline)
	}
	_ = s.conn.Close() // nothing more can be done for it
}
