package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"segnavia/civic"
	"segnavia/photo"
)

// renderPhoto makes the renditions of stored bytes and says what came of it in
// each report that waits.
func renderPhoto(ctx context.Context, store Store, bucket Bucket, processor *photo.Processor, j civic.JurisdictionID, hash civic.SHA256, waiting []civic.ReportID) error {
	if len(waiting) == 0 {
		return nil
	}
	if _, err := store.Photo(ctx, j, hash); errors.Is(err, civic.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	result := civic.PhotoArgs{SHA256: hash, State: civic.PhotoReady}
	large, err := MakeRenditions(ctx, bucket, processor, j, hash)
	var bad *photo.Error
	switch {
	case errors.As(err, &bad) && bad.Code != photo.CodeUnavailable:
		result.State, result.Code = civic.PhotoRejected, bad.Code
	case err != nil:
		return fmt.Errorf("render %s: %w", hash, err)
	}
	result.W, result.H = large.Width, large.Height
	for _, id := range waiting {
		e := civic.SystemEdit(civic.EditID(id), id, civic.KindPhoto, result, "photo:"+string(hash)+":"+result.State)
		if _, err := store.Apply(ctx, j, e, 0); err != nil {
			return err
		}
	}
	return nil
}

// MakeRenditions renders stored bytes and keeps what comes of it. It returns the
// largest rendition.
func MakeRenditions(ctx context.Context, bucket Bucket, processor *photo.Processor, j civic.JurisdictionID, hash civic.SHA256) (large photo.Rendition, err error) {
	renditions, err := renditionsOf(ctx, bucket, processor, j, hash)
	if err != nil {
		return large, err
	}
	for _, r := range renditions {
		key := PhotoKey(j, hash, fmt.Sprintf("%d.jpg", r.Size))
		if err := bucket.Put(ctx, key, bytes.NewReader(r.JPEG), int64(len(r.JPEG)), "image/jpeg"); err != nil {
			return large, fmt.Errorf("keep rendition: %w", err)
		}
		if r.Size == photo.Sizes[0] {
			large = r
		}
	}
	return large, nil
}

// renditionsOf brings the original to a file, where the child process can read
// it, and renders it.
func renditionsOf(ctx context.Context, bucket Bucket, processor *photo.Processor, j civic.JurisdictionID, hash civic.SHA256) ([]photo.Rendition, error) {
	body, err := bucket.Get(ctx, PhotoKey(j, hash, "original"))
	if err != nil {
		return nil, err
	}
	defer body.Close() //nolint:errcheck // only read
	f, err := os.CreateTemp("", "segnavia-photo-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // a temporary file
	_, err = io.Copy(f, body)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return processor.Render(ctx, f.Name())
}

// ErasePhoto removes the bytes of an attachment that no report names any more.
func (s *Server) ErasePhoto(ctx context.Context, j civic.JurisdictionID, hash civic.SHA256) error {
	for _, what := range []string{"1280.jpg", "320.jpg", "original"} {
		if err := s.Bucket.Delete(ctx, PhotoKey(j, hash, what)); err != nil {
			return fmt.Errorf("erase %s: %w", hash, err)
		}
	}
	return nil
}
