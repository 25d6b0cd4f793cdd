package photo

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"testing"
)

func seeds(f *testing.F) {
	f.Helper()
	m := image.NewGray(image.Rect(0, 0, 3, 5))
	var j, p bytes.Buffer
	if err := errors.Join(jpeg.Encode(&j, m, nil), png.Encode(&p, m)); err != nil {
		f.Fatal(err)
	}
	f.Add(j.Bytes())
	f.Add(p.Bytes())
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x09\x00\x00\x09\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("RIFF\x16\x00\x00\x00WEBPVP8L\x0a\x00\x00\x00\x2f\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic\x00\x00\x00\x30meta\x00\x00\x00\x00" +
		"\x00\x00\x00\x24iprp\x00\x00\x00\x1cipco\x00\x00\x00\x14ispe\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x05"))
}

func TestHeadersOfEachType(t *testing.T) {
	for name, c := range map[string]struct {
		bytes string
		want  header
	}{
		"VP8":  {"RIFF\x16\x00\x00\x00WEBPVP8 \x0a\x00\x00\x00\x00\x00\x00\x9d\x01\x2a\x40\x01\xf0\x00", header{mimeWebP, 320, 240}},
		"VP8L": {"RIFF\x16\x00\x00\x00WEBPVP8L\x0a\x00\x00\x00\x2f\x3f\xc1\x3b\x00\x00\x00\x00\x00\x00", header{mimeWebP, 320, 240}},
		"VP8X": {"RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x10\x00\x00\x00\x3f\x01\x00\xef\x00\x00", header{mimeWebP, 320, 240}},
		"HEIC": {"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic\x00\x00\x00\x30meta\x00\x00\x00\x00" +
			"\x00\x00\x00\x24iprp\x00\x00\x00\x1cipco\x00\x00\x00\x14ispe\x00\x00\x00\x00\x00\x00\x01\x40\x00\x00\x00\xf0", header{mimeHEIC, 320, 240}},
	} {
		got, err := parseHeader(bytes.NewReader([]byte(c.bytes)), int64(len(c.bytes)))
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func FuzzHeader(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := parseHeader(bytes.NewReader(b), int64(len(b)))
		var known *Error
		if err != nil && !errors.As(err, &known) {
			t.Fatalf("an error without a code: %v", err)
		}
		if err == nil && (h.width <= 0 || h.height <= 0 || h.mime == "") {
			t.Fatalf("%+v", h)
		}
	})
}

func FuzzMeta(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, mime := range []string{mimeJPEG, mimePNG, mimeWebP, mimeHEIC} {
			m := readMeta(bytes.NewReader(b), mime)
			if (m.Lon == nil) != (m.Lat == nil) {
				t.Fatalf("half a position: %+v", m)
			}
		}
	})
}
