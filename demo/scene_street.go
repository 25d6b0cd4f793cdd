package demo

// lamp is a street lamp at dusk, dark or lit.
func lamp(c *canvas, fixed bool) {
	edge := c.street()
	c.rect(0, 0, pictureWidth, pictureHeight, 0x70243352)
	x := c.between(380, 620)
	if fixed {
		c.poly(0xb8ffe7a3, point{x + 96, 150}, point{x + 164, 150}, point{x + 420, edge + 120}, point{x - 160, edge + 120})
		c.oval(x+130, 160, 96, 96, 0xb4ffe9a8)
	}
	c.rect(x-8, 130, 16, edge-150, 0x39454c)
	c.box(x-24, edge-50, 48, 34, 6, 0x39454c)
	c.line(x, 134, x+110, 120, 12, 0x39454c)
	c.poly(0x2f393f, point{x + 84, 112}, point{x + 176, 112}, point{x + 164, 142}, point{x + 96, 142})
	glass := paint(0x59636b)
	if fixed {
		glass = 0xfff3c4
	}
	c.oval(x+130, 148, 34, 14, glass)
	if !fixed {
		c.line(x+108, 142, x+132, 156, 4, 0x2b3237)
	}
}

// bags are rubbish left by a wall, and later the clean corner.
func bags(c *canvas, fixed bool) {
	front := c.wall()
	if fixed {
		c.box(600, 150, 150, 110, 6, 0xf1efe8)
		c.box(612, 162, 126, 86, 4, front.shade(0.7))
		return
	}
	x := c.between(180, 330)
	c.oval(x+240, 690, 360, 34, 0xb0303030)
	c.box(x+250, 380, 250, 310, 30, 0xd9d3e0)
	for i := range 4 {
		c.line(x+270, 430+float64(i)*64, x+480, 430+float64(i)*64, 3, 0xbcb3c8)
	}
	for i := range 5 {
		bx, by := x-40+float64(i)*74, 640+c.between(-8, 24)
		bag := pick(c.r, []paint{0x3a3f45, 0x474d54, 0x5c7f9c, 0x343a3f})
		c.blob(bx, by, 74, 70, bag)
		c.poly(bag, point{bx - 16, by - 60}, point{bx + 16, by - 60}, point{bx + 26, by - 96}, point{bx - 20, by - 92})
		c.blob(bx-22, by-20, 14, 26, bag.shade(1.2))
	}
	c.box(x+420, 590, 150, 110, 6, 0xc79a63)
	c.poly(0xb38751, point{x + 420, 590}, point{x + 500, 560}, point{x + 650, 564}, point{x + 570, 590})
}

// bins is a container that overflows, and later a closed one.
func bins(c *canvas, fixed bool) {
	edge := c.street()
	x := c.between(290, 420)
	body := pick(c.r, []paint{0x5c8a5e, 0x4f7fa5, 0x7d8a52})
	c.oval(x+190, edge+36, 250, 22, 0xb0303030)
	c.poly(body, point{x, edge - 210}, point{x + 380, edge - 210}, point{x + 350, edge + 24}, point{x + 30, edge + 24})
	c.rect(x+40, edge-150, 300, 8, body.shade(0.8))
	c.box(x+140, edge-120, 100, 70, 8, 0xf2f0e6)
	c.oval(x+70, edge+26, 20, 20, 0x33373b)
	c.oval(x+310, edge+26, 20, 20, 0x33373b)
	if fixed {
		c.box(x-14, edge-250, 408, 46, 18, body.shade(0.85))
		return
	}
	for i := range 5 {
		c.blob(x+50+float64(i)*70, edge-230+c.between(-14, 12), 52, 44, pick(c.r, []paint{0x3d4247, 0xe7e3da, 0x6c93a8, 0x565c62}))
	}
	c.poly(body.shade(0.85), point{x - 10, edge - 220}, point{x + 6, edge - 220}, point{x + 60, edge - 400}, point{x + 34, edge - 404})
	for i := range 3 {
		c.blob(x+420+float64(i)*62, edge+8+c.between(-6, 14), 48, 42, pick(c.r, []paint{0x3d4247, 0x6c93a8, 0xd9c7a4}))
	}
}

// graffiti is a scrawl over a wall, and later the clean wall.
func graffiti(c *canvas, fixed bool) {
	front := c.wall()
	c.rect(730, 120, 150, 400, 0x5d4a3b)
	c.rect(744, 134, 122, 386, 0x6d5745)
	if fixed {
		c.blob(360, 330, 250, 110, front.shade(1.05))
		return
	}
	ink := pick(c.r, []paint{0x6b4fa0, 0xb5416b, 0x2f6f9f, 0x33383d})
	x, y := 130.0, c.between(300, 360)
	for i := range 9 {
		nx, ny := x+c.between(42, 70), 340+c.between(-130, 110)
		c.line(x, y, nx, ny, 22, ink)
		if i%3 == 1 {
			c.line(nx, ny, nx+4, ny+c.between(50, 110), 7, ink)
		}
		x, y = nx, ny
	}
	c.line(150, 450, 640, 430, 12, ink.shade(1.3))
}

// fountain is a small public tap that runs on, and later is dry around.
func fountain(c *canvas, fixed bool) {
	c.wall()
	x := c.between(400, 560)
	if !fixed {
		c.blob(x+60, 690, 330, 54, 0x9dbecb)
		c.blob(x+20, 684, 220, 28, 0xb9d5de)
	}
	c.box(x-60, 300, 120, 370, 26, 0x4c6a5a)
	c.oval(x, 300, 60, 34, 0x557665)
	c.oval(x, 272, 16, 20, 0x557665)
	c.line(x-50, 400, x-110, 410, 14, 0xb9975b)
	c.box(x-190, 600, 150, 60, 14, 0x435e50)
	if !fixed {
		c.line(x-112, 420, x-122, 600, 12, 0xc5e2ec)
		c.line(x-190, 612, x-230, 690, 8, 0xc5e2ec)
	}
}
