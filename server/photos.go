package server

import (
	"bytes"
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
	Ref    string       `json:"ref" doc:"Names the photo in a report: only whoever sent its bytes has it"`
}

// postPhoto takes one photo, before or after the edit that names it.
func (s *Server) postPhoto(w http.ResponseWriter, r *http.Request, rq *request) {
	if !rq.signedIn() && !s.limits.allow(limitPhoto, rq.place) {
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
			s.fail(w, r, formBroken(err))
			return
		}
		if part.FormName() != "file" {
			continue
		}
		stored, err := s.takePhoto(r.Context(), rq.j(), s.zone(rq), part, "", civic.Sender{User: rq.actor.User}, s.spend(rq, true))
		if err != nil {
			s.fail(w, r, readError(err))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(photoBody{stored.SHA256, stored.Bytes, stored.Mime, stored.W, stored.H, s.photoRef(rq, stored.SHA256)}) // a reader that has gone
		return
	}
}

func (s *Server) noBytes() error {
	s.alarms.bytesRefused.Add(1)
	return civic.Refuse(codePhotosLater)
}

// readError keeps a body that broke off from looking like our own mistake.
func readError(err error) error {
	var photoErr *photo.Error
	var tooLarge *http.MaxBytesError
	var broken *brokenBody
	if civic.CodeOf(err) != "" || errors.As(err, &photoErr) || errors.As(err, &tooLarge) || errors.Is(err, civic.ErrBusy) || errors.As(err, &broken) {
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
// room with codePhotosLater. from is who sends them, zero for anybody.
func (s *Server) takePhoto(ctx context.Context, j civic.JurisdictionID, zone *time.Location, body io.Reader, said civic.SHA256, from civic.Sender, by *spending) (civic.StoredPhoto, error) {
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
		W: up.Width, H: up.Height, Loose: by != nil && by.loose,
	}
	if said != "" && said != p.SHA256 {
		return p, civic.Refuse("checksum")
	}
	if !from.Works() {
		noteShot(&p, up.Meta, zone)
	}
	if _, err := s.Store.Photo(ctx, j, p.SHA256); err == nil {
		return p, s.Store.SavePhoto(ctx, j, p, from) // the bytes are here already
	}
	if by.keep(up.Bytes) != nil {
		return p, s.noBytes()
	}
	if err := s.putOriginal(ctx, PhotoKey(j, p.SHA256, "original"), up, from); err != nil {
		return p, err
	}
	return p, s.Store.SavePhoto(ctx, j, p, from)
}

// noteShot notes where and when a reporter's photo was taken: it helps to place the
// case. Of people at work neither is kept: it would be a trail of where they were.
func noteShot(p *civic.StoredPhoto, meta photo.Meta, zone *time.Location) {
	p.Lon, p.Lat = meta.Lon, meta.Lat
	if t, ok := meta.Taken(zone); ok {
		p.Taken = &t
	}
}

// putOriginal keeps the bytes as they came; the pictures of people at work without
// what their cameras wrote beside them.
func (s *Server) putOriginal(ctx context.Context, key string, up photo.Upload, from civic.Sender) error {
	if from.Works() && up.Picture() {
		return s.putBare(ctx, key, up.Path, up.MIME)
	}
	f, err := os.Open(up.Path)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	return s.put(ctx, key, f, up.Bytes, up.MIME)
}

// putBare keeps the picture of a file without what its camera wrote beside it.
func (s *Server) putBare(ctx context.Context, key, path, mime string) error {
	raw, err := os.ReadFile(path) // #nosec G304 -- a temporary file of ours
	if err != nil {
		return err
	}
	bare, ok := photo.Strip(raw, mime)
	if !ok { // a container that only its decoder knows
		if bare, err = s.Photos.Bare(ctx, path); err != nil {
			return err
		}
		mime = photo.BareMIME
	}
	return s.put(ctx, key, bytes.NewReader(bare), int64(len(bare)), mime)
}

func (s *Server) put(ctx context.Context, key string, r io.Reader, size int64, mime string) error {
	if err := s.Bucket.Put(ctx, key, r, size, mime); err != nil {
		return errors.Join(civic.ErrBusy, err)
	}
	return nil
}
