package demo

// fallen is a tree across the path, and later its stump.
func fallen(c *canvas, fixed bool) {
	lawn := c.garden()
	if fixed {
		c.poly(0x7d614a, point{300, lawn + 170}, point{400, lawn + 170}, point{416, lawn + 220}, point{284, lawn + 220})
		c.oval(350, lawn+170, 50, 16, 0xd8b88c)
		c.oval(350, lawn+170, 26, 8, 0xc19c6d)
		return
	}
	y := lawn + c.between(130, 190)
	c.oval(540, y+60, 420, 26, 0xb8304028)
	c.poly(0x7d614a, point{140, y - 6}, point{180, y + 52}, point{660, y + 14}, point{640, y - 26})
	c.poly(0x8e7057, point{140, y - 6}, point{640, y - 26}, point{646, y - 12}, point{148, y + 14})
	c.blob(150, y+26, 66, 74, 0x6a5140)
	c.line(420, y-10, 480, y-110, 18, 0x7d614a)
	for range 9 {
		green := pick(c.r, []paint{0x6b9b66, 0x7fae74, 0x5f9163})
		c.blob(c.between(600, 880), y+c.between(-110, 60), c.between(60, 110), c.between(44, 80), green)
	}
	c.blob(490, y-140, 62, 44, 0x7fae74)
}

// bench has lost its slats, and later has new ones.
func bench(c *canvas, fixed bool) {
	lawn := c.garden()
	x, y := c.between(240, 340), lawn+90
	c.oval(x+240, y+190, 300, 18, 0xb8304028)
	wood := paint(0x9a7452)
	if fixed {
		wood = 0xb98a5b
	}
	for _, leg := range []float64{40, 420} {
		c.rect(x+leg, y-20, 16, 210, 0x4b5257)
		c.rect(x+leg-16, y+178, 48, 12, 0x4b5257)
	}
	for i := range 3 {
		if !fixed && i == 1 {
			c.poly(wood, point{x - 4, y - 14 + 34}, point{x + 170, y + 66}, point{x + 164, y + 88}, point{x - 8, y + 44})
			continue
		}
		c.box(x, y-20+float64(i)*36, 480, 24, 5, wood)
	}
	for i := range 3 {
		if !fixed && i != 0 {
			continue
		}
		c.box(x-6, y+92+float64(i)*18, 492, 14, 5, wood.shade(0.9))
	}
	if !fixed {
		c.poly(wood.shade(0.85), point{x + 190, y + 206}, point{x + 420, y + 226}, point{x + 416, y + 246}, point{x + 186, y + 226})
	}
}

// playground is a swing with a broken chain, and later a whole one.
func playground(c *canvas, fixed bool) {
	lawn := c.garden()
	foot := lawn + 230
	c.blob(520, foot, 380, 56, 0xd9a679)
	for _, x := range []float64{220, 800} {
		c.line(x, lawn-150, x-70, foot, 20, 0xd0603f)
		c.line(x, lawn-150, x+70, foot, 20, 0xd0603f)
	}
	c.line(210, lawn-150, 810, lawn-150, 22, 0x3f7fa6)
	for i, x := range []float64{370, 590} {
		broken := !fixed && i == 1
		c.line(x, lawn-140, x, foot-90, 5, 0x5c6368)
		if broken {
			c.line(x+80, lawn-140, x+84, lawn-20, 5, 0x5c6368)
			c.poly(0xe5b93f, point{x - 10, foot - 92}, point{x + 10, foot - 84}, point{x + 34, foot - 14}, point{x + 12, foot - 12})
			continue
		}
		c.line(x+80, lawn-140, x+80, foot-90, 5, 0x5c6368)
		c.box(x-12, foot-94, 104, 18, 8, 0xe5b93f)
	}
	if !fixed {
		c.line(180, foot-60, 860, foot-90, 10, 0xd8433a)
		for x := 200.0; x < 840; x += 70 {
			c.line(x, foot-61-(x-180)*0.044, x+30, foot-62-(x-180)*0.044, 10, 0xf4f0ea)
		}
	}
}

// grass has grown over the path, and later is cut.
func grass(c *canvas, fixed bool) {
	lawn := c.garden()
	c.rect(700, lawn-60, 26, 200, 0x7d8288)
	c.box(640, lawn-100, 146, 74, 10, 0xf4f3ee)
	c.box(652, lawn-88, 122, 50, 6, 0x3f7fa6)
	blades, tall := 165, 220.0
	if fixed {
		blades, tall = 90, 16
	}
	for i := range blades {
		y := lawn + 60 + float64(i)*(pictureHeight+60-lawn-60)/float64(blades)
		x := c.between(-20, pictureWidth)
		h := tall * c.between(0.5, 1)
		green := pick(c.r, []paint{0x7fa95f, 0x6d9a54, 0x92b86c, 0xa9b963})
		c.poly(green, point{x, y}, point{x + 20, y}, point{x + 10 + c.between(-26, 26), y - h})
	}
	if fixed {
		return
	}
	for range 20 {
		x, y := c.between(0, pictureWidth), c.between(lawn+20, pictureHeight-120)
		c.oval(x, y, 8, 8, pick(c.r, []paint{0xf1e6a0, 0xe9d4e6, 0xf4f3ee}))
	}
}
