// Package photo is the one way in for pictures and documents, whatever door they
// come by. It checks an upload, reads when and where a picture was taken, and
// re-encodes it into renditions that carry nothing but pixels. It never decodes
// a picture inside the program: a child under limits does. It never draws a
// document at all.
package photo

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"segnavia/civic"
)

// Limits of an upload.
const (
	MaxBytes = civic.MaxAttachmentBytes // what a phone's camera makes, with room
	// Pixels of the header. A JPEG is shrunk while it is read, eight times at most:
	// one of 120 megapixels takes 50 MB, 750 MB if it is progressive with all its
	// colours. Others are decoded whole: 64 megapixels take 600 MB as HEIC, 820 MB as
	// AVIF of ten bits with all its colours.
	MaxJPEGPixels = 120_000_000
	MaxPixels     = 64_000_000
)

// mostPixels is how many pixels a picture of a type may have.
func mostPixels(mime string) int64 {
	if mime == mimeJPEG {
		return MaxJPEGPixels
	}
	return MaxPixels
}

// Takes reports whether a type of file is one that is taken, by its name; Inspect
// looks at the bytes.
func Takes(mime string) bool {
	switch mime {
	case mimeJPEG, mimePNG, mimeWebP, mimeHEIC, "image/heif", mimeAVIF, mimePDF:
		return true
	}
	return false
}

// Processor checks and renders photos. New makes one; it is safe for
// concurrent use and needs no Close.
type Processor struct {
	dir   string
	slots chan struct{}
	cores chan string // one for each child, or "" for whichever is free
	wall  time.Duration
	space int64 // bytes of a child
}

// atOnce is how many children decode at a time: each may take a core and
// 1 GiB.
const atOnce = 2

// New returns a processor that keeps its files in dir while it works; the
// empty string means the system's folder for temporary files.
func New(dir string) *Processor {
	p := &Processor{dir: dir, slots: make(chan struct{}, atOnce), cores: make(chan string, atOnce), wall: 30 * time.Second, space: space}
	for _, core := range coresFor(atOnce) {
		p.cores <- core
	}
	return p
}

// Upload is a photo that passed inspection, in a file of its own. Its owner
// calls Remove.
type Upload struct {
	Path   string
	SHA256 [sha256.Size]byte
	Bytes  int64
	MIME   string // image/jpeg, image/png, image/webp, image/heic, image/avif or application/pdf
	// Width and Height are the header's, in pixels, before the turn that the
	// orientation asks for. A rendition's are those of what is seen. A document
	// has none.
	Width, Height int
	Meta          Meta
}

// Remove deletes the file. A second call does nothing.
func (u Upload) Remove() error {
	if err := os.Remove(u.Path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove upload: %w", err)
	}
	return nil
}

// Inspect reads at most MaxBytes of r into a file and checks its header. A
// photo that cannot be taken gives an *Error; anything else, such as a broken
// connection or a full disk, another error. Passing says what the header
// claims: only Render shows that the picture is whole.
func (p *Processor) Inspect(ctx context.Context, r io.Reader) (Upload, error) {
	f, err := os.CreateTemp(p.dir, "upload-")
	if err != nil {
		return Upload{}, fmt.Errorf("inspect photo: %w", err)
	}
	u, err := inspect(ctx, f, r)
	if err := errors.Join(err, f.Close()); err != nil {
		return Upload{}, errors.Join(err, Upload{Path: f.Name()}.Remove())
	}
	return u, nil
}

func inspect(ctx context.Context, f *os.File, r io.Reader) (Upload, error) {
	digest := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, digest), io.LimitReader(contextReader{ctx, r}, MaxBytes+1))
	if err != nil {
		return Upload{}, fmt.Errorf("inspect photo: %w", err)
	}
	switch {
	case n == 0:
		return Upload{}, &Error{Code: CodeEmpty}
	case n > MaxBytes:
		return Upload{}, &Error{Code: CodeTooLarge, Args: map[string]int{"max_mb": MaxBytes / 1_000_000}}
	}
	h, err := parseHeader(f, n)
	if err != nil {
		return Upload{}, err
	}
	if most := mostPixels(h.mime); int64(h.width)*int64(h.height) > most {
		return Upload{}, &Error{Code: CodeTooManyPixels, Args: map[string]int{"max_megapixels": int(most / 1_000_000)}}
	}
	u := Upload{Path: f.Name(), Bytes: n, MIME: h.mime, Width: h.width, Height: h.height}
	digest.Sum(u.SHA256[:0])
	if h.mime == mimePDF {
		return u, nil
	}
	u.Meta = readMeta(io.NewSectionReader(f, 0, n), h.mime)
	return u, nil
}

// contextReader stops a copy between two reads once ctx ends. What the reader itself
// says comes first: where it has failed, that may be why ctx has ended.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if ended := c.ctx.Err(); ended != nil && (err == nil || errors.Is(err, io.EOF)) {
		err = ended
	}
	return n, err
}
