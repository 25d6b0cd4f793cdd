package demo

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"segnavia/civic"
)

// Cases tells n cases of the two years before now, oldest first. The same
// arguments tell the same cases. Those of a town that is not Town's are about
// the services whose codes Town has.
func Cases(b *civic.Blueprint, seed uint64, n int, now time.Time) iter.Seq[civic.Past] {
	return func(yield func(civic.Past) bool) {
		CasesWith(b, seed, n, now, Photos(seed))(yield)
	}
}

// CasesWith is Cases with pictures that are drawn already: drawing them is most
// of the time that Cases takes.
func CasesWith(b *civic.Blueprint, seed uint64, n int, now time.Time, photos []Photo) iter.Seq[civic.Past] {
	return func(yield func(civic.Past) bool) {
		t := newTeller(b, seed, now, photos)
		r := dice(seed, 1)
		for i, a := range arrivals(r, t.cal, t.zone, n, now) {
			if !yield(t.story(i, a)) {
				return
			}
		}
	}
}

func newTeller(b *civic.Blueprint, seed uint64, now time.Time, photos []Photo) *teller {
	zone, err := time.LoadLocation(b.Zone)
	if err != nil {
		zone = time.UTC
	}
	cal := b.Calendar
	if cal.Load() != nil {
		cal.Zone = "UTC"
	}
	t := &teller{
		b: b, rules: civic.Rules{Routes: b.Routes}, cal: &cal, zone: zone, now: now, words: readWords(),
		lanes: lanesOf(b), photos: make(map[string][]Photo), seed: seed,
	}
	for _, p := range photos {
		key := p.subject + " " + p.Stage
		t.photos[key] = append(t.photos[key], p)
	}
	return t
}

// dice are the n-th source of chance of a seed.
func dice(seed uint64, n int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(n))) // #nosec G115 G404 -- n counts from 0; nothing here is a secret
}

// story tells the i-th case.
func (t *teller) story(i int, a arrival) civic.Past {
	r := dice(t.seed, i+2)
	s := &story{teller: t, r: r, at: a.at, service: t.what(r, a.flood)}
	s.past.Report = civic.DeriveID[civic.Report](t.b.ID, fmt.Sprintf("demo %d %d", t.seed, i))
	s.topic, s.matter = t.words.Services[s.service.Code], t.words.matter(r, s.service.Code)
	s.open(a)
	s.run()
	return s.past
}

// wet is what a flood brings, by code, in shares of a hundred.
var wet = []struct {
	code  string
	share int
}{{"acqua.allagamento", 42}, {"acqua.caditoia", 24}, {"verde.albero", 12}, {"acqua.fogna", 8}, {"strade.buca", 14}}

// what draws a service.
func (t *teller) what(r *rand.Rand, flood bool) civic.Service {
	if flood {
		n := r.IntN(100)
		for _, w := range wet {
			if n -= w.share; n < 0 {
				for _, s := range t.b.Services {
					if s.Code == w.code {
						return s
					}
				}
			}
		}
	}
	total := 0.0
	for _, s := range t.b.Services {
		total += t.words.Services[s.Code].Weight
	}
	at := r.Float64() * total
	for _, s := range t.b.Services {
		if at -= t.words.Services[s.Code].Weight; at < 0 {
			return s
		}
	}
	return t.b.Services[0]
}
