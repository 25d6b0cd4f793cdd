package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"segnavia/civic"
	"segnavia/storage"
	"segnavia/tiles"
)

// feeds keep the live index of every town of the installation; a town that is
// added later gets one within seconds.
type feeds struct {
	db  *storage.DB
	log *slog.Logger

	mu    sync.Mutex
	towns map[civic.JurisdictionID]*tiles.Feed
	first chan struct{} // closed once the first look at the towns is done
}

func newFeeds(db *storage.DB, log *slog.Logger) *feeds {
	return &feeds{db: db, log: log, towns: make(map[civic.JurisdictionID]*tiles.Feed), first: make(chan struct{})}
}

// town is the town of an id once its index is built, else nil.
func (f *feeds) town(j civic.JurisdictionID) *tiles.Town {
	f.mu.Lock()
	defer f.mu.Unlock()
	feed := f.towns[j]
	if feed == nil || !feed.Ready.Load() {
		return nil
	}
	return feed.Town
}

func (f *feeds) wake(list []civic.Wake) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range list {
		if feed := f.towns[w.Jurisdiction]; feed != nil && w.Scope.Kind() == civic.ScopeArea {
			feed.Wake()
		}
	}
}

// newTownsEvery is how often the list of towns is looked at.
const newTownsEvery = 5 * time.Second

func (f *feeds) run(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	tick := time.NewTicker(newTownsEvery)
	defer tick.Stop()
	once := sync.OnceFunc(func() { close(f.first) })
	for {
		towns, err := f.db.Towns(ctx)
		if err != nil {
			f.log.WarnContext(ctx, "towns not read", "err", err)
		}
		for _, t := range towns {
			if err := f.start(ctx, &wg, t); err != nil {
				f.log.ErrorContext(ctx, "live index not started", "town", t.Slug, "err", err)
			}
		}
		if err == nil {
			once()
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (f *feeds) start(ctx context.Context, wg *sync.WaitGroup, t civic.TownSite) error {
	f.mu.Lock()
	feed := f.towns[t.ID]
	f.mu.Unlock()
	if feed != nil {
		feed.Town.Index.Describe(services(t))
		return nil
	}
	features, err := f.db.Features(ctx, t.ID)
	if err != nil {
		return err
	}
	streets, err := streetsOf(features)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(t.Zone)
	if err != nil {
		return err
	}
	town := &tiles.Town{
		ID: uuid.UUID(t.ID), Name: t.Name, Attribution: t.Attribution, Index: tiles.NewIndexIn(zone), Streets: streets,
		Bounds: orb.Bound{Min: orb.Point{t.Bounds[0], t.Bounds[1]}, Max: orb.Point{t.Bounds[2], t.Bounds[3]}},
	}
	town.Index.Describe(services(t))
	feed = tiles.NewFeed(f.db, town)
	f.mu.Lock()
	f.towns[t.ID] = feed
	f.mu.Unlock()
	wg.Go(func() {
		feed.Run(ctx, func(err error) { f.log.WarnContext(ctx, "live index", "err", err) })
	})
	return nil
}

// wait returns once every town's index is built, or with the context's error.
func (f *feeds) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-f.first:
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !f.allReady() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return nil
}

func (f *feeds) allReady() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, feed := range f.towns {
		if !feed.Ready.Load() {
			return false
		}
	}
	return true
}

// size is how many reports the indexes hold.
func (f *feeds) size() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, feed := range f.towns {
		n += feed.Town.Index.Len()
	}
	return n
}

func services(t civic.TownSite) []tiles.Service {
	list := make([]tiles.Service, len(t.Services))
	for i, s := range t.Services {
		list[i] = tiles.Service{ID: uuid.UUID(s.ID), Code: s.Code, Group: s.Group}
	}
	return list
}

func streetsOf(features []civic.Feature) (*tiles.Streets, error) {
	if len(features) == 0 {
		return nil, nil //nolint:nilnil // a town without a map has none
	}
	list := make([]tiles.Feature, 0, len(features))
	for _, feature := range features {
		g, err := geojson.UnmarshalGeometry(json.RawMessage(feature.Shape))
		if err != nil {
			return nil, fmt.Errorf("feature %s: %w", feature.Name, err)
		}
		list = append(list, tiles.Feature{Kind: feature.Kind, Name: feature.Name, Class: feature.Class, Geometry: g.Geometry()})
	}
	return tiles.NewStreets(list), nil
}
