package storage

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// How many wrong PINs count in a day from places where none was ever right: at one
// code, of one place at whatever codes, in a town. Beyond them only a call helps; where
// a report was opened before, it goes on opening. A place is at its bound long before
// it has fed the town's.
const (
	MaxCodeTries  = 30
	MaxPlaceTries = 30
	MaxTownTries  = 1000
)

// freeTries are the wrong ones that cost a known place nothing.
const freeTries = 10

// How long a place is known after it opened a report, and how long one is
// remembered that only tried.
const (
	pinPlaceDays = 90
	pinTryDays   = 2
)

// placeOf stands for an address at one report: it says nothing of the address, and
// not whether two reports were opened from one.
func (db *DB) placeOf(j civic.JurisdictionID, id civic.ReportID, place string) []byte {
	return db.TownKey(j).Sum("pin place", id[:], []byte(place))[:16]
}

// strangerOf stands for an address in the counts of tries, for as long as those are
// kept. Of where it came from it says nothing either.
func (db *DB) strangerOf(j civic.JurisdictionID, place string) uuid.UUID {
	return uuid.UUID(civic.KeyedID[civic.Jurisdiction](db.TownKey(j), j, "pin stranger:"+place))
}

// OpenByPIN exchanges a PIN for the secret of the link. place stands for the
// address that asks. Errors, each a civic.Error: bad_pin; too_soon after wrong ones
// of the same place (seconds, wait); too_many_tries where code, place or town had too many
// from places where none was right, whatever the PIN.
func (db *DB) OpenByPIN(ctx context.Context, j civic.JurisdictionID, id civic.ReportID, pin, place string, now time.Time) (string, error) {
	try := &pinTry{access: db.accessOf(j, id), j: j, id: id, pin: pin, place: db.placeOf(j, id, place), stranger: db.strangerOf(j, place), now: now}
	err := within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error { return try.run(ctx, tx) })
	switch {
	case err != nil:
		return "", err
	case try.answer != nil:
		return "", try.answer
	case !try.right:
		return "", civic.Refuse("bad_pin")
	}
	return try.access.secret(), nil
}

// pinTry is one try at a report's PIN.
type pinTry struct {
	access   access
	j        civic.JurisdictionID
	id       civic.ReportID
	pin      string
	place    []byte    // at this report
	stranger uuid.UUID // at any
	now      time.Time

	right, known           bool
	failures               civic.Failures
	byCode, byPlace, byAll int
	answer                 error
}

// run looks at what counts against the try, and at the PIN where nothing does.
func (t *pinTry) run(ctx context.Context, tx pgx.Tx) error {
	// Whoever is refused anyway holds nobody up. The others go one after the other,
	// strangers those of the whole town, so that nobody gets past a bound by hurrying.
	for _, lock := range []string{"", fmt.Sprintf("pin %x", t.place), "pin " + t.j.String()} {
		if lock != "" {
			if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 20))`, lock); err != nil {
				return err
			}
		}
		if err := t.read(ctx, tx); err != nil {
			return err
		}
		if t.answer = t.refused(); t.answer != nil {
			return nil
		}
		if lock != "" && t.known {
			break
		}
	}
	return t.count(ctx, tx)
}

func (t *pinTry) read(ctx context.Context, tx pgx.Tx) error {
	var stored []byte
	// A case that has no PIN, and a code that no case has, are answered and counted
	// like any other: nobody learns which they are, and none is free to try.
	err := tx.QueryRow(ctx, `SELECT pin, `+accessColumns+` FROM report_access WHERE jurisdiction_id = $1 AND report_id = $2`,
		t.j, t.id).Scan(append([]any{&stored}, t.access.fields()...)...)
	if err = ignoreNoRows(err); err != nil {
		return err
	}
	t.right = subtle.ConstantTimeCompare(stored, t.access.hashOf("pin", t.pin)) == 1
	var opened *time.Time
	err = tx.QueryRow(ctx, `SELECT failures, at, opened FROM pin_place WHERE jurisdiction_id = $1 AND report_id = $2 AND place = $3`,
		t.j, t.id, t.place).Scan(&t.failures.N, &t.failures.At, &opened)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	t.known = opened != nil && t.now.Before(opened.AddDate(0, 0, pinPlaceDays))
	// A day and the hour that it began in: never more in any day.
	return tx.QueryRow(ctx, `
		SELECT coalesce(sum(tries) FILTER (WHERE subject = $2), 0), coalesce(sum(tries) FILTER (WHERE subject = $3), 0),
		       coalesce(sum(tries) FILTER (WHERE subject = $1), 0)
		FROM pin_try WHERE jurisdiction_id = $1 AND subject IN ($1, $2, $3) AND hour >= $4`,
		t.j, t.id, t.stranger, t.now.Truncate(time.Hour).AddDate(0, 0, -1)).Scan(&t.byCode, &t.byPlace, &t.byAll)
}

// refused is why the try is not looked at, or nil.
func (t *pinTry) refused() error {
	free := 0
	if t.known {
		free = freeTries
	}
	if wait := t.failures.Wait(t.now, free); wait > 0 {
		return civic.TooSoon(wait)
	}
	switch {
	case t.known:
		return nil
	case t.byCode >= MaxCodeTries:
		return civic.Refuse("too_many_tries", "of", "code")
	case t.byPlace >= MaxPlaceTries:
		return civic.Refuse("too_many_tries", "of", "place")
	case t.byAll >= MaxTownTries:
		return civic.Refuse("too_many_tries", "of", "town")
	}
	return nil
}

// count keeps how the try ended.
func (t *pinTry) count(ctx context.Context, tx pgx.Tx) error {
	next, opened := t.failures.Wrong(t.now), (*time.Time)(nil)
	if t.right {
		next, opened = civic.Failures{At: t.now}, &t.now
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO pin_place AS p (jurisdiction_id, report_id, place, failures, at, opened) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (jurisdiction_id, report_id, place) DO UPDATE
		SET failures = excluded.failures, at = excluded.at, opened = coalesce(excluded.opened, p.opened)`,
		t.j, t.id, t.place, next.N, next.At, opened)
	if err != nil || t.right || t.known {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO pin_try AS p (jurisdiction_id, subject, hour, tries) VALUES ($1, $1, $4, 1), ($1, $2, $4, 1), ($1, $3, $4, 1)
		ON CONFLICT (jurisdiction_id, subject, hour) DO UPDATE SET tries = p.tries + 1`,
		t.j, t.id, t.stranger, t.now.Truncate(time.Hour))
	return err
}

// sweepPINs forgets tries and places that count no more.
func sweepPINs(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, now time.Time) error {
	if _, err := tx.Exec(ctx, `DELETE FROM pin_try WHERE jurisdiction_id = $1 AND hour < $2`, j, now.AddDate(0, 0, -pinTryDays)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM pin_place WHERE jurisdiction_id = $1 AND at < $2 AND (opened IS NULL OR opened < $3)`,
		j, now.AddDate(0, 0, -pinTryDays), now.AddDate(0, 0, -pinPlaceDays))
	return err
}
