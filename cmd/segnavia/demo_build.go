package main

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"segnavia/civic"
	"segnavia/demo"
	"segnavia/photo"
	"segnavia/server"
)

// pastBatch is how many cases are told in one transaction.
const pastBatch = 500

// build fills an installation with the demonstration. What a build that was cut
// off has told already is told once.
func (c *demoCmd) build(ctx context.Context, s *stores, town *civic.Blueprint) error {
	if err := s.db.SaveTown(ctx, town); err != nil {
		return err
	}
	photos := demo.Photos(c.Seed)
	var group errgroup.Group
	group.Go(func() error { return buildPhotos(ctx, s, town.ID, photos) })
	group.Go(func() error { return c.buildCases(ctx, s, town, photos) })
	if err := group.Wait(); err != nil {
		return err
	}
	return s.db.DemoBuilt(ctx)
}

func (c *demoCmd) buildCases(ctx context.Context, s *stores, town *civic.Blueprint, photos []demo.Photo) error {
	bar := newProgress("reports", c.Reports)
	defer bar.done()
	batch := make([]civic.Past, 0, pastBatch)
	flush := func() error {
		told, err := s.db.IngestPast(ctx, town.ID, batch)
		if err == nil && len(told.Refused) > 0 {
			r := told.Refused[0]
			err = fmt.Errorf("%d edits refused, the first a %s: %s", len(told.Refused), r.Kind, r.Code)
		}
		bar.add(len(batch))
		batch = batch[:0]
		return err
	}
	for past := range demo.CasesWith(town, c.Seed, c.Reports, time.Now(), photos) {
		if batch = append(batch, past); len(batch) == pastBatch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// buildPhotos puts the drawn pictures through the same pipeline as any photo.
func buildPhotos(ctx context.Context, s *stores, j civic.JurisdictionID, photos []demo.Photo) error {
	var group errgroup.Group
	group.SetLimit(2)
	processor := photo.New("")
	for _, p := range photos {
		group.Go(func() error {
			stored := civic.StoredPhoto{SHA256: p.SHA256, Mime: "image/jpeg", Bytes: int64(len(p.JPEG)), W: p.W, H: p.H}
			key := server.PhotoKey(j, p.SHA256, "original")
			if err := s.bucket.Put(ctx, key, bytes.NewReader(p.JPEG), stored.Bytes, stored.Mime); err != nil {
				return err
			}
			if _, err := server.MakeRenditions(ctx, bucket{s.bucket}, processor, j, p.SHA256); err != nil {
				return err
			}
			return s.db.SavePhoto(ctx, j, stored, civic.Sender{})
		})
	}
	return group.Wait()
}
