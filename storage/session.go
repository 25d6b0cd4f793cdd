package storage

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// How long a person of the town hall stays signed in.
const (
	SessionIdle = 30 * time.Minute
	SessionLife = 12 * time.Hour
)

// PasswordOf reads the stored hash of a user's password, by login.
func (db *DB) PasswordOf(ctx context.Context, j civic.JurisdictionID, login string) (u civic.User, hash string, err error) {
	var disabled bool
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT id, password, disabled FROM "user" WHERE jurisdiction_id = $1 AND login = $2`,
			j, login).Scan(&u.ID, &hash, &disabled)
	})
	if err == nil && disabled {
		err = ErrNotFound
	}
	if err = orNotFound(err); err != nil {
		return u, "", err
	}
	u, err = db.User(ctx, j, u.ID)
	return u, hash, err
}

// User reads a person of the town hall.
func (db *DB) User(ctx context.Context, j civic.JurisdictionID, id civic.UserID) (civic.User, error) {
	rules, err := db.Rules(ctx, j)
	if err != nil {
		return civic.User{}, err
	}
	u, ok := rules.Users[id]
	if !ok {
		return u, ErrNotFound
	}
	return u, nil
}

// AddSession signs in a user whose password, of the given hash, was just shown, and
// gives the token to keep. ErrNotFound says that they have another by now, or are kept
// out.
func (db *DB) AddSession(ctx context.Context, j civic.JurisdictionID, user civic.UserID, hash string) (token string, err error) {
	token = rand.Text() + rand.Text()
	err = within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		if err := lockAccess(ctx, tx, j, user); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `
			INSERT INTO session (jurisdiction_id, token, user_id)
			SELECT jurisdiction_id, $2, id FROM "user" WHERE jurisdiction_id = $1 AND id = $3 AND password = $4 AND NOT disabled`,
			j, hashToken(token), user, hash)
		if err == nil && tag.RowsAffected() == 0 {
			err = ErrNotFound
		}
		return err
	})
	return token, err
}

// whoIsIn joins a living session and its user. $1 is the town, $2 the token's hash, $3 and
// $4 how long a session may be idle and live.
const whoIsIn = ` FROM session s
	JOIN "user" u ON u.jurisdiction_id = s.jurisdiction_id AND u.id = s.user_id
	WHERE s.jurisdiction_id = $1 AND s.token = $2 AND NOT u.disabled
	  AND s.seen > now() - $3::interval AND s.created > now() - $4::interval`

// SessionLives tells whether a token still signs somebody in, and keeps nobody in by it.
func (db *DB) SessionLives(ctx context.Context, j civic.JurisdictionID, token string) (lives bool, err error) {
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT EXISTS (SELECT`+whoIsIn+`)`, j, hashToken(token), SessionIdle, SessionLife).Scan(&lives)
	})
	return lives, err
}

// SessionUser tells who is signed in by a token, and keeps them signed in. The
// row is written at most once a minute, so that reading stays reading.
func (db *DB) SessionUser(ctx context.Context, j civic.JurisdictionID, token string) (civic.User, error) {
	var id civic.UserID
	var seen time.Time
	err := within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `SELECT s.user_id, s.seen`+whoIsIn,
			j, hashToken(token), SessionIdle, SessionLife).Scan(&id, &seen)
		if err != nil || time.Since(seen) < time.Minute {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE session SET seen = now() WHERE jurisdiction_id = $1 AND token = $2`, j, hashToken(token))
		return err
	})
	if err = orNotFound(err); err != nil {
		return civic.User{}, err
	}
	return db.User(ctx, j, id)
}

// EndSession signs out.
func (db *DB) EndSession(ctx context.Context, j civic.JurisdictionID, token string) error {
	return within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM session WHERE jurisdiction_id = $1 AND token = $2`, j, hashToken(token))
		return err
	})
}

// sweepSessions forgets sessions and codes that have ended.
func sweepSessions(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID) error {
	if _, err := tx.Exec(ctx, `
		DELETE FROM session WHERE jurisdiction_id = $1 AND (seen < now() - $2::interval OR created < now() - $3::interval)`,
		j, SessionIdle, SessionLife); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM enrolment WHERE jurisdiction_id = $1 AND expires < now()`, j)
	return err
}
