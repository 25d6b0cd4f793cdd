package photo_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"segnavia/photo"
)

// TestLargePhotosAreShrunkWithinTheBudget makes photos as large as phones and
// panoramas do, and renders them in the child that the server uses.
func TestLargePhotosAreShrunkWithinTheBudget(t *testing.T) {
	dir := t.TempDir()
	vips := func(args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "vips", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("vips %v: %v\n%s", args, err, out)
		}
	}
	// A gradient, so that encoding costs little and decoding what it always does.
	picture := func(name, width, height string, options ...string) []byte {
		t.Helper()
		vips("grey", "grey.v", width, height, "--uchar")
		vips("bandjoin", "grey.v grey.v grey.v", "three.v")
		vips("copy", "three.v", "colour.v", "--interpretation", "srgb")
		save := map[string]string{".jpg": "jpegsave", ".avif": "heifsave", ".png": "pngsave"}[filepath.Ext(name)]
		vips(append([]string{save, "colour.v", name}, options...)...)
		b, err := os.ReadFile(filepath.Join(dir, name)) // #nosec G304 -- the test's own
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	p := photo.New(t.TempDir())
	// As a camera writes it, ten bits and all colours: avifenc -s 10 -d 10 -y 444. Older
	// encoders of libaom write no picture of this size that can be read.
	deep, err := os.ReadFile("testdata/64-megapixels-10-bits.avif")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		bytes         []byte
		width, height int
	}{
		"a phone's 50 megapixels":        {picture("phone.jpg", "8160", "6144"), 8160, 6144},
		"a panorama":                     {picture("panorama.jpg", "24000", "5000"), 24000, 5000},
		"progressive, with all colours":  {picture("progressive.jpg", "12000", "10000", "--interlace", "--subsample-mode", "off"), 12000, 10000},
		"PNG of 64 megapixels":           {picture("large.png", "8000", "8000"), 8000, 8000},
		"AVIF of 64 megapixels":          {deep, 8000, 8000},
		"AVIF of a phone's 12 megapixel": {picture("phone.avif", "4000", "3000", "--compression", "av1", "--effort", "0"), 4000, 3000},
	} {
		u, err := inspectBytes(t, p, c.bytes)
		if err != nil || u.Width != c.width || u.Height != c.height {
			t.Errorf("%s: %d×%d, %v", name, u.Width, u.Height, err)
			continue
		}
		for _, r := range render(t, p, u) {
			decode(t, r)
		}
	}
	for name, b := range map[string][]byte{
		"JPEG over 120 megapixels": picture("over.jpg", "12001", "10000"), "PNG over 64": picture("over.png", "8001", "8000"),
	} {
		if _, err := p.Inspect(t.Context(), bytes.NewReader(b)); code(err) != photo.CodeTooManyPixels {
			t.Errorf("%s: %v", name, err)
		}
	}
}
