package demo

// The colours of Ligurian house fronts, and of their shutters.
var (
	fronts   = []paint{0xe8b98a, 0xe7a48b, 0xf0d08c, 0xe9c6a6, 0xd98f78, 0xefdcb6, 0xdfa98f}
	shutters = []paint{0x4f7f68, 0x5b8b70, 0x47705f}
)

// sky fills the picture from the top with a soft gradient.
func (c *canvas) sky(to float64) {
	tones := [][2]paint{{0xa9d3ea, 0xeaf4f6}, {0x9cc6e4, 0xf6e9d8}, {0xb9cfdc, 0xe6ebec}}
	t := pick(c.r, tones)
	const bands = 24
	for i := range bands {
		f := float64(i) / (bands - 1)
		c.rect(0, to*float64(i)/bands, pictureWidth, to/bands+1, mix(t[0], t[1], f))
	}
}

// mix is a colour between two.
func mix(a, b paint, f float64) paint {
	x, y := a.rgba(), b.rgba()
	one := func(u, v uint8) paint { return paint(float64(u) + f*(float64(v)-float64(u))) }
	return one(x.R, y.R)<<16 | one(x.G, y.G)<<8 | one(x.B, y.B)
}

// street is a row of houses behind a pavement and a road whose edge lies at the
// returned height.
func (c *canvas) street() float64 {
	const ground = 470
	c.sky(ground)
	for x := -c.between(0, 80); x < pictureWidth; {
		w := c.between(190, 270)
		c.house(x, c.between(60, 150), w, ground)
		x += w
	}
	c.rect(0, ground, pictureWidth, 74, 0xcfc8bd)
	for x := c.between(0, 60); x < pictureWidth; x += 86 {
		c.line(x, ground, x-26, ground+74, 2, 0xbdb5a8)
	}
	c.rect(0, ground+74, pictureWidth, 16, 0xaaa59c)
	c.rect(0, ground+90, pictureWidth, pictureHeight-ground-90, 0x7d8288)
	c.rect(0, ground+90, pictureWidth, 10, 0x73787e)
	return ground + 90
}

// house draws one front with its windows down to the ground.
func (c *canvas) house(x, top, w, ground float64) {
	front := pick(c.r, fronts)
	shutter := pick(c.r, shutters)
	c.rect(x, top, w, ground-top, front)
	c.rect(x, top, w, 12, front.shade(0.82))
	c.rect(x+w-7, top, 7, ground-top, front.shade(0.92))
	for y := top + 44; y < ground-150; y += 104 {
		for _, part := range []float64{0.16, 0.58} {
			left := x + part*w
			c.rect(left-16, y, 16, 62, shutter)
			c.rect(left+36, y, 16, 62, shutter)
			c.rect(left, y, 36, 62, 0x6d8794)
			c.rect(left, y, 36, 24, 0x86a2ae)
			c.rect(left-18, y+64, 72, 6, front.shade(1.35))
		}
	}
	door := x + w*0.38
	c.rect(door-6, ground-104, 62, 104, front.shade(1.3))
	c.rect(door, ground-98, 50, 98, pick(c.r, []paint{0x5c4636, 0x3f5f58, 0x6d3f36}))
	c.rect(x, ground-14, w, 14, front.shade(0.75))
}

// garden is a park: hills, trees and a lawn that begins at the returned height.
func (c *canvas) garden() float64 {
	const lawn = 430
	c.sky(lawn)
	c.blob(c.between(100, 300), lawn+40, 420, 190, 0xa8c4a2)
	c.blob(c.between(650, 900), lawn+50, 460, 150, 0x97b894)
	for x := c.between(10, 80); x < pictureWidth; x += c.between(120, 210) {
		c.tree(x, lawn+6, c.between(0.55, 0.85))
	}
	c.rect(0, lawn, pictureWidth, pictureHeight-lawn, 0xa3c585)
	c.poly(0xe3d6b8, point{380, lawn}, point{470, lawn}, point{820, pictureHeight}, point{300, pictureHeight})
	for range 60 {
		x, y := c.between(0, pictureWidth), c.between(lawn+10, pictureHeight)
		c.line(x, y, x+3, y-9, 2, 0x8db372)
	}
	return lawn
}

// tree stands with its foot at x, y.
func (c *canvas) tree(x, y, size float64) {
	c.poly(0x80644c, point{x - 9*size, y}, point{x + 9*size, y}, point{x + 6*size, y - 120*size}, point{x - 6*size, y - 120*size})
	green := pick(c.r, []paint{0x6f9f6a, 0x7fae74, 0x5f9163})
	c.blob(x, y-170*size, 80*size, 76*size, green)
	c.blob(x-20*size, y-192*size, 48*size, 44*size, green.shade(1.14))
}

// wall is a close view of a plastered wall above stone paving.
func (c *canvas) wall() paint {
	front := pick(c.r, fronts)
	c.rect(0, 0, pictureWidth, 600, front)
	for range 12 {
		x, y := c.between(0, pictureWidth), c.between(0, 560)
		c.blob(x, y, c.between(30, 120), c.between(14, 44), front.shade(c.between(0.95, 1.07)))
	}
	c.rect(0, 520, pictureWidth, 80, 0xb3aca2)
	for x := c.between(0, 90); x < pictureWidth; x += 150 {
		c.rect(x, 520, 4, 80, 0x9f978c)
	}
	c.paving(600)
	return front
}

// paving lays stone slabs from a height down.
func (c *canvas) paving(top float64) {
	c.rect(0, top, pictureWidth, pictureHeight-top, 0xc4bdb2)
	height := 34.0
	for y := top; y < pictureHeight; y += height {
		c.rect(0, y, pictureWidth, 3, 0xaca497)
		for x := -c.between(0, 120); x < pictureWidth; x += height * 3.4 {
			c.rect(x, y, 3, height, 0xaca497)
		}
		height *= 1.22
	}
}

// asphalt is a road seen from a standing person's height.
func (c *canvas) asphalt() {
	const horizon = 190
	c.sky(horizon)
	for x := -c.between(0, 60); x < pictureWidth; x += 170 {
		c.house(x, -40, 171, horizon)
	}
	c.rect(0, horizon, pictureWidth, 60, 0xc9c2b7)
	c.rect(0, horizon+60, pictureWidth, 14, 0xa39d94)
	c.rect(0, horizon+74, pictureWidth, pictureHeight, 0x81868c)
	for range 130 {
		x, y := c.between(0, pictureWidth), c.between(horizon+80, pictureHeight)
		c.oval(x, y, 3, 2, pick(c.r, []paint{0x7a7f85, 0x898e94, 0x75797f}))
	}
}
