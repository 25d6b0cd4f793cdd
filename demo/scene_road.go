package demo

// pothole is a hole in the road, and later its patch.
func pothole(c *canvas, fixed bool) {
	c.asphalt()
	x, y := c.between(400, 620), c.between(500, 560)
	if fixed {
		c.box(x-210, y-90, 420, 180, 16, 0x62676d)
		c.box(x-200, y-82, 400, 164, 12, 0x6a6f75)
		return
	}
	c.blob(x, y, 225, 100, 0x70757b)
	c.blob(x, y+4, 190, 80, 0x565a5f)
	c.blob(x+4, y+16, 150, 56, 0x45484c)
	if c.r.IntN(2) == 0 {
		c.blob(x+6, y+24, 110, 32, 0x8fb0bf)
		c.blob(x-20, y+18, 44, 9, 0xb5d0da)
	}
	for range 14 {
		c.blob(x+c.between(-260, 260), y+c.between(60, 130), c.between(5, 15), c.between(4, 9), 0x5d6166)
	}
	c.line(x+170, y-30, x+330, y-80, 4, 0x666a70)
	c.line(x-180, y+20, x-330, y+60, 4, 0x666a70)
}

// crossing is a zebra crossing, worn away or new.
func crossing(c *canvas, fixed bool) {
	c.asphalt()
	for i := range 7 {
		top, foot := 150+float64(i)*112, -40+float64(i)*172
		white := paint(0x9a9ea2)
		if fixed {
			white = 0xf4f3ee
		}
		c.poly(white, point{top, 330}, point{top + 62, 330}, point{foot + 100, 700}, point{foot, 700})
		if fixed {
			continue
		}
		for range 9 {
			c.blob(foot+c.between(0, 140), c.between(350, 700), c.between(12, 40), c.between(6, 16), 0x81868c)
		}
	}
}

// drain is a blocked grating under water, and later a clean one.
func drain(c *canvas, fixed bool) {
	c.asphalt()
	x, y := c.between(360, 560), 500.0
	if !fixed {
		c.blob(x+100, y+90, 400, 150, 0x8eabb8)
		c.blob(x+60, y+80, 330, 110, 0xa3bfca)
	}
	c.box(x-20, y-16, 260, 186, 10, 0x5d5f61)
	c.box(x-8, y-6, 236, 166, 8, 0x3c3e40)
	for i := range 8 {
		c.box(x+4+float64(i)*28, y+4, 14, 146, 4, 0x74777a)
	}
	if fixed {
		return
	}
	for range 44 {
		leaf := pick(c.r, []paint{0xb9853f, 0x9c6b3a, 0xc79d52, 0x8a8a4a})
		c.blob(x+c.between(-40, 260), y+c.between(-20, 190), c.between(12, 26), c.between(6, 13), leaf)
	}
}

// flood is water over a street.
func flood(c *canvas, fixed bool) {
	edge := c.street()
	if fixed {
		c.rect(0, edge+80, pictureWidth, 8, 0xe8e6df)
		c.blob(300, edge+140, 150, 12, 0x757a80)
		return
	}
	brown := pick(c.r, []paint{0xa5957a, 0x93a3a8, 0x9c9482})
	c.rect(0, edge-60, pictureWidth, pictureHeight, brown)
	for range 26 {
		x, y := c.between(0, pictureWidth), c.between(edge-50, pictureHeight)
		c.oval(x, y, c.between(40, 150), 3, brown.shade(c.between(1.08, 1.25)))
	}
	x := c.between(360, 560)
	c.box(x, edge-104, 250, 62, 26, 0xb4534a)
	c.box(x+52, edge-150, 136, 66, 26, 0xb4534a)
	c.box(x+64, edge-140, 52, 40, 10, 0xcfe0e6)
	c.box(x+124, edge-140, 52, 40, 10, 0xcfe0e6)
	c.oval(x+125, edge-38, 160, 8, brown.shade(1.2))
}

// lights is a traffic light, dark or working.
func lights(c *canvas, fixed bool) {
	edge := c.street()
	x := c.between(420, 600)
	c.rect(x-9, 230, 18, edge-250, 0x4a5056)
	c.box(x-52, 90, 104, 268, 18, 0x2f3438)
	for i, lamp := range []paint{0xd9493f, 0xe9b13c, 0x55ad63} {
		y := 136 + float64(i)*86
		c.oval(x, y, 34, 34, 0x1f2326)
		if fixed && i == 2 {
			c.oval(x, y, 52, 52, 0xb09be0a8)
			c.oval(x, y, 30, 30, lamp)
			continue
		}
		c.oval(x, y, 30, 30, lamp.shade(0.34))
	}
	if !fixed {
		c.line(x+40, 340, x+64, 420, 4, 0x24282b)
	}
	c.rect(x-24, edge-24, 48, 10, 0x3d4247)
}

// pavement is a footway with slabs missing, and later whole.
func pavement(c *canvas, fixed bool) {
	c.rect(0, 0, pictureWidth, 250, pick(c.r, fronts))
	c.rect(0, 200, pictureWidth, 50, 0xa59d92)
	c.paving(250)
	if fixed {
		c.box(386, 446, 262, 92, 4, 0xcec8be)
		return
	}
	x, y := c.between(320, 440), c.between(420, 480)
	c.poly(0x7b6a58, point{x, y}, point{x + 240, y - 12}, point{x + 300, y + 96}, point{x + 190, y + 150}, point{x - 40, y + 120})
	c.poly(0x655544, point{x + 24, y + 22}, point{x + 210, y + 14}, point{x + 250, y + 88}, point{x + 20, y + 100})
	c.poly(0xd2ccc2, point{x + 250, y - 60}, point{x + 400, y - 96}, point{x + 420, y - 40}, point{x + 284, y - 2})
	c.poly(0xa29a8e, point{x + 284, y - 2}, point{x + 420, y - 40}, point{x + 420, y - 22}, point{x + 288, y + 18})
	for range 10 {
		c.blob(x+c.between(-60, 330), y+c.between(90, 190), c.between(6, 18), c.between(5, 11), 0x8e8474)
	}
}
