package server

import (
	"context"
	"io"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"

	"segnavia/civic"
)

// How many bytes of pictures strangers may bring: of one address, to one town, and
// in all to this node. What was brought is forgotten as it goes, within two hours:
// so long a picture waits for its report. Pictures of people whose report is here
// have budgets of their own, so that those are open when these are full.
const (
	bytesOfPlace = 150 << 20
	bytesOfTown  = 1 << 30
	bytesOfAll   = 2 << 30
	bytesFor     = 2 * time.Hour
	// bytesInASecond is how fast this node reads pictures of all strangers together:
	// more than a town sends, and less than its disk and bucket feel.
	bytesInASecond = 8 << 20
)

// codePhotosLater says that a picture has no room now: the words go, and it follows
// by the report's link.
const codePhotosLater = "photos_later"

// leak is a level that sinks.
type leak struct {
	level float64
	at    time.Time
}

// sunk is the level at an instant, where most sinks in bytesFor.
func (l leak) sunk(now time.Time, most float64) float64 {
	return max(0, l.level-most*now.Sub(l.at).Seconds()/bytesFor.Seconds())
}

// budgets are what strangers have spent.
type budgets struct {
	now             func() time.Time
	ofPlace, ofTown float64
	ofAll           float64
	mu              sync.Mutex
	places          *simplelru.LRU[string, leak]
	towns           map[civic.JurisdictionID]leak
	all             leak
}

func newBudgets(now func() time.Time, place, town, all float64) *budgets {
	return &budgets{
		now: now, ofPlace: place, ofTown: town, ofAll: all,
		places: newLRU[leak](maxPlaces), towns: make(map[civic.JurisdictionID]leak),
	}
}

// newStream is what all strangers' pictures share of a second.
func newStream() *rate.Limiter { return rate.NewLimiter(bytesInASecond, bytesInASecond/2) }

// spending is one sender's: an address's, in a town. Without a place it is for bytes
// that have come before, and were spent of their sender's address as they came.
type spending struct {
	of    *budgets
	place string
	town  civic.JurisdictionID
	loose bool // there is no report yet
	pace  *rate.Limiter
}

// spend is what a request spends, nil for people of the town hall.
func (s *Server) spend(rq *request, loose bool) *spending {
	switch {
	case rq.signedIn():
		return nil
	case loose:
		return &spending{s.loose, rq.place, rq.j(), true, s.stream}
	}
	return &spending{s.linked, rq.place, rq.j(), false, s.stream}
}

// spendWhole is what an upload spends once it is whole: what is kept of it, nil for
// people of the town hall.
func (s *Server) spendWhole(j civic.JurisdictionID, from civic.Sender) *spending {
	if from.Works() {
		return nil
	}
	return &spending{of: s.linked, town: j}
}

// open reports whether any budget has room at all.
func (p *spending) open() bool { return p == nil || p.fits(1) }

func (p *spending) fits(n float64) bool {
	b := p.of
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	place, _ := b.places.Peek(p.place)
	return place.sunk(now, b.ofPlace)+n <= b.ofPlace && b.towns[p.town].sunk(now, b.ofTown)+n <= b.ofTown && b.all.sunk(now, b.ofAll)+n <= b.ofAll
}

// read spends what an address sends, whatever comes of it: what is no picture costs
// nobody else.
func (p *spending) read(n int) error {
	b := p.of
	b.mu.Lock()
	defer b.mu.Unlock()
	place, _ := b.places.Get(p.place)
	place = leak{place.sunk(b.now(), b.ofPlace) + float64(n), b.now()}
	b.places.Add(p.place, place)
	if place.level > b.ofPlace {
		return civic.Refuse(codePhotosLater)
	}
	return nil
}

// keep spends what is stored, of the town and of all.
func (p *spending) keep(n int64) error {
	if p == nil {
		return nil
	}
	b := p.of
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	town := leak{b.towns[p.town].sunk(now, b.ofTown) + float64(n), now}
	all := leak{b.all.sunk(now, b.ofAll) + float64(n), now}
	if town.level > b.ofTown || all.level > b.ofAll {
		return civic.Refuse(codePhotosLater)
	}
	b.towns[p.town], b.all = town, all
	return nil
}

// from counts what is read, and reads no faster than strangers may.
func (p *spending) from(ctx context.Context, r io.Reader) io.Reader {
	if p == nil || p.place == "" {
		return r
	}
	return spender{r, func(n int) error {
		if err := p.read(n); err != nil {
			return err
		}
		if p.pace == nil {
			return nil
		}
		return p.pace.WaitN(ctx, n)
	}}
}

type spender struct {
	io.Reader
	spend func(n int) error
}

func (s spender) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p[:min(len(p), bytesInASecond/4)])
	if over := s.spend(n); over != nil {
		return n, over
	}
	return n, err
}
