package demo

import (
	"bytes"
	"image/jpeg"
	"testing"
)

func TestPicturesAreSmallAndTheirOwn(t *testing.T) {
	t.Parallel()
	// One of each scene, broken and mended in turn: all sixty are slow to draw
	// under the race detector.
	var numbers []int
	for i := range scenes {
		numbers = append(numbers, i*len(stages)+3*(i%2))
	}
	list := gallery(1, numbers)
	seen := make(map[string]bool)
	groups := make(map[string]bool)
	for _, s := range Town().Services {
		groups[s.Group] = true
	}
	for _, p := range list {
		if len(p.JPEG) > 60_000 {
			t.Errorf("%s %s: %d bytes", p.subject, p.Stage, len(p.JPEG))
		}
		if seen[string(p.SHA256)] || !p.SHA256.Valid() {
			t.Errorf("%s %s: hash %q", p.subject, p.Stage, p.SHA256)
		}
		if seen[string(p.SHA256)] = true; !groups[p.Of] {
			t.Errorf("%s is of no group: %q", p.subject, p.Of)
		}
		if c, err := jpeg.DecodeConfig(bytes.NewReader(p.JPEG)); err != nil || c.Width != p.W || c.Height != p.H {
			t.Errorf("%s: %v %v", p.subject, c, err)
		}
	}
}

func BenchmarkPhotos(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Photos(1)
	}
}
