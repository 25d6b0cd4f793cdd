package server

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"segnavia/civic"
	"segnavia/photo"
)

// FinishUpload hands a whole upload to the pipeline, as one body, and notes what
// became of it. Any node may, and twice does no harm. What the pipeline will not
// have is an error, which stays the upload's; bytes that are not those of the hash
// that was said are forgotten, so that they may be sent anew. What strangers' budgets
// have no room for stays whole and open: the next one to ask tries again.
func (s *Server) FinishUpload(ctx context.Context, j civic.JurisdictionID, id civic.UploadID) error {
	u, err := s.Store.Upload(ctx, j, id)
	if err != nil || u.State != civic.UploadOpen || u.Received != u.Bytes {
		return err
	}
	pieces, err := s.Store.Pieces(ctx, j, id)
	if err != nil {
		return err
	}
	err = civic.ErrNotFound
	if covers(pieces, u.Bytes) {
		body := &piecesBody{ctx: ctx, bucket: s.Bucket, left: pieces}
		_, err = s.takePhoto(ctx, j, s.zoneOf(ctx, j), body, u.Hash, u.Sender, s.spendWhole(j, u.Sender))
		_ = body.Close() // only read
	}
	if errors.Is(err, civic.ErrNotFound) {
		// A piece is gone, its row or its object: another request has finished
		// meanwhile, or it is lost.
		if now, err := s.Store.Upload(ctx, j, id); err != nil || now.State != civic.UploadOpen {
			return err
		}
		return errors.Join(civic.Refuse("checksum"), s.DropUpload(ctx, j, id))
	}
	var bad *photo.Error
	switch {
	case civic.CodeOf(err) == "checksum":
		return errors.Join(err, s.DropUpload(ctx, j, id))
	case errors.As(err, &bad) && bad.Code != photo.CodeUnavailable:
		return errors.Join(err, s.Store.FinishUpload(ctx, j, id, civic.UploadRefused, bad.Code), s.deletePieces(ctx, pieces))
	case civic.CodeOf(err) == codePhotosLater:
		return err
	case err != nil:
		return errors.Join(civic.ErrBusy, err)
	}
	return errors.Join(s.Store.FinishUpload(ctx, j, id, civic.UploadDone, ""), s.deletePieces(ctx, pieces))
}

// covers reports whether pieces are all bytes of an upload.
func covers(pieces []civic.Piece, bytes int64) bool {
	var sum int64
	for _, p := range pieces {
		sum += p.Bytes
	}
	return sum == bytes
}

// DropUpload forgets an upload and its pieces: the rows first, so that none stands
// without its object.
func (s *Server) DropUpload(ctx context.Context, j civic.JurisdictionID, id civic.UploadID) error {
	pieces, err := s.Store.Pieces(ctx, j, id)
	if err == nil {
		err = s.Store.EndUpload(ctx, j, id)
	}
	if err != nil {
		return err
	}
	return s.deletePieces(ctx, pieces)
}

func (s *Server) deletePieces(ctx context.Context, pieces []civic.Piece) (err error) {
	for _, p := range pieces {
		err = errors.Join(err, s.Bucket.Delete(ctx, p.Key))
	}
	return err
}

// piecesBody reads one piece after the other.
type piecesBody struct {
	ctx    context.Context //nolint:containedctx // as long as the one reading lasts
	bucket Bucket
	left   []civic.Piece
	open   io.ReadCloser
}

func (b *piecesBody) Read(p []byte) (int, error) {
	for {
		if b.open == nil {
			if len(b.left) == 0 {
				return 0, io.EOF
			}
			next, err := b.bucket.Get(b.ctx, b.left[0].Key)
			if err != nil {
				return 0, err
			}
			b.open, b.left = next, b.left[1:]
		}
		n, err := b.open.Read(p)
		if !errors.Is(err, io.EOF) {
			return n, err
		}
		if err := b.Close(); err != nil || n > 0 {
			return n, err
		}
	}
}

func (b *piecesBody) Close() error {
	if b.open == nil {
		return nil
	}
	err := b.open.Close()
	b.open = nil
	return err
}

// zoneOf is the time zone of a town, for work that no request of it asked for.
func (s *Server) zoneOf(ctx context.Context, j civic.JurisdictionID) *time.Location {
	towns, err := s.towns.all(ctx)
	if i := slices.IndexFunc(towns, func(t civic.TownSite) bool { return t.ID == j }); err == nil && i >= 0 {
		return s.zone(&request{town: &towns[i]})
	}
	return time.UTC
}
