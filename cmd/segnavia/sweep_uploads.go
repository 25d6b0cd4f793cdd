package main

import (
	"context"
	"errors"
	"time"

	"segnavia/civic"
)

// sweepUploads puts together what a node left whole and untold, and forgets what
// stood still too long, its pieces with it.
func (n *node) sweepUploads(ctx context.Context, j civic.JurisdictionID, now time.Time) error {
	stuck, err := n.stores.db.StuckUploads(ctx, j, now, dueAtOnce)
	for _, id := range stuck {
		// What the pipeline will not have is told to its sender, when they ask.
		if one := n.server.FinishUpload(ctx, j, id); errors.Is(one, civic.ErrBusy) {
			err = errors.Join(err, one)
		}
	}
	over, one := n.stores.db.ExpiredUploads(ctx, j, now, dueAtOnce)
	err = errors.Join(err, one)
	for _, id := range over {
		err = errors.Join(err, n.server.DropUpload(ctx, j, id))
	}
	return err
}

// strayAfter is how long a piece may lie in the bucket before its row comes. A
// request under a checksum keeps its pieces back until its end.
const strayAfter = 24 * time.Hour

// sweepPieces removes the pieces that no upload counts: a node stopped between an
// object and its row, or a row and the removal of its object.
func (n *node) sweepPieces(ctx context.Context, j civic.JurisdictionID, now time.Time) error {
	var page []string
	for o, err := range n.stores.bucket.List(ctx, j.String()+"/uploads/") {
		if err != nil {
			return err
		}
		if !o.Modified.Before(now.Add(-strayAfter)) {
			continue
		}
		if page = append(page, o.Key); len(page) < dueAtOnce {
			continue
		}
		if err := n.deleteStray(ctx, j, page); err != nil {
			return err
		}
		page = page[:0]
	}
	return n.deleteStray(ctx, j, page)
}

func (n *node) deleteStray(ctx context.Context, j civic.JurisdictionID, page []string) error {
	if len(page) == 0 {
		return nil
	}
	stray, err := n.stores.db.StrayPieces(ctx, j, page)
	for _, key := range stray {
		err = errors.Join(err, n.stores.bucket.Delete(ctx, key))
	}
	return err
}
