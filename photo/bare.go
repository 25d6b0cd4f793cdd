package photo

import (
	"context"

	"segnavia/civic"
)

// bareEdge is the longest edge of a bare copy, in pixels: that of a camera's twelve
// megapixels.
const bareEdge = 4096

// BareMIME is the media type of a bare copy.
const BareMIME = "image/jpeg"

// Bare re-encodes the photo in a file as a JPEG, upright and without anything that
// tells who took it, where or when. Errors are those of Render.
func (p *Processor) Bare(ctx context.Context, path string) ([]byte, error) {
	one, err := p.inFolder(ctx, func(dir string) ([]Rendition, error) {
		if err := lay(dir, path); err != nil {
			return nil, err
		}
		return p.shrinkAll(ctx, dir, "in", []int{bareEdge})
	})
	if err != nil {
		return nil, err
	}
	return one[0].JPEG, nil
}

// Picture reports whether an upload is one, and no document.
func (u Upload) Picture() bool { return u.MIME != civic.MimePDF }
