package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"segnavia/civic"
	"segnavia/storage"
	"segnavia/storage/archive"
	"segnavia/storage/objects"
)

// ledgerPrefix is where the bucket keeps, by ids alone, what was taken away: the
// database that is lost cannot say it, and an older one must hear it.
const ledgerPrefix = "erasures/"

// ledgerKey begins with the time, so that keys are in order.
func ledgerKey(t *civic.Taken) string {
	return fmt.Sprintf("%s%s-%s.json", ledgerPrefix, t.At.UTC().Format("20060102T150405"), t.Edit)
}

// noteTaken keeps one entry of the ledger; again changes nothing.
func noteTaken(ctx context.Context, db *storage.DB, bucket *objects.Bucket, j civic.JurisdictionID, edit civic.EditID) error {
	t, err := db.Taken(ctx, j, edit)
	if err != nil {
		return err
	}
	return putTaken(ctx, bucket, &t)
}

func putTaken(ctx context.Context, bucket *objects.Bucket, t *civic.Taken) error {
	raw, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return bucket.Put(ctx, ledgerKey(t), bytes.NewReader(raw), int64(len(raw)), "application/json")
}

// readTaken reads the ledger out of a bucket.
func readTaken(ctx context.Context, from source) (list []civic.Taken, err error) {
	for o, err := range from.list(ctx, ledgerPrefix) {
		if err != nil {
			return nil, err
		}
		body, err := from.open(ctx, o.Key)
		if err != nil {
			return nil, err
		}
		raw, err := io.ReadAll(io.LimitReader(body, 16<<20))
		var t civic.Taken
		if err = errors.Join(err, body.Close()); err == nil {
			err = json.Unmarshal(raw, &t)
		}
		if err != nil {
			return nil, fmt.Errorf("ledger of erasures: %s: %w", o.Key, err)
		}
		list = append(list, t)
	}
	return list, nil
}

// replay takes away again what a restored database has back, and bars the edits
// that would bring it. What the database already knows is left alone.
func replay(ctx context.Context, db *storage.DB, ledger []civic.Taken) (again int, err error) {
	for i := range ledger {
		t := &ledger[i]
		known, err := db.HasEdit(ctx, t.Jurisdiction, t.Edit)
		if err != nil || known {
			if err != nil {
				return again, err
			}
			continue
		}
		if _, err := db.Apply(ctx, t.Jurisdiction, t.Again(db.TownKey(t.Jurisdiction)), 0); err != nil {
			return again, fmt.Errorf("erase report %s again: %w", t.Report, err)
		}
		if err := db.Bar(ctx, t.Jurisdiction, t.Report, append(t.Bars, t.Edit)); err != nil {
			return again, fmt.Errorf("bar edits of report %s: %w", t.Report, err)
		}
		again++
	}
	return again, nil
}

// knownTowns drops entries of towns that a backup does not have.
func knownTowns(towns []civic.TownSite, ledger []civic.Taken) (list []civic.Taken) {
	known := map[civic.JurisdictionID]bool{}
	for _, t := range towns {
		known[t.ID] = true
	}
	for _, t := range ledger {
		if known[t.Jurisdiction] {
			list = append(list, t)
		}
	}
	return list
}

// allTaken is the ledger of the folder, of the bucket as it is, and of a file that
// somebody kept elsewhere. Only what came after the backup is new to it.
func allTaken(ctx context.Context, f *archive.Folder, from source, file string) ([]civic.Taken, error) {
	folder, err := f.Ledger()
	if err != nil {
		return nil, err
	}
	var kept []civic.Taken
	if file != "" {
		if kept, err = archive.ReadLedger(file); err != nil {
			return nil, err
		}
	}
	bucket, err := readTaken(ctx, from)
	return archive.Union(folder, kept, bucket), err
}

const stamp = "20060102T150405Z"

func pointNow() string { return time.Now().UTC().Format(stamp) }
