package photo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Sizes are the longest edges of the renditions, in pixels, largest first: a
// screen's width, and a list's picture on a dense screen.
var Sizes = [...]int{1280, 320}

// Rendition is a JPEG of what the photo shows, upright, without metadata.
type Rendition struct {
	Size          int // of Sizes; a smaller photo is not enlarged
	Width, Height int // pixels
	JPEG          []byte
}

// Render re-encodes the photo in a file into one rendition for each of Sizes.
// A photo that cannot be decoded gives an *Error with CodeBroken, CodeTimeout,
// CodeTooHeavy or CodeUnavailable. At most two run at once; others wait or end with ctx.
func (p *Processor) Render(ctx context.Context, path string) ([]Rendition, error) {
	return p.inFolder(ctx, func(dir string) ([]Rendition, error) { return p.render(ctx, dir, path) })
}

// inFolder gives the work a place of its own, once it is its turn.
func (p *Processor) inFolder(ctx context.Context, work func(dir string) ([]Rendition, error)) ([]Rendition, error) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, fmt.Errorf("render photo: %w", context.Cause(ctx))
	}
	dir, err := os.MkdirTemp(p.dir, "render-")
	if err != nil {
		return nil, fmt.Errorf("render photo: %w", err)
	}
	out, err := work(dir)
	if err := errors.Join(err, os.RemoveAll(dir)); err != nil {
		return nil, err
	}
	return out, nil
}

func (p *Processor) render(ctx context.Context, dir, path string) ([]Rendition, error) {
	if err := lay(dir, path); err != nil {
		return nil, err
	}
	return p.shrinkAll(ctx, dir, "in", Sizes[:])
}

// lay brings a photo to a folder under a name of our own: nothing in a path reads as
// an option then.
func lay(dir, path string) error {
	path, err := filepath.Abs(path)
	if err == nil {
		err = os.Symlink(path, filepath.Join(dir, "in"))
	}
	if err != nil {
		return fmt.Errorf("render photo: %w", err)
	}
	return nil
}

func renditionFile(size int) string { return fmt.Sprintf("%d.jpg", size) }

// shrinkAll makes one rendition after the other.
func (p *Processor) shrinkAll(ctx context.Context, dir, from string, sizes []int) ([]Rendition, error) {
	var all []Rendition
	for _, size := range sizes {
		to := renditionFile(size)
		if err := p.shrink(ctx, dir, from, to, size); err != nil {
			return nil, err
		}
		r, err := load(filepath.Join(dir, to), size)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
		from = to // the smaller from the larger: decoding the photo costs most
	}
	return all, nil
}

// load reads a rendition and refuses one that is not what it must be.
func load(path string, size int) (Rendition, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return Rendition{}, broken(err)
	}
	if err != nil {
		return Rendition{}, fmt.Errorf("read rendition: %w", err)
	}
	f := file{r: bytes.NewReader(b), size: int64(len(b))}
	h, err := f.jpeg()
	if err != nil {
		return Rendition{}, err
	}
	if h.width > size || h.height > size {
		return Rendition{}, fmt.Errorf("rendition of %d×%d pixels for %d", h.width, h.height, size)
	}
	if err := bare(f); err != nil {
		return Rendition{}, fmt.Errorf("check rendition: %w", err)
	}
	return Rendition{Size: size, Width: h.width, Height: h.height, JPEG: b}, nil
}
