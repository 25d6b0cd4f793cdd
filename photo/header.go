package photo

import (
	"bytes"
	"errors"
	"io"
)

// The types that are taken.
const (
	mimeJPEG = "image/jpeg"
	mimePNG  = "image/png"
	mimeWebP = "image/webp"
	mimeHEIC = "image/heic"
	mimeAVIF = "image/avif"
)

// header is what a file claims before anybody decodes it.
type header struct {
	mime          string
	width, height int
}

// maxSteps bounds the segments, chunks or boxes that a header walk visits.
const maxSteps = 4096

var (
	errCut   = errors.New("cut short")
	errSteps = errors.New("too many parts before the picture")
	errSize  = errors.New("no size")
)

// parseHeader reads the type and size of a file of size bytes by its first
// bytes, never by its name. Errors are *Error with CodeType or CodeBroken.
func parseHeader(r io.ReaderAt, size int64) (header, error) {
	f := file{r: r, size: size}
	var magic [12]byte
	n, _ := r.ReadAt(magic[:min(size, int64(len(magic)))], 0)
	m := magic[:n]
	switch {
	case bytes.HasPrefix(m, []byte("\xff\xd8\xff")):
		return f.jpeg()
	case bytes.HasPrefix(m, []byte("\x89PNG\r\n\x1a\n")):
		return f.png()
	case len(m) == 12 && string(m[:4]) == "RIFF" && string(m[8:]) == "WEBP":
		return f.webp()
	case len(m) == 12 && string(m[4:8]) == "ftyp":
		return f.heic()
	case bytes.HasPrefix(m, []byte("%PDF-")):
		return f.document()
	}
	return header{}, &Error{Code: CodeType}
}

// file reads bytes at places that the file itself names, so each read is
// checked against its length.
type file struct {
	r    io.ReaderAt
	size int64
}

func (f file) read(at int64, p []byte) error {
	if at < 0 || at > f.size-int64(len(p)) {
		return errCut
	}
	_, err := f.r.ReadAt(p, at)
	if errors.Is(err, io.EOF) {
		err = nil // ReadAt may say so at the file's end
	}
	return err
}

func broken(err error) error { return &Error{Code: CodeBroken, Err: err} }

func sized(mime string, width, height int) (header, error) {
	if width <= 0 || height <= 0 {
		return header{}, broken(errSize)
	}
	return header{mime: mime, width: width, height: height}, nil
}
