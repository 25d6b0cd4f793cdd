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
		"AVIF": {"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif\x00\x00\x00\x30meta\x00\x00\x00\x00" +
			"\x00\x00\x00\x24iprp\x00\x00\x00\x1cipco\x00\x00\x00\x14ispe\x00\x00\x00\x00\x00\x00\x01\x40\x00\x00\x00\xf0", header{mimeAVIF, 320, 240}},
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

// FuzzDocument looks for panics, endless work, and documents that are taken without
// a head or an end.
func FuzzDocument(f *testing.F) {
	const plain = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R >>\nstartxref\n44\n%%EOF\n"
	f.Add([]byte(plain))
	f.Add([]byte("%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >>\nstream\n\x78\x9c\x4b\x04\x00\nendstream\nendobj\nstartxref\n9\n%%EOF"))
	f.Add([]byte("%PDF-1.7\n1 0 obj << /J#61vaScript /#"))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := file{r: bytes.NewReader(b), size: int64(len(b))}.document()
		var known *Error
		switch {
		case err != nil && !errors.As(err, &known) && !errors.Is(err, errCut):
			t.Fatalf("an error without a code: %v", err)
		case err == nil && (h.mime != mimePDF || !bytes.HasPrefix(b, []byte("%PDF-")) || !bytes.Contains(b, []byte("%%EOF")) || bytes.Contains(b, []byte("/JavaScript "))):
			t.Fatalf("taken: %q", b)
		}
	})
}
