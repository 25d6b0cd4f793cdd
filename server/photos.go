package server

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"segnavia/civic"
	"segnavia/photo"
)

// maxUpload bounds a multipart upload: one photo and its form.
const maxUpload = photo.MaxBytes + 64<<10

// PhotoKey is where an attachment's bytes stand in the bucket. what is original
// or a rendition's size.
func PhotoKey(j civic.JurisdictionID, hash civic.SHA256, what string) string {
	return j.String() + "/" + string(hash) + "/" + what
}

type photoBody struct {
	SHA256 civic.SHA256 `json:"sha256"`
	Bytes  int64        `json:"bytes"`
	Mime   string       `json:"mime"`
	W      int          `json:"w"`
	H      int          `json:"h"`
}

// postPhoto takes one photo, before or after the edit that names it.
func (s *Server) postPhoto(w http.ResponseWriter, r *http.Request, rq *request) {
	if !rq.signedIn() && !s.limits.allow(limitPhoto, s.addressOf(r)) {
		s.problem(w, r, 0, civic.Refuse("too_fast"))
		return
	}
	parts, err := r.MultipartReader()
	if err != nil {
		s.problem(w, r, 0, civic.Refuse("bad_request"))
		return
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			s.problem(w, r, 0, civic.Refuse(civic.CodeMissing, "field", "file"))
			return
		}
		if err != nil {
			s.fail(w, r, partError(err))
			return
		}
		if part.FormName() != "file" {
			continue
		}
		stored, err := s.takePhoto(r.Context(), rq.j(), s.zone(rq), part, "", s.spend(rq, true))
		if err != nil {
			s.fail(w, r, readError(err))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(photoBody{stored.SHA256, stored.Bytes, stored.Mime, stored.W, stored.H}) // a reader that has gone
		return
	}
}

func (s *Server) noBytes() error {
	s.alarms.bytesRefused.Add(1)
	return civic.Refuse(codePhotosLater)
}

// partError is readError for the head of a part: whatever is wrong there was sent
// so.
func partError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return civic.Refuse(codeBodyStopped)
	}
	return civic.Refuse("bad_request")
}

// readError keeps a body that broke off from looking like our own mistake.
func readError(err error) error {
	var photoErr *photo.Error
	var tooLarge *http.MaxBytesError
	if civic.CodeOf(err) != "" || errors.As(err, &photoErr) || errors.As(err, &tooLarge) || errors.Is(err, civic.ErrBusy) {
		return err
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return civic.Refuse(codeBodyStopped)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return civic.Refuse("bad_request")
	}
	return err
}

// takePhoto checks a photo, keeps its bytes, and then its row: a row never
// stands without its object. Bytes of another hash than the one that was said, if
// one was, are refused with "checksum"; those for which a stranger's budget has no
// room with codePhotosLater.
func (s *Server) takePhoto(ctx context.Context, j civic.JurisdictionID, zone *time.Location, body io.Reader, said civic.SHA256, by *spending) (civic.StoredPhoto, error) {
	if s.Room != nil && !s.Room() {
		return civic.StoredPhoto{}, civic.ErrBusy
	}
	if !by.open() {
		return civic.StoredPhoto{}, s.noBytes()
	}
	up, err := s.Photos.Inspect(ctx, by.from(ctx, body))
	if err != nil {
		if civic.CodeOf(err) == codePhotosLater {
			err = s.noBytes()
		}
		return civic.StoredPhoto{}, err
	}
	defer up.Remove() //nolint:errcheck // a temporary file
	p := civic.StoredPhoto{
		SHA256: civic.SHA256(hex.EncodeToString(up.SHA256[:])), Mime: up.MIME, Bytes: up.Bytes,
		W: up.Width, H: up.Height, Lon: up.Meta.Lon, Lat: up.Meta.Lat, Loose: by != nil && by.loose,
	}
	if said != "" && said != p.SHA256 {
		return p, civic.Refuse("checksum")
	}
	if t, ok := up.Meta.Taken(zone); ok {
		p.Taken = &t
	}
	if _, err := s.Store.Photo(ctx, j, p.SHA256); err == nil {
		return p, s.Store.SavePhoto(ctx, j, p) // the bytes are here already
	}
	if by.keep(up.Bytes) != nil {
		return p, s.noBytes()
	}
	f, err := os.Open(up.Path)
	if err != nil {
		return p, err
	}
	defer f.Close() //nolint:errcheck // only read
	if err := s.Bucket.Put(ctx, PhotoKey(j, p.SHA256, "original"), f, up.Bytes, up.MIME); err != nil {
		return p, errors.Join(civic.ErrBusy, err)
	}
	return p, s.Store.SavePhoto(ctx, j, p)
}
