package storage

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"segnavia/civic"
)

// queueFollower keeps who wants to hear of a report that concerns them too.
func (w *job) queueFollower(batch *pgx.Batch, e civic.Edit, c *civic.Contact) {
	if c == nil {
		return
	}
	id := civic.SubscriptionOf(w.key, e.ID)
	profile := civic.DeriveID[civic.Profile](id, "follower")
	queueProfile(batch, w.j, profile, c)
	batch.Queue(`INSERT INTO subscription (jurisdiction_id, id, profile_id, report_id, version) VALUES ($1, $2, $3, $4, 2)
		ON CONFLICT DO NOTHING`, w.j, id, profile, e.Report)
}

// Subscribe keeps a wish to hear of an area. The id is the subscriber's: the same
// one again changes nothing. An unknown area is civic.ErrNotFound.
func (db *DB) Subscribe(ctx context.Context, j civic.JurisdictionID, id civic.SubscriptionID, area civic.AreaID, c civic.Contact) error {
	return db.subscribe(ctx, j, id, c, "area_id", uuid.UUID(area))
}

// SubscribeReport keeps a wish to hear of one report, as Subscribe does. An
// unknown report is civic.ErrNotFound.
func (db *DB) SubscribeReport(ctx context.Context, j civic.JurisdictionID, id civic.SubscriptionID, report civic.ReportID, c civic.Contact) error {
	return db.subscribe(ctx, j, id, c, "report_id", uuid.UUID(report))
}

// subscribe keeps a wish about what a column, area_id or report_id, refers to: the
// schema knows whether there is such a thing.
func (db *DB) subscribe(ctx context.Context, j civic.JurisdictionID, id civic.SubscriptionID, c civic.Contact, column string, of uuid.UUID) error {
	err := within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		profile := civic.DeriveID[civic.Profile](id, "follower")
		batch := &pgx.Batch{}
		queueProfile(batch, j, profile, &c)
		batch.Queue(`INSERT INTO subscription (jurisdiction_id, id, profile_id, `+column+`, version) VALUES ($1, $2, $3, $4, 2)
			ON CONFLICT DO NOTHING`, j, id, profile, of)
		return tx.SendBatch(ctx, batch).Close()
	})
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "23503" { // foreign key
		return civic.ErrNotFound
	}
	return err
}

// Subscription reads a wish by its id and the secret of its link; a wrong secret
// and an unknown id are both civic.ErrNotFound.
func (db *DB) Subscription(ctx context.Context, j civic.JurisdictionID, id civic.SubscriptionID, secret string) (s civic.Subscription, err error) {
	version, ok := db.subscriptionVersion(j, id, secret)
	if !ok {
		return s, civic.ErrNotFound
	}
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		var report *civic.ReportID
		var area *civic.AreaID
		var code *string
		err := tx.QueryRow(ctx, `
			SELECT s.id, s.report_id, s.area_id, r.code FROM subscription s
			LEFT JOIN report r ON r.jurisdiction_id = s.jurisdiction_id AND r.id = s.report_id
			WHERE s.jurisdiction_id = $1 AND s.id = $2 AND s.version <= $3`, j, id, version).Scan(&s.ID, &report, &area, &code)
		if report != nil {
			s.Report = *report
		}
		if area != nil {
			s.Area = *area
		}
		if code != nil {
			s.Code = civic.Code(*code)
		}
		return err
	})
	return s, orNotFound(err)
}

// Unsubscribe ends a wish and forgets the person behind it. Ending it twice is
// no error; a wrong secret is civic.ErrNotFound.
func (db *DB) Unsubscribe(ctx context.Context, j civic.JurisdictionID, id civic.SubscriptionID, secret string) error {
	version, ok := db.subscriptionVersion(j, id, secret)
	if !ok {
		return civic.ErrNotFound
	}
	return within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM profile p USING subscription s WHERE p.jurisdiction_id = $1 AND p.id = s.profile_id
			AND s.jurisdiction_id = $1 AND s.id = $2 AND s.version <= $3`, j, id, version)
		return err
	})
}

// subscriptionVersion tells which wishes a secret opens: all by the town's own
// derivation, by the old one those that were made while it was in use.
func (db *DB) subscriptionVersion(j civic.JurisdictionID, id civic.SubscriptionID, secret string) (version int, ok bool) {
	same := func(want string) bool { return subtle.ConstantTimeCompare([]byte(secret), []byte(want)) == 1 }
	switch {
	case same(db.SubscriptionSecret(j, id)):
		return 2, true
	case same(db.oldSubscriptionSecret(id)):
		return 1, true
	}
	return 0, false
}

// SubscriptionSecret is the secret of the link that ends a wish: it follows from
// the id and the town's own key, so that nothing needs to be kept.
func (db *DB) SubscriptionSecret(j civic.JurisdictionID, id civic.SubscriptionID) string {
	return base64.RawURLEncoding.EncodeToString(db.TownKey(j).Sum("subscription", id[:])[:20])
}
