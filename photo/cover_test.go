package photo_test

import (
	"image"
	"testing"

	"segnavia/civic"
	"segnavia/photo"
)

func TestBoxesAreBurntIn(t *testing.T) {
	p := photo.New(t.TempDir())
	u, err := inspectBytes(t, p, picture(t, 2000, 1000))
	if err != nil {
		t.Fatal(err)
	}
	open := render(t, p, u)[0]
	boxes := []civic.Box{{0.25, 0.25, 0.2, 0.3}, {0.9, 0.9, 0.1, 0.1}, {0.5, 0.5, 0.001, 0.001}}
	covered, err := p.Cover(t.Context(), open.JPEG, boxes)
	if err != nil {
		t.Fatal(err)
	}
	if len(covered) != len(photo.Sizes) {
		t.Fatalf("%d renditions", len(covered))
	}
	for _, r := range covered {
		m := decode(t, r)
		for _, b := range boxes[:2] {
			if left := brightest(m, b); left > 12 {
				t.Errorf("%d px: something of brightness %d is left within %v", r.Size, left, b)
			}
		}
	}
	if m := decode(t, covered[0]); brightest(m, civic.Box{0.6, 0.1, 0.05, 0.05}) < 100 {
		t.Error("what is not covered is dark too")
	}
	if brightest(decode(t, open), boxes[0]) < 100 {
		t.Error("the rendition for the office is covered too")
	}
}

// brightest is the largest channel of 0 to 255 within a box.
func brightest(m image.Image, b civic.Box) int {
	w, h := float64(m.Bounds().Dx()), float64(m.Bounds().Dy())
	most := 0
	for x := int(b[0] * w); x < int((b[0]+b[2])*w); x++ {
		for y := int(b[1] * h); y < int((b[1]+b[3])*h); y++ {
			red, green, blue, _ := m.At(x, y).RGBA()
			most = max(most, int(max(red, green, blue)>>8)) // #nosec G115 -- 16 bits
		}
	}
	return most
}
