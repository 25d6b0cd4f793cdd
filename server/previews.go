package server

import (
	"bytes"
	"context"
	"errors"
	"net/http"

	"segnavia/civic"
	"segnavia/photo"
)

// maxPreview bounds the small picture that a phone sends ahead of the large one.
const maxPreview = 64 << 10

// previewName is its name in an address.
const previewName = "preview.jpg"

// previewKey is where it stands beside the renditions, which it never replaces: apart
// for each who sends one, so that nobody sees, or makes, another's by knowing a hash.
func previewKey(j civic.JurisdictionID, hash civic.SHA256, by civic.UserID) string {
	return PhotoKey(j, hash, "preview-"+by.String()+".jpg")
}

// putPreview takes a small picture for a case that waits for the large one: an
// office sees in seconds what takes minutes to come. It is drawn anew like any
// other, and shown to the office and the crew at work until the large one is here.
func (s *Server) putPreview(w http.ResponseWriter, r *http.Request, rq *request) {
	hash := civic.SHA256(r.PathValue("sha256"))
	sender, err := s.sender(r, rq)
	awaits := false
	if err == nil && hash.Valid() {
		awaits, err = s.Store.AwaitsFrom(r.Context(), rq.j(), sender, hash)
	}
	switch {
	case err == nil && !awaits:
		err = civic.ErrNotFound
	case err == nil && s.Room != nil && !s.Room():
		err = civic.Refuse("no_room")
	case err == nil:
		err = readError(s.takePreview(r.Context(), previewKey(rq.j(), hash, sender.User), r))
	}
	if err != nil {
		s.failUpload(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) takePreview(ctx context.Context, key string, r *http.Request) error {
	up, err := s.Photos.Inspect(ctx, r.Body)
	if err != nil {
		return err
	}
	defer up.Remove() //nolint:errcheck // a temporary file
	if up.MIME != "image/jpeg" {
		return &photo.Error{Code: photo.CodeType}
	}
	all, err := s.Photos.Render(ctx, up.Path)
	if err != nil {
		return err
	}
	small := all[len(all)-1].JPEG
	if err := s.Bucket.Put(ctx, key, bytes.NewReader(small), int64(len(small)), "image/jpeg"); err != nil {
		return errors.Join(civic.ErrBusy, err)
	}
	return nil
}
