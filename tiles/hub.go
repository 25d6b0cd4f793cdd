package tiles

import (
	"hash/maphash"
	"strconv"
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
	turns   [2]uint64 // counts what each access was told
}

// turn names a moment of what an access was told. It says nothing of how much.
type turn struct {
	access Access
	n      uint64
}

// turnSeed makes names of turns this process's own: another node has other turns.
var turnSeed = maphash.MakeSeed()

func (t turn) String() string {
	return strconv.FormatUint(maphash.Comparable(turnSeed, t), 36)
}

// listener is one stream: what changed since it was last asked.
type listener struct {
	access Access
	wake   chan struct{} // holds one token while cells wait

	mu    sync.Mutex
	zoom  geo.Zoom
	cells map[geo.Cell]struct{}
	turn  turn // after cells
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
	l.turn = h.now(a)
	return l
}

// now is the last turn of an access; the lock is held.
func (h *hub) now(a Access) turn {
	return turn{a, h.turns[a]}
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
	h.tell(all, public)
}

// tell gives each access its cells; the lock is held.
func (h *hub) tell(all, public []geo.Cell) {
	if len(public) > 0 {
		h.turns[Public]++
	}
	if len(all) > 0 {
		h.turns[Staff]++
	}
	for l := range h.clients {
		if l.access == Staff {
			l.add(all, h.now(Staff))
		} else {
			l.add(public, h.now(Public))
		}
	}
}

// everything tells the clients that any tile may have changed.
func (h *hub) everything() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tell([]geo.Cell{{}}, []geo.Cell{{}})
}

func (l *listener) add(cells []geo.Cell, t turn) {
	if len(cells) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn = t
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

// since is the turn up to which the listener was told.
func (l *listener) since() turn {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.turn
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

// take returns the waiting cells and forgets them, and the turn that they lead to.
func (l *listener) take() (geo.Zoom, []geo.Cell, turn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]geo.Cell, 0, len(l.cells))
	for c := range l.cells {
		out = append(out, c)
	}
	z := l.zoom
	clear(l.cells)
	l.zoom = eventZoom
	return z, out, l.turn
}
