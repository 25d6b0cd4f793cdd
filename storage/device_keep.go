package storage

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// devicesListed bounds a list of devices; recently is how long one that has ended
// is still listed.
const (
	devicesListed = 1000
	recently      = 30 * 24 * time.Hour
)

// DevicesSeen lists the devices of people in the given roles, those seen last
// first. A device that ended is listed for 30 days more. now is the caller's clock.
func (db *DB) DevicesSeen(ctx context.Context, j civic.JurisdictionID, roles []civic.Role, now time.Time) ([]civic.DeviceSeen, error) {
	var list []civic.DeviceSeen
	err := within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT d.id, d.user_id, d.name, d.created, greatest(d.created, d.refresh_expires - $5::interval),
			       d.refresh_expires, `+endOf+`
			FROM device d JOIN "user" u ON u.jurisdiction_id = d.jurisdiction_id AND u.id = d.user_id
			WHERE d.jurisdiction_id = $1 AND u.role = ANY($2::text[])
			  AND CASE WHEN d.revoked THEN d.changed ELSE d.refresh_expires END > $3::timestamptz - $6::interval
			ORDER BY 5 DESC, d.id LIMIT $4`, j, roleNames(roles), now, devicesListed, RefreshTTL, recently)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (d civic.DeviceSeen, err error) {
			err = row.Scan(&d.ID, &d.User, &d.Name, &d.Created, &d.Seen, &d.Ends, &d.Revoked, &d.SignedOut)
			return d, err
		})
		return err
	})
	return list, err
}

// Invite makes a one-time code for the next device of a user in one of the roles;
// for anybody else it is ErrNotFound, and for somebody whose access has just ended
// ErrBadToken. It stands in the audit under who asked.
func (db *DB) Invite(ctx context.Context, j civic.JurisdictionID, by civic.Asker, user civic.UserID, roles []civic.Role, expires time.Time) (code string, err error) {
	code = rand.Text()
	err = within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		if err := stillIn(ctx, tx, j, by); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `
			INSERT INTO enrolment (jurisdiction_id, code, user_id, expires, made_by)
			SELECT u.jurisdiction_id, $2, u.id, $4, $6 FROM "user" u
			WHERE u.jurisdiction_id = $1 AND u.id = $3 AND u.role = ANY($5::text[]) AND NOT u.disabled`,
			j, hashToken(code), user, expires, roleNames(roles), by.User)
		if err == nil && tag.RowsAffected() == 0 {
			return ErrNotFound
		}
		if err != nil {
			return err
		}
		return audit(ctx, tx, j, by.User, "device.invite", user.String())
	})
	return code, err
}

// stillIn locks a person's access, and is ErrBadToken where what they showed lets
// nobody in any more: a node believes a session for a moment longer.
func stillIn(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, by civic.Asker) error {
	if err := lockAccess(ctx, tx, j, by.User); err != nil {
		return err
	}
	var in bool
	err := tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM session WHERE jurisdiction_id = $1 AND token = $2 AND user_id = $4)
		    OR EXISTS (SELECT FROM device WHERE jurisdiction_id = $1 AND id = $3 AND user_id = $4 AND NOT revoked)`,
		j, hashToken(by.Session), by.Device, by.User).Scan(&in)
	if err == nil && !in {
		err = ErrBadToken
	}
	return err
}

// EndDevice revokes a device of a person in one of the roles; any other is
// ErrNotFound. Their sessions end too: a browser that signed in with a password
// could make itself a device again. It stands in the audit under who did it.
func (db *DB) EndDevice(ctx context.Context, j civic.JurisdictionID, by civic.UserID, device civic.DeviceID, roles []civic.Role) error {
	return within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		var user civic.UserID
		if err := tx.QueryRow(ctx, `
			UPDATE device d SET revoked = true, signed_out = false, changed = now() FROM "user" u
			WHERE d.jurisdiction_id = $1 AND d.id = $2 AND u.jurisdiction_id = $1 AND u.id = d.user_id
			  AND u.role = ANY($3::text[]) RETURNING u.id`, j, device, roleNames(roles)).Scan(&user); err != nil {
			return orNotFound(err)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM session WHERE jurisdiction_id = $1 AND user_id = $2`, j, user); err != nil {
			return err
		}
		return audit(ctx, tx, j, by, "device.end", device.String())
	})
}

// Looked notes that somebody has opened a confidential case.
func (db *DB) Looked(ctx context.Context, j civic.JurisdictionID, by civic.UserID, report civic.ReportID) error {
	return within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		return audit(ctx, tx, j, by, "report.look", report.String())
	})
}

// audit notes what somebody of the town hall did that is no edit; nobody is whoever
// runs the program.
func audit(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, by civic.UserID, action, about string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO audit (jurisdiction_id, id, user_id, action, about) VALUES ($1, gen_random_uuid(), nullif($2, $5::uuid), $3, $4::uuid)`,
		j, by, action, about, civic.UserID{})
	return err
}

func roleNames(roles []civic.Role) []string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return names
}
