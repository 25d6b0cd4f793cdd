package open311

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"

	"segnavia/civic"
)

// readParams reads a call. allowed is asked, with all that was read before it,
// before the first picture is: nobody without a key fills our disk. The caller
// removes what it returns, whatever the error.
func readParams(r *http.Request, allowed func(*params) error) (*params, error) {
	p := &params{values: make(url.Values)}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return p, bad("open311.error.form")
	}
	body := make(url.Values)
	if r.Method == http.MethodPost {
		kind, options, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		switch {
		case kind == "multipart/form-data" && err == nil:
			if err := p.takeAll(query); err != nil {
				return p, err
			}
			return p, p.readParts(multipart.NewReader(r.Body, options["boundary"]), allowed)
		case kind == "application/x-www-form-urlencoded", r.Header.Get("Content-Type") == "":
			if body, err = readForm(r.Body); err != nil {
				return p, err
			}
		default:
			return p, bad("open311.error.type")
		}
	}
	if err := p.takeAll(body); err != nil {
		return p, err
	}
	return p, p.takeAll(query)
}

func readForm(body io.Reader) (url.Values, error) {
	raw, err := io.ReadAll(io.LimitReader(body, maxForm+1))
	if err != nil {
		return nil, broken(err)
	}
	if len(raw) > maxForm {
		return nil, bad("open311.error.body")
	}
	values, err := url.ParseQuery(string(raw))
	if err != nil {
		return nil, bad("open311.error.form")
	}
	return values, nil
}

// broken keeps a body that breaks off from looking like our own mistake.
func broken(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return &fault{http.StatusRequestTimeout, "door.body_stopped", nil}
	}
	return bad("open311.error.form")
}

func (p *params) readParts(parts *multipart.Reader, allowed func(*params) error) error {
	room, checked := int64(maxForm), false
	for n := 0; n < maxFields; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return broken(err)
		}
		_, disposition, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
		if err != nil {
			return bad("open311.error.form")
		}
		name, isFile := disposition["filename"]
		if !isFile {
			if err := p.readField(part, &room); err != nil {
				return err
			}
			continue
		}
		if name == "" { // a field for a picture that was left empty
			continue
		}
		if !checked {
			if err := allowed(p); err != nil {
				return err
			}
			checked = true
		}
		if err := p.keepFile(part); err != nil {
			return err
		}
	}
	return bad("open311.error.body")
}

func (p *params) readField(part *multipart.Part, room *int64) error {
	raw, err := io.ReadAll(io.LimitReader(part, min(maxField, *room)+1))
	if err != nil {
		return broken(err)
	}
	if *room -= int64(len(raw)); *room < 0 || len(raw) > maxField {
		return bad("open311.error.too_long", "field", part.FormName(), "max", civic.MaxDescription)
	}
	return p.take(part.FormName(), string(raw))
}

// keepFile puts a picture into a file until all of the call is known to be good.
func (p *params) keepFile(part io.Reader) (err error) {
	if len(p.files) >= civic.MaxAttachments {
		return bad("open311.error.limit", "field", "media", "max", civic.MaxAttachments)
	}
	f, err := os.CreateTemp("", "open311-")
	if err != nil {
		return errors.Join(civic.ErrBusy, err)
	}
	p.files = append(p.files, f.Name())
	defer func() { err = errors.Join(err, f.Close()) }()
	n, err := io.Copy(f, io.LimitReader(part, maxFile+1))
	var disk *os.PathError
	switch {
	case errors.As(err, &disk):
		return errors.Join(civic.ErrBusy, err)
	case err != nil:
		return broken(err)
	case n > maxFile:
		return refusal(civic.Refuse("photo_too_large", "max_mb", maxFile/1_000_000))
	}
	return nil
}
