package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"segnavia/civic"
	"segnavia/storage"
	"segnavia/storage/archive"
	"segnavia/storage/objects"
)

// compare reads the restored database and bucket whole and says whether they are
// the backup's. The installation's own row has its new epoch.
func compare(ctx context.Context, s *stores, f *archive.Folder, point string, m *archive.Manifest) error {
	moment, err := storage.OpenMoment(ctx, s.admin)
	if err != nil {
		return err
	}
	defer moment.Close(context.WithoutCancel(ctx)) //nolint:errcheck // only read
	counting := newProgress("rows compared", int(rowsOf(m.Tables)))
	got, err := moment.Tables(ctx, func(t storage.Table) { counting.add(int(t.Rows)) })
	if err != nil {
		return err
	}
	counting.done()
	if wrong := storage.Differences(m.Tables, got, "installation"); len(wrong) > 0 {
		return fmt.Errorf("restored, but not the same: %s", strings.Join(wrong, "; "))
	}
	bar := newProgress("objects compared", m.Objects)
	for o, err := range f.Objects(point) {
		if err != nil {
			return err
		}
		if sum, err := sumOfObject(ctx, s.bucket, o.Key); err != nil || sum != o.SHA256 {
			return errors.Join(fmt.Errorf("restored, but object %s is not the same", o.Key), err)
		}
		bar.add(1)
	}
	bar.done()
	fmt.Printf("restored: %d rows in %d tables and %d objects, all the same as in the backup\n", rowsOf(m.Tables), len(m.Tables), m.Objects)
	return nil
}

func sumOfObject(ctx context.Context, bucket *objects.Bucket, key string) (string, error) {
	body, err := bucket.Get(ctx, key)
	if err != nil {
		return "", err
	}
	digest := sha256.New()
	_, err = io.Copy(digest, body)
	return hex.EncodeToString(digest.Sum(nil)), errors.Join(err, body.Close())
}

// wakeUp brings what was restored to this program's schema and takes away again
// what was erased after the backup.
func (c *restoreCmd) wakeUp(ctx context.Context, log *slog.Logger, s *stores, ledger []civic.Taken) error {
	if err := s.migrate(ctx, log); err != nil {
		return err
	}
	db, err := storage.Open(ctx, storage.Options{URL: s.url, Restoring: true})
	if err != nil {
		return err
	}
	s.db = db
	towns, err := db.Towns(ctx)
	if err != nil {
		return err
	}
	ledger = knownTowns(towns, ledger)
	again, err := replay(ctx, db, ledger)
	if err != nil {
		return err
	}
	// The bucket may be new: the ledger outlives this database too.
	for i := range ledger {
		if err := putTaken(ctx, s.bucket, &ledger[i]); err != nil {
			return err
		}
	}
	if err := storage.FinishRestore(ctx, s.admin); err != nil {
		return err
	}
	fmt.Printf("a new epoch: %s; %d of %d erasures were made again\n", db.Epoch(), again, len(ledger))
	fmt.Println("phones offer the last seven days of their work again as they connect")
	return nil
}
