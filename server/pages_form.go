package server

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"strings"

	"segnavia/civic"
	"segnavia/photo"
	"segnavia/text"
)

// pagePhotos is how many photos the citizens' form takes.
const pagePhotos = 5

// form is what came of a form: its fields, and its photos, whose bytes are kept
// as they come, so that a mistake elsewhere does not ask for them again.
type form struct {
	url.Values
	photos []civic.AttachArgs
	errors pageErrors
	// readBack is the place as the town knows it, to be looked at.
	readBack string
	// step says what is still to be looked at; similar is what to look at.
	step    string
	similar []cardView
	seen    bool
	later   bool // pictures for which there was no room
}

// readForm reads a form, with or without files; mine says that its sender's report
// is here. A photo that cannot be taken is noted among the errors; a body that breaks
// off is an error.
func (s *Server) readForm(w http.ResponseWriter, r *http.Request, rq *request, maxPhotos int, mine bool) (*form, error) {
	f := &form{Values: url.Values{}}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		if err := r.ParseForm(); err != nil {
			return f, formBroken(err)
		}
		f.Values = r.PostForm
		return f, nil
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return f, civic.Refuse("bad_request")
	}
	// What was kept of an earlier try counts too.
	for n := 0; n < maxParts; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return f, formBroken(err)
		}
		if part.FileName() == "" {
			if err := f.readField(part); err != nil {
				return f, formBroken(err)
			}
			if part.FormName() == "kept" {
				err = s.keepPhoto(r, rq, f, maxPhotos)
			}
		} else {
			err = s.readPhoto(r, rq, f, part, maxPhotos, mine)
		}
		if err != nil {
			return f, readError(formError(err))
		}
	}
	return f, civic.Refuse("bad_request")
}

// maxParts and maxField bound a form that nobody filled by hand.
const (
	maxParts = 200
	maxField = 20_000 // bytes: a description of 4,000 characters, and room
)

func (f *form) readField(part *multipart.Part) error {
	raw, err := io.ReadAll(io.LimitReader(part, maxField))
	if err != nil {
		return err
	}
	f.Add(part.FormName(), strings.ToValidUTF8(string(raw), ""))
	return nil
}

func (s *Server) readPhoto(r *http.Request, rq *request, f *form, part *multipart.Part, maxPhotos int, mine bool) error {
	if len(f.photos) >= maxPhotos {
		f.wrong("photos", "photos", s.Words.T(rq.lang, "page.error.photos", text.Args{"max": maxPhotos}))
		return nil
	}
	var stored civic.StoredPhoto
	err := error(civic.Refuse(codePhotosLater))
	if s.limits.allow(limitPhoto, rq.place) {
		stored, err = s.takePhoto(r.Context(), rq.j(), s.zone(rq), part, "", civic.Sender{}, s.spend(rq, !mine))
	}
	if civic.CodeOf(err) == codePhotosLater && !mine {
		f.later = true // the words go now
		return nil
	}
	var bad *photo.Error
	if errors.As(err, &bad) || errors.Is(err, civic.ErrBusy) || civic.CodeOf(err) == codePhotosLater {
		s.logFailure(r.Context(), refusal(err), err)
		f.wrong("photos", "photos", s.Words.T(rq.lang, "page.error.photo", text.Args{
			"name": part.FileName(), "why": s.problemOf(rq.lang, 0, refusal(err)).Detail,
		}))
		return nil
	}
	if err == nil {
		f.attach(stored)
		f.noteShot(stored)
	}
	return err
}

// keepPhoto takes up a photo whose bytes came with an earlier try, by the reference
// that the page was given for them. One that is gone since is to be chosen again.
func (s *Server) keepPhoto(r *http.Request, rq *request, f *form, maxPhotos int) error {
	refs := f.Values["kept"]
	if len(f.photos) >= maxPhotos {
		return nil
	}
	stored, err := s.referred(r.Context(), rq, refs[len(refs)-1])
	switch e := refusal(err); {
	case err == nil:
		f.attach(stored)
	case e.Code != "not_found":
		return err
	default:
		f.wrong("photos", "photos", s.Words.T(rq.lang, "page.error.kept", nil))
	}
	return nil
}

func (f *form) attach(p civic.StoredPhoto) {
	for _, known := range f.photos {
		if known.SHA256 == p.SHA256 {
			return
		}
	}
	f.photos = append(f.photos, civic.AttachArgs{
		SHA256: p.SHA256, Bytes: p.Bytes, Mime: p.Mime, Stage: civic.StageReport,
	})
}

// wrong notes that something is to be corrected; at is the element to go to.
func (f *form) wrong(field, at, message string) {
	f.errors = append(f.errors, pageError{field, at, message})
}

// text is a field without the blanks around it.
func (f *form) text(name string) string { return strings.TrimSpace(f.Get(name)) }

// formBroken is the error of a form's own words and of the heads of its parts:
// whatever is wrong with them, their length and number included, was sent so.
func formBroken(err error) error {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return err
	case errors.Is(err, os.ErrDeadlineExceeded):
		return civic.Refuse(codeBodyStopped)
	}
	return civic.Refuse("bad_request")
}

// formError keeps a form that cannot be read from looking like our own mistake.
func formError(err error) error {
	var tooLarge *http.MaxBytesError
	if known := civic.CodeOf(err); known != "" || errors.As(err, &tooLarge) || brokeOff(err) {
		return err
	}
	if errors.Is(err, multipart.ErrMessageTooLarge) || strings.HasPrefix(err.Error(), "multipart: ") || strings.HasPrefix(err.Error(), "invalid URL escape") {
		return civic.Refuse("bad_request")
	}
	return fmt.Errorf("read form: %w", err)
}
