package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"segnavia/civic"
	"segnavia/storage"
)

// sweep removes the bytes that nobody came for: the row first, so that a row
// never stands without its object.
func (n *node) sweep(ctx context.Context, j civic.JurisdictionID, now time.Time) error {
	orphans, err := n.stores.db.Orphans(ctx, j, now, dueAtOnce)
	for _, hash := range orphans {
		gone, one := n.stores.db.SweepPhoto(ctx, j, hash, now)
		if one == nil && gone {
			one = n.server.ErasePhoto(ctx, j, hash)
		}
		err = errors.Join(err, one)
	}
	return err
}

// sweepBucket removes the bytes of every town that no row names: what was left
// behind where a machine stopped between an object and its row. Young objects are
// left alone, since their rows may be on the way.
func (n *node) sweepBucket(ctx context.Context, now time.Time) error {
	towns, err := n.stores.db.Towns(ctx)
	if err != nil {
		return err
	}
	before := now.Add(-storage.OrphanAfter)
	for _, t := range towns {
		err = errors.Join(err, n.sweepObjects(ctx, t.ID, before), n.sweepPieces(ctx, t.ID, now))
	}
	return err
}

// sweepObjects does so for one town, a page of hashes at a time.
func (n *node) sweepObjects(ctx context.Context, j civic.JurisdictionID, before time.Time) error {
	var page []civic.SHA256
	prefix := j.String() + "/"
	for o, err := range n.stores.bucket.List(ctx, prefix) {
		if err != nil {
			return err
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(o.Key, prefix), "/")
		hash := civic.SHA256(name)
		if !hash.Valid() || !o.Modified.Before(before) || len(page) > 0 && page[len(page)-1] == hash {
			continue
		}
		if page = append(page, hash); len(page) < dueAtOnce {
			continue
		}
		if err := n.eraseRowless(ctx, j, page); err != nil {
			return err
		}
		page = page[:0]
	}
	return n.eraseRowless(ctx, j, page)
}

func (n *node) eraseRowless(ctx context.Context, j civic.JurisdictionID, page []civic.SHA256) error {
	if len(page) == 0 {
		return nil
	}
	list, err := n.stores.db.Rowless(ctx, j, page)
	for _, hash := range list {
		err = errors.Join(err, n.server.ErasePhoto(ctx, j, hash))
	}
	return err
}
