package main

import (
	"context"
	"errors"
	"time"

	"segnavia/civic"
	"segnavia/storage"
)

// dueAtOnce bounds what one stroke of the clock does in a town.
const dueAtOnce = 500

// workers do the jobs that edits and the clock ask for.
func (n *node) workers() storage.Workers {
	db := n.stores.db
	return storage.Workers{
		Photo: func(ctx context.Context, j civic.JurisdictionID, hash civic.SHA256) error {
			waiting, err := db.WaitingFor(ctx, j, hash)
			if err != nil {
				return err
			}
			return n.server.RenderPhoto(ctx, j, hash, waiting)
		},
		ErasePhoto: func(ctx context.Context, j civic.JurisdictionID, hash civic.SHA256) error {
			gone, err := db.ForgetPhoto(ctx, j, hash)
			if err != nil {
				return err
			}
			if gone {
				return n.server.ErasePhoto(ctx, j, hash)
			}
			// It may have been waited for: a preview has no row.
			return n.eraseRowless(ctx, j, []civic.SHA256{hash})
		},
		Ledger: func(ctx context.Context, j civic.JurisdictionID, edit civic.EditID) error {
			return noteTaken(ctx, db, n.stores.bucket, j, edit)
		},
		CoverPhoto:  n.server.CoverPhoto,
		SweepBucket: func(ctx context.Context) error { return n.sweepBucket(ctx, time.Now()) },
		FetchMedia:  n.server.FetchMedia,
		Prebuild: func(ctx context.Context) error {
			towns, err := db.Towns(ctx)
			if err != nil {
				return err
			}
			for _, t := range towns {
				err = errors.Join(err, n.stores.prebuilt().Build(ctx, t.ID))
			}
			return err
		},
		Clock: func(ctx context.Context) error {
			towns, err := db.Towns(ctx)
			if err != nil {
				return err
			}
			for _, t := range towns {
				_, spots := db.SettleSpots(ctx, t.ID, civic.ReportID{}, true)
				err = errors.Join(err, spots, strike(ctx, db, t.ID), n.sweep(ctx, t.ID, time.Now()), n.sweepUploads(ctx, t.ID, time.Now()),
					n.server.StripTrails(ctx, t.ID))
			}
			return err
		},
	}
}

// strike does what the clock has made due in a town.
func strike(ctx context.Context, db *storage.DB, j civic.JurisdictionID) error {
	edits, err := db.Due(ctx, j, time.Now(), dueAtOnce)
	if err != nil {
		return err
	}
	for _, e := range edits {
		_, one := db.Apply(ctx, j, e, 0)
		err = errors.Join(err, one) // one case must not hold up the others
	}
	return err
}

// fanOut gives wake-ups to several.
func fanOut(to ...func([]civic.Wake)) func([]civic.Wake) {
	return func(list []civic.Wake) {
		for _, f := range to {
			f(list)
		}
	}
}
