package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"segnavia/civic"
)

// A request's body is cut into pieces, each an object of its own that counts from
// the moment it is stored: a network or a server that ends in the midst of a
// request costs at most one piece. What comes slowly is kept sooner.
const (
	pieceBytes      = 256 << 10
	pieceLeastBytes = 16 << 10
	pieceAge        = 3 * time.Second
)

// PieceKey is where a piece of an upload stands in the bucket. Its last part keeps
// two requests that race from writing one object.
func PieceKey(j civic.JurisdictionID, u civic.UploadID, at int64, unique string) string {
	return fmt.Sprintf("%s/uploads/%s/%08d-%s", j, u, at, unique)
}

// patchUpload takes bytes from an offset on. Once all are here the pipeline has
// them before the answer goes out.
func (s *Server) patchUpload(w http.ResponseWriter, r *http.Request, rq *request) {
	u, sum, err := s.askedPatch(r, rq)
	if err != nil {
		s.failUpload(w, r, err)
		return
	}
	spent := s.spend(rq, false)
	if !u.Sender.User.IsZero() {
		spent = nil
	}
	if u.State == civic.UploadOpen && !spent.open() {
		s.failUpload(w, r, s.noBytes())
		return
	}
	if u.State == civic.UploadOpen {
		t := taking{s: s, j: rq.j(), upload: u, sum: sum}
		if u.Received, err = t.take(r.Context(), spent.from(r.Context(), r.Body)); err != nil {
			s.failUpload(w, r, stopped(err))
			return
		}
	}
	if u.Received == u.Bytes && u.State == civic.UploadOpen {
		if err := s.FinishUpload(context.WithoutCancel(r.Context()), rq.j(), u.ID); err != nil {
			s.failUpload(w, r, err)
			return
		}
	}
	offsetHeaders(w.Header(), u)
	w.WriteHeader(http.StatusNoContent)
}

// codeBodyStopped says that a body broke off or stood still. What was sent is not
// to blame: whoever sent it tries again.
const codeBodyStopped = "body_stopped"

func stopped(err error) error {
	broke := brokeOff(err)
	if broke && !errors.Is(err, civic.ErrBusy) {
		return civic.Refuse(codeBodyStopped)
	}
	return err
}

// askedPatch checks everything about a request that does not need its body.
func (s *Server) askedPatch(r *http.Request, rq *request) (u civic.Upload, sum *checksum, err error) {
	if u, err = s.ownUpload(r, rq); err != nil {
		return u, nil, err
	}
	if r.Header.Get("Content-Type") != tusType {
		return u, nil, civic.Refuse("upload_type")
	}
	offset, err := parseSize(r.Header.Get("Upload-Offset"))
	if err != nil {
		return u, nil, civic.Refuse("bad_request", "field", "Upload-Offset")
	}
	if sum, err = parseChecksum(r.Header.Get("Upload-Checksum")); err != nil {
		return u, nil, err
	}
	switch {
	case offset != u.Received:
		return u, nil, civic.Refuse("upload_offset")
	case r.ContentLength > u.Bytes-offset:
		return u, nil, civic.Refuse("body_too_large")
	case s.Room != nil && !s.Room():
		return u, nil, civic.Refuse("no_room")
	}
	return u, sum, nil
}

// taking is one request's body on its way into the bucket.
type taking struct {
	s      *Server
	j      civic.JurisdictionID
	upload civic.Upload
	sum    *checksum // with a promise nothing counts before it is kept
	at     int64     // where the next piece begins
	held   []civic.Piece
}

// take keeps what comes and gives the new offset. What has come before an error
// counts, but under a checksum.
func (t *taking) take(ctx context.Context, body io.Reader) (offset int64, err error) {
	t.at = t.upload.Received
	var buf []byte
	for {
		var end error
		if buf, end = t.fill(body, buf[:0]); end != nil && !errors.Is(end, io.EOF) && t.sum != nil {
			return t.upload.Received, errors.Join(end, t.drop(ctx))
		}
		if t.at+int64(len(buf)) > t.upload.Bytes {
			return t.at, errors.Join(civic.Refuse("body_too_large"), t.drop(ctx))
		}
		if err := t.keep(ctx, buf); err != nil {
			return t.at, errors.Join(err, t.drop(ctx))
		}
		switch {
		case errors.Is(end, io.EOF):
			return t.at, t.settle(ctx)
		case end != nil:
			return t.at, end
		}
	}
}

// fill reads one piece: until it is full, or old, or the body ends.
func (t *taking) fill(body io.Reader, buf []byte) ([]byte, error) {
	began := time.Now()
	for {
		// One byte more than may come tells that too much does. The buffer grows with
		// what comes: a slow sender costs little.
		room := int(min(int64(pieceBytes-len(buf)), t.upload.Bytes-t.at-int64(len(buf))+1))
		if len(buf) == cap(buf) {
			buf = slices.Grow(buf, min(max(len(buf), pieceLeastBytes), room))
		}
		n, err := body.Read(buf[len(buf):min(len(buf)+room, cap(buf))])
		buf = buf[:len(buf)+n]
		if t.sum != nil {
			_, _ = t.sum.Write(buf[len(buf)-n:]) // a hash never fails
		}
		full := len(buf) >= pieceBytes || t.at+int64(len(buf)) > t.upload.Bytes
		old := len(buf) >= pieceLeastBytes && time.Since(began) >= pieceAge
		if err != nil || full || old {
			return buf, err
		}
	}
}

// keep puts a piece into the bucket, first, and lets it count. The sender may have
// gone meanwhile: what they brought stays.
func (t *taking) keep(ctx context.Context, b []byte) error {
	if len(b) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), uploadPatience)
	defer cancel()
	p := civic.Piece{At: t.at, Bytes: int64(len(b)), Key: PieceKey(t.j, t.upload.ID, t.at, uuid.NewString()[:8])}
	if err := t.s.Bucket.Put(ctx, p.Key, bytes.NewReader(b), p.Bytes, "application/octet-stream"); err != nil {
		return errors.Join(civic.ErrBusy, err)
	}
	if t.sum != nil {
		t.held, t.at = append(t.held, p), t.at+p.Bytes
		return nil
	}
	if err := t.s.Store.AddPieces(ctx, t.j, t.upload.ID, []civic.Piece{p}); err != nil {
		if mayCount(err) {
			return err
		}
		return errors.Join(err, t.s.Bucket.Delete(ctx, p.Key))
	}
	t.at += p.Bytes
	return nil
}

// settle lets everything count whose checksum was promised and kept.
func (t *taking) settle(ctx context.Context) error {
	if t.sum == nil || len(t.held) == 0 {
		return nil
	}
	if !t.sum.kept() {
		return errors.Join(civic.Refuse("checksum"), t.drop(ctx))
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), uploadPatience)
	defer cancel()
	if err := t.s.Store.AddPieces(ctx, t.j, t.upload.ID, t.held); err != nil {
		if mayCount(err) {
			return err
		}
		return errors.Join(err, t.drop(ctx))
	}
	return nil
}

// mayCount reports whether pieces may count although the database did not say so:
// its answer may have been lost after the commit. Those that do not are swept.
func mayCount(err error) bool {
	return civic.CodeOf(err) == "" && !errors.Is(err, civic.ErrNotFound)
}

// drop removes the pieces that will never count.
func (t *taking) drop(ctx context.Context) (err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), uploadPatience)
	defer cancel()
	for _, p := range t.held {
		err = errors.Join(err, t.s.Bucket.Delete(ctx, p.Key))
	}
	return err
}
