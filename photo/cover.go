package photo

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"

	"segnavia/civic"
)

// Cover burns rectangles into a rendition of the largest size, a JPEG that Render
// made: black and opaque,
// and makes one rendition for each of Sizes of what is left to see. Boxes are
// those of civic.Photo: they grow outwards to whole pixels, and by one more,
// so that no smoothing draws in what is beside their edge. Errors are Render's.
func (p *Processor) Cover(ctx context.Context, large []byte, boxes []civic.Box) ([]Rendition, error) {
	h, err := file{r: bytes.NewReader(large), size: int64(len(large))}.jpeg()
	if err != nil {
		return nil, err
	}
	return p.inFolder(ctx, func(dir string) ([]Rendition, error) {
		mask, err := maskOf(h.width, h.height, boxes)
		if err != nil {
			return nil, fmt.Errorf("cover photo: %w", err)
		}
		for name, b := range map[string][]byte{"open.jpg": large, "mask.png": mask} {
			if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
				return nil, fmt.Errorf("cover photo: %w", err)
			}
		}
		name := renditionFile(Sizes[0])
		// What is covered is gone before anything is encoded.
		if err := p.child(ctx, dir, "composite2", "open.jpg", "mask.png", name+plainJPEG, "over"); err != nil {
			return nil, err
		}
		first, err := load(filepath.Join(dir, name), Sizes[0])
		if err != nil {
			return nil, err
		}
		rest, err := p.shrinkAll(ctx, dir, name, Sizes[1:])
		return append([]Rendition{first}, rest...), err
	})
}

// maskOf is a picture that is black where boxes are and transparent elsewhere.
func maskOf(w, h int, boxes []civic.Box) ([]byte, error) {
	if w <= 0 || h <= 0 || w > Sizes[0] || h > Sizes[0] {
		return nil, errSize
	}
	m := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.NRGBA{}, color.NRGBA{A: 255}})
	for _, b := range boxes {
		at := func(f float64, side int, grow int) int { return grow + int(math.Round(f*float64(side))) }
		r := image.Rect(
			at(b[0], w, -1), at(b[1], h, -1), at(b[0]+b[2], w, 1), at(b[1]+b[3], h, 1),
		).Intersect(m.Bounds())
		draw.Draw(m, r, image.NewUniform(color.NRGBA{A: 255}), image.Point{}, draw.Src)
	}
	var out bytes.Buffer
	err := png.Encode(&out, m)
	return out.Bytes(), err
}
