package photo_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"
	"time"

	"segnavia/photo"
)

// data is the folder of real photos, outside the project.
func data(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("SEGNAVIA_DATA")
	if dir == "" {
		t.Skip("SEGNAVIA_DATA is unset: no real photos")
	}
	return filepath.Join(dir, "photos")
}

func inspectFile(t *testing.T, p *photo.Processor, path string) photo.Upload {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	u, err := p.Inspect(t.Context(), f)
	if err != nil {
		t.Fatalf("%s: %v", filepath.Base(path), err)
	}
	t.Cleanup(func() { _ = u.Remove() })
	return u
}

func inspectBytes(t *testing.T, p *photo.Processor, b []byte) (photo.Upload, error) {
	t.Helper()
	u, err := p.Inspect(t.Context(), bytes.NewReader(b))
	if err == nil {
		t.Cleanup(func() { _ = u.Remove() })
	}
	return u, err
}

func render(t *testing.T, p *photo.Processor, u photo.Upload) []photo.Rendition {
	t.Helper()
	all, err := p.Render(t.Context(), u.Path)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != len(photo.Sizes) {
		t.Fatalf("%d renditions", len(all))
	}
	return all
}

func decode(t *testing.T, r photo.Rendition) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(r.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	if b := m.Bounds(); b.Dx() != r.Width || b.Dy() != r.Height || max(b.Dx(), b.Dy()) > r.Size {
		t.Errorf("%v for %d×%d of %d", b, r.Width, r.Height, r.Size)
	}
	return m
}

// picture is a JPEG with a diagonal, so that it is not all one colour.
func picture(t *testing.T, w, h int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			m.Set(x, y, color.RGBA{uint8(x * 255 / w), uint8(y * 255 / h), 128, 255}) // #nosec G115 -- below 256
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func code(err error) string {
	var e *photo.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func TestAPhotoBecomesTwoRenditions(t *testing.T) {
	dir := t.TempDir()
	p := photo.New(dir)
	b := picture(t, 2000, 1000)
	u, err := inspectBytes(t, p, b)
	if err != nil {
		t.Fatal(err)
	}
	if u.SHA256 != sha256.Sum256(b) || u.Bytes != int64(len(b)) || u.MIME != "image/jpeg" || u.Width != 2000 || u.Height != 1000 {
		t.Errorf("%+v", u)
	}
	for i, r := range render(t, p, u) {
		decode(t, r)
		if want := photo.Sizes[i]; r.Width != want || r.Height != want/2 {
			t.Errorf("%d×%d", r.Width, r.Height)
		}
	}
	if err := u.Remove(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestASmallPhotoIsNotEnlarged(t *testing.T) {
	p := photo.New(t.TempDir())
	u, err := inspectBytes(t, p, picture(t, 400, 200))
	if err != nil {
		t.Fatal(err)
	}
	all := render(t, p, u)
	if all[0].Width != 400 || all[1].Width != 320 {
		t.Errorf("%d and %d", all[0].Width, all[1].Width)
	}
}

func TestABrokenConnectionIsNotTheSendersFault(t *testing.T) {
	dir := t.TempDir()
	_, err := photo.New(dir).Inspect(t.Context(), iotest.TimeoutReader(iotest.OneByteReader(bytes.NewReader(picture(t, 9, 9)))))
	if err == nil || code(err) != "" {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := photo.New(dir).Inspect(ctx, bytes.NewReader(nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestTheByteCapHoldsWithoutReadingOn(t *testing.T) {
	r := &counting{}
	_, err := photo.New(t.TempDir()).Inspect(t.Context(), r)
	if code(err) != photo.CodeTooLarge || r.n > photo.MaxBytes+1<<20 {
		t.Errorf("%v after %d bytes", err, r.n)
	}
}

type counting struct{ n int }

func (c *counting) Read(p []byte) (int, error) {
	c.n += len(p)
	return len(p), nil
}

func TestRenderEndsWithItsContext(t *testing.T) {
	p := photo.New(t.TempDir())
	u, err := inspectBytes(t, p, picture(t, 1000, 1000))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := p.Render(ctx, u.Path); !errors.Is(err, context.DeadlineExceeded) || code(err) != "" {
		t.Errorf("%v", err)
	}
}

func TestAMachineWithoutLibvipsSaysSo(t *testing.T) {
	p := photo.New(t.TempDir())
	u, err := inspectBytes(t, p, picture(t, 9, 9))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := p.Render(t.Context(), u.Path); code(err) != photo.CodeUnavailable {
		t.Errorf("%v", err)
	}
}
