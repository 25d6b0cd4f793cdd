package photo

import (
	"bytes"
	"image"
	_ "image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"segnavia/photo/phototest"
)

// What is stripped shows the same pixels, turned the same way, and tells nothing.
func TestAStrippedPictureIsPixelsAlone(t *testing.T) {
	files := phototest.Corpus()
	files = append(files, phototest.File{Name: "dirty", Bytes: phototest.Dirty()})
	for _, path := range realPhotos(t) {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, phototest.File{Name: filepath.Base(path), Bytes: raw})
	}
	stripped := 0
	for _, f := range files {
		up, err := New(t.TempDir()).Inspect(t.Context(), bytes.NewReader(f.Bytes))
		if err != nil {
			continue
		}
		out, ok := Strip(f.Bytes, up.MIME)
		if !ok {
			continue
		}
		stripped++
		again, err := New(t.TempDir()).Inspect(t.Context(), bytes.NewReader(out))
		if err != nil {
			t.Errorf("%s: stripped it is no picture: %v", f.Name, err)
			continue
		}
		if again.Meta.Lon != nil || again.Meta.TakenAt != nil || bytes.Contains(out, []byte(phototest.SentinelName)) {
			t.Errorf("%s still tells", f.Name)
		}
		if again.Width != up.Width || again.Height != up.Height {
			t.Errorf("%s: %d×%d became %d×%d", f.Name, up.Width, up.Height, again.Width, again.Height)
		}
		before, _, err := image.Decode(bytes.NewReader(f.Bytes))
		if err != nil {
			continue
		}
		after, _, err := image.Decode(bytes.NewReader(out))
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		b := before.Bounds()
		for _, at := range []image.Point{b.Min, {b.Max.X - 1, b.Max.Y - 1}, {(b.Min.X + b.Max.X) / 2, (b.Min.Y + b.Max.Y) / 2}} {
			if before.At(at.X, at.Y) != after.At(at.X, at.Y) {
				t.Errorf("%s: another pixel at %v", f.Name, at)
			}
		}
	}
	if stripped < 5 {
		t.Errorf("only %d were stripped", stripped)
	}
}

// realPhotos are photos of other people's cameras, where they are there.
func realPhotos(t *testing.T) []string {
	t.Helper()
	data := os.Getenv("SEGNAVIA_DATA")
	if data == "" {
		return nil
	}
	var all []string
	for _, folder := range []string{"photos", "photos/orientation", "photos/exif"} {
		found, err := filepath.Glob(filepath.Join(data, folder, "*.*"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	return all
}

// How a picture is turned survives.
func TestAStrippedPictureIsTurnedAsBefore(t *testing.T) {
	for o := 2; o <= 8; o++ {
		raw := phototest.JPEG(40, 20)
		turned := append(append(append([]byte{}, raw[:2]...), turn(o)...), raw[2:]...)
		out, ok := Strip(turned, mimeJPEG)
		if !ok {
			t.Fatal("not stripped")
		}
		if got := orientation(out[6:]); got != o {
			t.Errorf("orientation %d became %d", o, got)
		}
	}
}

func FuzzStrip(f *testing.F) {
	for _, file := range phototest.Corpus()[:20] {
		f.Add(file.Bytes)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, mime := range []string{mimeJPEG, mimePNG, mimeWebP} {
			if out, ok := Strip(raw, mime); ok && (len(out) > len(raw)+64 || bytes.Contains(out, []byte("http://ns.adobe.com/xap"))) {
				t.Errorf("%d bytes became %d", len(raw), len(out))
			}
		}
	})
}
