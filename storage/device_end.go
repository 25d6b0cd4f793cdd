package storage

import (
	"context"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// How a device's grant ends (sync protocol 1): lost devices are told to forget what
// they hold, those signed out to hide it until their person is back.
type ending bool

const (
	lost      ending = false
	signedOut ending = true
)

// endDevices ends those devices of a person that have not ended. One that was signed out
// and is now lost is told so where it asks again; one that has sealed and forgotten its
// grant asks no more.
const endDevices = `
	UPDATE device SET revoked = true, signed_out = $3, changed = now()
	WHERE jurisdiction_id = $1 AND user_id = $2 AND NOT (revoked AND (NOT signed_out OR $3))`

// lockAccess lets what gives a person access and what ends it go one after the other:
// else what is given at that moment, for a credential that is just ending, would live on.
func lockAccess(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, user civic.UserID) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 26))`, "access "+j.String()+user.String())
	return err
}

// endAccess ends all that lets a person in but their password: devices, codes for
// devices to come, sessions; and the codes that they made for others, which somebody
// else may hold.
func endAccess(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, user civic.UserID, how ending) (devices int, err error) {
	if err := lockAccess(ctx, tx, j, user); err != nil {
		return 0, err
	}
	tag, err := tx.Exec(ctx, endDevices, j, user, how == signedOut)
	if err != nil {
		return 0, err
	}
	for _, sql := range []string{
		`DELETE FROM enrolment WHERE jurisdiction_id = $1 AND (user_id = $2 OR made_by = $2)`,
		`DELETE FROM session WHERE jurisdiction_id = $1 AND user_id = $2`,
	} {
		if _, err := tx.Exec(ctx, sql, j, user); err != nil {
			return 0, err
		}
	}
	return int(tag.RowsAffected()), nil
}

// RevokeUser ends all that lets a person in but their password. Their devices are
// told to forget what they hold. It tells how many there were.
func (db *DB) RevokeUser(ctx context.Context, j civic.JurisdictionID, user civic.UserID) (devices int, err error) {
	err = within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		devices, err = endAccess(ctx, tx, j, user, lost)
		return err
	})
	return devices, err
}

// SignOutEverywhere ends all that lets a person in but their password. Their devices
// hide what they hold, and keep what was not sent until the person is back. It stands
// in the audit under who asked for it, and tells how many devices there were.
func (db *DB) SignOutEverywhere(ctx context.Context, j civic.JurisdictionID, by, user civic.UserID) (devices int, err error) {
	err = within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		if devices, err = endAccess(ctx, tx, j, user, signedOut); err != nil {
			return err
		}
		return audit(ctx, tx, j, by, "user.sign_out", user.String())
	})
	return devices, err
}

// SetPassword keeps the hash of a user's password. Whoever was let in with the old one
// is out: sessions end, devices are signed out.
func (db *DB) SetPassword(ctx context.Context, j civic.JurisdictionID, login, hash string) error {
	return within(ctx, db.bulk, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		var user civic.UserID
		err := tx.QueryRow(ctx, `UPDATE "user" SET password = $3 WHERE jurisdiction_id = $1 AND login = $2 RETURNING id`,
			j, login, hash).Scan(&user)
		if err != nil {
			return orNotFound(err)
		}
		_, err = endAccess(ctx, tx, j, user, signedOut)
		return err
	})
}

// SetDisabled keeps a person out, or lets them in again with the password that they
// had. Devices of somebody who is kept out are told to forget what they hold, and do
// not come back with the person.
func (db *DB) SetDisabled(ctx context.Context, j civic.JurisdictionID, login string, disabled bool) (devices int, err error) {
	err = within(ctx, db.bulk, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		var user civic.UserID
		err := tx.QueryRow(ctx, `UPDATE "user" SET disabled = $3 WHERE jurisdiction_id = $1 AND login = $2 RETURNING id`,
			j, login, disabled).Scan(&user)
		if err != nil || !disabled {
			return orNotFound(err)
		}
		devices, err = endAccess(ctx, tx, j, user, lost)
		return err
	})
	return devices, err
}
