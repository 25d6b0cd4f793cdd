package tiles

import (
	"sync"

	"segnavia/geo"
)

// eventZoom is the zoom of the cells that the stream of changes names: 1.7 km
// at Genoa, about a screen at street level.
const eventZoom geo.Zoom = 14

// maxEventCells bounds what one client is told at once; beyond it cells are
// named at a coarser zoom, which tells of more tiles than changed, never fewer.
const maxEventCells = 64

// maxStreams bounds the open streams of one town: each holds a connection, two
// goroutines' stacks and up to maxEventCells cells, some 20 kB.
const maxStreams = 10_000

// hub passes the places that changed to the open streams. It never waits for
// a client.
type hub struct {
	mu      sync.Mutex
	clients map[*listener]struct{}
}

// listener is one stream: what changed since it was last asked.
type listener struct {
	access Access
	wake   chan struct{} // holds one token while cells wait

	mu    sync.Mutex
	zoom  geo.Zoom
	cells map[geo.Cell]struct{}
}

// listen opens a stream, nil when there are as many as there may be.
func (h *hub) listen(a Access) *listener {
	l := &listener{access: a, wake: make(chan struct{}, 1), zoom: eventZoom, cells: map[geo.Cell]struct{}{}}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.clients) >= maxStreams {
		return nil
	}
	if h.clients == nil {
		h.clients = map[*listener]struct{}{}
	}
	h.clients[l] = struct{}{}
	return l
}

func (h *hub) leave(l *listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.clients, l)
}

// touch tells the clients of changed places, which come in the order of keys:
// places of one cell follow one another.
func (h *hub) touch(touches []geo.Touch) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.clients) == 0 || len(touches) == 0 {
		return
	}
	var all, public []geo.Cell
	for _, t := range touches {
		c := geo.CellOf(t.Key.Position(), eventZoom)
		if n := len(all); n == 0 || all[n-1] != c {
			all = append(all, c)
		}
		if n := len(public); t.Public && (n == 0 || public[n-1] != c) {
			public = append(public, c)
		}
	}
	for l := range h.clients {
		if l.access == Staff {
			l.add(all)
		} else {
			l.add(public)
		}
	}
}

// everything tells the clients that any tile may have changed.
func (h *hub) everything() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.clients {
		l.add([]geo.Cell{{}})
	}
}

func (l *listener) add(cells []geo.Cell) {
	if len(cells) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range cells {
		l.coarsen(min(l.zoom, c.Zoom))
		l.cells[c.Parent(l.zoom)] = struct{}{}
		for len(l.cells) > maxEventCells {
			l.coarsen(l.zoom - 1)
		}
	}
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *listener) coarsen(z geo.Zoom) {
	if z == l.zoom {
		return
	}
	coarse := make(map[geo.Cell]struct{}, len(l.cells))
	for c := range l.cells {
		coarse[c.Parent(z)] = struct{}{}
	}
	l.zoom, l.cells = z, coarse
}

// take returns the waiting cells and forgets them.
func (l *listener) take() (geo.Zoom, []geo.Cell) {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]geo.Cell, 0, len(l.cells))
	for c := range l.cells {
		out = append(out, c)
	}
	z := l.zoom
	clear(l.cells)
	l.zoom = eventZoom
	return z, out
}
