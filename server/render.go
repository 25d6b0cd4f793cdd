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
	stored, err := store.Photo(ctx, j, hash)
	if errors.Is(err, civic.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	result := civic.PhotoArgs{SHA256: hash, State: civic.PhotoReady, Mime: stored.Mime}
	if stored.Mime == civic.MimePDF {
		result.Bytes = stored.Bytes
	}
	var large photo.Rendition
	if stored.Mime != civic.MimePDF { // a document is never drawn
		large, err = MakeRenditions(ctx, bucket, processor, j, hash)
	}
	var bad *photo.Error
	switch {
	case errors.As(err, &bad) && bad.Code != photo.CodeUnavailable:
		result.State, result.Code = civic.PhotoRejected, bad.Code
	case err != nil:
		return fmt.Errorf("render %s: %w", hash, err)
	}
	result.W, result.H = large.Width, large.Height
	for _, id := range waiting {
		e := civic.SystemEdit(store.TownKey(j), civic.EditID(id), id, civic.KindPhoto, result, "photo:"+string(hash)+":"+result.State)
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
	return renditions[0], keepRenditions(ctx, bucket, j, hash, "", renditions)
}

// keepRenditions puts renditions under their names, with those of the boxes that
// are burnt into them.
func keepRenditions(ctx context.Context, bucket Bucket, j civic.JurisdictionID, hash civic.SHA256, cover string, renditions []photo.Rendition) error {
	for _, r := range renditions {
		key := PhotoKey(j, hash, renditionName(r.Size, cover))
		if err := bucket.Put(ctx, key, bytes.NewReader(r.JPEG), int64(len(r.JPEG)), "image/jpeg"); err != nil {
			return fmt.Errorf("keep rendition: %w", err)
		}
	}
	return nil
}

// renditionName names a rendition among those of a picture: "1280.jpg", or
// "1280-COVER.jpg" with boxes.
func renditionName(size int, cover string) string {
	if cover == "" {
		return fmt.Sprintf("%d.jpg", size)
	}
	return fmt.Sprintf("%d-%s.jpg", size, cover)
}

// CoverPhoto burns the boxes that an edit drew over a picture into what the
// public gets, and says so in the report. It starts from the office's rendition,
// which stays as it is. Boxes that have changed since are another edit's.
func (s *Server) CoverPhoto(ctx context.Context, j civic.JurisdictionID, id civic.ReportID, hash civic.SHA256, drawn civic.EditID) error {
	report, err := s.Store.Report(ctx, j, id)
	if err != nil {
		return err
	}
	p, ok := report.Photos[hash]
	cover := civic.CoverOf(p.Boxes)
	if !ok || p.State != civic.PhotoReady || cover == p.Cover {
		return nil
	}
	body, err := s.Bucket.Get(ctx, PhotoKey(j, hash, renditionName(photo.Sizes[0], "")))
	if err != nil {
		return err
	}
	defer body.Close() //nolint:errcheck // only read
	large, err := io.ReadAll(io.LimitReader(body, photo.MaxBytes))
	if err != nil {
		return err
	}
	renditions, err := s.Photos.Cover(ctx, large, p.Boxes)
	if err != nil {
		return fmt.Errorf("cover %s: %w", hash, err)
	}
	if err := keepRenditions(ctx, s.Bucket, j, hash, cover, renditions); err != nil {
		return err
	}
	args := civic.PhotoArgs{SHA256: hash, State: civic.PhotoReady, Cover: cover}
	_, err = s.Store.Apply(ctx, j, civic.SystemEdit(s.Store.TownKey(j), drawn, id, civic.KindPhoto, args, "cover:"+cover), 0)
	return err
}

// renditionsOf brings the original to a file, where the child process can read
// it, and renders it.
func renditionsOf(ctx context.Context, bucket Bucket, processor *photo.Processor, j civic.JurisdictionID, hash civic.SHA256) (list []photo.Rendition, err error) {
	err = withOriginal(ctx, bucket, j, hash, func(path string) error {
		list, err = processor.Render(ctx, path)
		return err
	})
	return list, err
}

// withOriginal brings the original to a file for as long as work takes.
func withOriginal(ctx context.Context, bucket Bucket, j civic.JurisdictionID, hash civic.SHA256, work func(path string) error) error {
	body, err := bucket.Get(ctx, PhotoKey(j, hash, "original"))
	if err != nil {
		return err
	}
	defer body.Close() //nolint:errcheck // only read
	f, err := os.CreateTemp("", "segnavia-photo-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // a temporary file
	_, err = io.Copy(f, body)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return work(f.Name())
}

// ErasePhoto removes the bytes of an attachment that no report names any more.
func (s *Server) ErasePhoto(ctx context.Context, j civic.JurisdictionID, hash civic.SHA256) error {
	for {
		keys, err := s.Bucket.Keys(ctx, PhotoKey(j, hash, ""), eraseAtOnce)
		if err != nil {
			return fmt.Errorf("erase %s: %w", hash, err)
		}
		for _, key := range keys {
			if err := s.Bucket.Delete(ctx, key); err != nil {
				return fmt.Errorf("erase %s: %w", hash, err)
			}
		}
		if len(keys) < eraseAtOnce {
			return nil
		}
	}
}

const eraseAtOnce = 100
