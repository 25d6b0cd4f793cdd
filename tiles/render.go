package tiles

import (
	"sync"
	"time"

	"github.com/google/uuid"

	"segnavia/geo"
)

// MaxZoom is the finest zoom of a tile of reports.
const MaxZoom geo.Zoom = 22

// canvas is the memory that drawing one tile takes, reused.
type canvas struct {
	window   window
	clusters []cluster
	bubbles  layer
	reports  layer
	text     []byte
	public   bool // what is drawn is for anybody
	counts   [heatSide * heatSide]uint32
}

type pools struct{ canvases sync.Pool }

func (p *pools) canvas() *canvas {
	if c, ok := p.canvases.Get().(*canvas); ok {
		return c
	}
	return new(canvas)
}

// Tile draws the tile of a cell, zoom 0 to MaxZoom, as uncompressed MVT 2.1. An
// empty tile has no bytes. The sum of the counts over the tiles of a zoom is
// the number of matching reports.
func (x *Index) Tile(tile geo.Cell, f *Filter, a Access) []byte {
	return x.draw(x.view(), tile, f, a)
}

func (x *Index) draw(v view, tile geo.Cell, f *Filter, a Access) []byte {
	c := x.pools.canvas()
	defer x.pools.canvases.Put(c)
	grid := tile.Zoom + gridZooms
	if f.Style == Heat {
		grid = tile.Zoom + heatZooms
	}
	c.public = a == Public
	q := x.ask(v, f, a, grid)
	c.bubbles.reset()
	c.reports.reset()
	switch {
	case f.Style == Heat:
		return c.heat(v, tile, &q)
	case tile.Zoom >= singlesZoom && c.crowded(v, tile, &q):
	case tile.Zoom >= singlesZoom:
		c.members(v, tile, tile, &q)
	default:
		c.merged(v, tile, &q)
	}
	b := make([]byte, 0, 128+len(c.bubbles.features)+len(c.bubbles.values)+
		len(c.reports.features)+len(c.reports.values))
	b = c.bubbles.append(b, "clusters", []string{"count", "open", "closed", "id", "expand"})
	return c.reports.append(b, "reports", []string{"id", "code", "service", "status", "created"})
}

// merged draws clusters, and the reports that stand alone.
func (c *canvas) merged(v view, tile geo.Cell, q *question) {
	w := &c.window
	w.open(v.snap, tile, q)
	c.clusters = w.gather(c.clusters)
	for i := range c.clusters {
		k := &c.clusters[i]
		n := k.tally.Count()
		if n == 0 || !w.complete(k.seed) {
			continue
		}
		x, y, ok := inTile(tile, k.tally.Mean())
		switch {
		case !ok:
		case n == 1:
			e := w.only(k)
			x, y, _ = c.placeOf(tile, &e)
			c.report(v.dict, &e, x, y)
		default:
			c.bubble(&k.tally, w.number(k), expand(k.tally.Box, tile.Zoom), x, y)
		}
	}
}

func (c *canvas) bubble(t *geo.Tally, id uint64, expand geo.Zoom, x, y uint32) {
	l := &c.bubbles
	l.uint(uint64(t.Count()))
	l.uint(uint64(t.Open))
	l.uint(uint64(t.Closed))
	l.uint(id)
	l.uint(uint64(expand))
	l.point(id, x, y)
}

// members draws every report of a cell of the tile.
func (c *canvas) members(v view, tile, cell geo.Cell, q *question) {
	r := cell.Range()
	at := v.snap.Cursor()
	at.Seek(r.First)
	at.Each(r.Last, &q.query, func(e geo.Entry) bool {
		if x, y, ok := c.placeOf(tile, &e); ok {
			c.report(v.dict, &e, x, y)
		}
		return true
	})
}

const (
	serviceWord = 1<<63 | 1<<32
	statusWord  = 1<<63 | 2<<32
)

func (c *canvas) report(d *dictionary, e *geo.Entry, x, y uint32) {
	l := &c.reports
	id, created, written := uuid.UUID(e.ID), e.Created.Time(), time.RFC3339
	if c.public {
		id, created, written = PublicID(e.ID), e.Attributes.Day().Start(), time.DateOnly
	}
	text, _ := id.MarshalText()
	l.text(text)
	c.text = d.appendCode(c.text[:0], e.Code)
	l.text(c.text)
	service := e.Attributes.Service()
	l.word(serviceWord|uint64(service), d.services[service].Code)
	state := e.Attributes.State()
	l.word(statusWord|uint64(state), statuses()[state])
	c.text = created.AppendFormat(c.text[:0], written)
	l.text(c.text)
	l.point(0, x, y)
}
