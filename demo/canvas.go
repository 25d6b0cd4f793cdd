package demo

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"

	"golang.org/x/image/vector"
)

// The size of the pictures, in pixels.
const (
	pictureWidth  = 1024
	pictureHeight = 768
)

// paint is a colour as 0xRRGGBB; its first byte, when set, is how transparent
// it is (0 is solid, 0xff would be clear).
type paint uint32

func (p paint) rgba() color.NRGBA {
	// #nosec G115 -- each byte on its own
	return color.NRGBA{R: uint8(p >> 16), G: uint8(p >> 8), B: uint8(p), A: 255 - uint8(p>>24)}
}

// shade is a colour moved towards black (below 1) or white (above 1).
func (p paint) shade(by float64) paint {
	c := p.rgba()
	one := func(v uint8) paint {
		f := float64(v) * by
		if by > 1 {
			f = 255 - (255-float64(v))*(2-by)
		}
		return paint(math.Max(0, math.Min(255, f)))
	}
	return p&0xff000000 | one(c.R)<<16 | one(c.G)<<8 | one(c.B)
}

// point is a corner of a drawn shape, in pixels from the top left.
type point struct{ x, y float64 }

// canvas is a picture while it is drawn.
type canvas struct {
	img *image.RGBA
	ras *vector.Rasterizer
	r   *rand.Rand
	// hour is the light of the day, mixed into each colour.
	hour paint
}

func newCanvas(r *rand.Rand) *canvas {
	return &canvas{
		img: image.NewRGBA(image.Rect(0, 0, pictureWidth, pictureHeight)),
		ras: vector.NewRasterizer(1, 1), r: r, hour: pick(r, []paint{0, 0xffb36b, 0x7fa6d6}),
	}
}

// ink is a colour in the light of the hour.
func (c *canvas) ink(p paint) *image.Uniform {
	if c.hour != 0 {
		p = p&0xff000000 | mix(p, c.hour, 0.1)
	}
	return image.NewUniform(p.rgba())
}

// rect fills a box.
func (c *canvas) rect(x, y, w, h float64, p paint) {
	box := image.Rect(int(x), int(y), int(x+w), int(y+h))
	op := draw.Src
	if p > 0xffffff {
		op = draw.Over
	}
	draw.Draw(c.img, box, c.ink(p), image.Point{}, op)
}

// poly fills a polygon.
func (c *canvas) poly(p paint, corners ...point) {
	west, north, east, south := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, q := range corners {
		west, east = math.Min(west, q.x), math.Max(east, q.x)
		north, south = math.Min(north, q.y), math.Max(south, q.y)
	}
	// The rasteriser works through its whole surface, so it gets the shape's box
	// alone, cut to the picture: it clamps what lies beyond and cannot draw there.
	west, north = math.Max(math.Floor(west), 0), math.Max(math.Floor(north), 0)
	east, south = math.Min(math.Ceil(east), pictureWidth), math.Min(math.Ceil(south), pictureHeight)
	if east <= west || south <= north {
		return
	}
	c.ras.Reset(int(east-west), int(south-north))
	for i, q := range corners {
		x, y := float32(q.x-west), float32(q.y-north)
		if i == 0 {
			c.ras.MoveTo(x, y)
			continue
		}
		c.ras.LineTo(x, y)
	}
	c.ras.ClosePath()
	box := image.Rect(int(west), int(north), int(east), int(south))
	c.ras.Draw(c.img, box, c.ink(p), image.Point{})
}

// oval fills an ellipse; blob one with an uneven edge.
func (c *canvas) oval(x, y, rx, ry float64, p paint) { c.poly(p, ring(x, y, rx, ry, 48, nil)...) }

func (c *canvas) blob(x, y, rx, ry float64, p paint) { c.poly(p, ring(x, y, rx, ry, 40, c.r)...) }

func ring(x, y, rx, ry float64, n int, r *rand.Rand) []point {
	list := make([]point, n)
	a, b := 0.0, 0.0
	if r != nil {
		a, b = r.Float64()*6, r.Float64()*6
	}
	for i := range list {
		angle := 2 * math.Pi * float64(i) / float64(n)
		f := 1.0
		if r != nil {
			f += 0.10*math.Sin(3*angle+a) + 0.06*math.Sin(7*angle+b)
		}
		list[i] = point{x + f*rx*math.Cos(angle), y + f*ry*math.Sin(angle)}
	}
	return list
}

// line draws a stroke with round ends.
func (c *canvas) line(x1, y1, x2, y2, width float64, p paint) {
	dx, dy := x2-x1, y2-y1
	length := math.Hypot(dx, dy)
	nx, ny := -dy/length*width/2, dx/length*width/2
	c.poly(p, point{x1 + nx, y1 + ny}, point{x2 + nx, y2 + ny}, point{x2 - nx, y2 - ny}, point{x1 - nx, y1 - ny})
	if width > 5 && p < 0x1000000 {
		c.oval(x1, y1, width/2, width/2, p)
		c.oval(x2, y2, width/2, width/2, p)
	}
}

// box fills a rectangle with round corners.
func (c *canvas) box(x, y, w, h, radius float64, p paint) {
	var corners []point
	for k, at := range []point{{x + w - radius, y + h - radius}, {x + radius, y + h - radius}, {x + radius, y + radius}, {x + w - radius, y + radius}} {
		for i := range 9 {
			angle := math.Pi/2*float64(k) + math.Pi/2*float64(i)/8
			corners = append(corners, point{at.x + radius*math.Cos(angle), at.y + radius*math.Sin(angle)})
		}
	}
	c.poly(p, corners...)
}

// between draws a number from a range.
func (c *canvas) between(low, high float64) float64 { return low + c.r.Float64()*(high-low) }
