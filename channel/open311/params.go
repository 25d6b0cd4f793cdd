package open311

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"strings"
	"unicode/utf8"

	"segnavia/civic"
)

// Bounds of a call.
const (
	// MaxBody bounds a whole call, pictures and all.
	MaxBody   = 64 << 20
	maxForm   = 1 << 20  // a body without pictures, and all fields beside pictures
	maxField  = 64 << 10 // a description of 4,000 characters, and room
	maxFields = 500
	maxFile   = 15_000_000 // as every door
)

// params are the parameters of a call, from its query and its body together. An
// empty parameter is an absent one (GeoReport v2, optional arguments).
type params struct {
	values url.Values
	files  []string // pictures of a multipart body, in files of their own
}

// get is the first value of a parameter, or "".
func (p *params) get(name string) string {
	if list := p.values[name]; len(list) > 0 {
		return list[0]
	}
	return ""
}

// all are the values of a parameter, those of a comma list apart.
func (p *params) all(name string) []string {
	var all []string
	for _, v := range p.values[name] {
		for one := range strings.SplitSeq(v, ",") {
			if one = strings.TrimSpace(one); one != "" {
				all = append(all, one)
			}
		}
	}
	return all
}

// remove throws the pictures away.
func (p *params) remove() {
	for _, name := range p.files {
		_ = os.Remove(name) // a temporary file
	}
}

// attributes reads attribute[CODE]=v, attribute[CODE][]=v and repetitions.
func (p *params) attributes() map[string][]string {
	found := make(map[string][]string)
	for name, values := range p.values {
		code, ok := attributeOf(name)
		if !ok {
			continue
		}
		found[code] = append(found[code], values...)
	}
	return found
}

// attributeOf is the code between the brackets of a parameter's name. What stands
// behind may be empty or numbered brackets, as some languages write lists.
func attributeOf(name string) (code string, ok bool) {
	rest, ok := strings.CutPrefix(name, "attribute[")
	if !ok {
		return "", false
	}
	code, rest, ok = strings.Cut(rest, "]")
	if !ok || code == "" {
		return "", false
	}
	if rest != "" {
		inner, open := strings.CutPrefix(rest, "[")
		inner, shut := strings.CutSuffix(inner, "]")
		if !open || !shut || strings.Trim(inner, "0123456789") != "" {
			return "", false
		}
	}
	return code, true
}

// take adds values, blank ones left out. It fails on text that is not UTF-8, and
// on more fields than anybody fills.
func (p *params) take(name string, values ...string) error {
	for _, v := range values {
		if !utf8.ValidString(v) || !utf8.ValidString(name) || strings.ContainsRune(v, 0) {
			return bad("open311.error.utf8")
		}
		if v = strings.TrimSpace(v); v == "" {
			continue
		}
		if len(p.values) >= maxFields || len(p.values[name]) >= maxFields {
			return bad("open311.error.body")
		}
		p.values[name] = append(p.values[name], v)
	}
	return nil
}

func (p *params) takeAll(values url.Values) error {
	for name, list := range values {
		if err := p.take(name, list...); err != nil {
			return err
		}
	}
	return nil
}

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
