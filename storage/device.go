package storage

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// How long a device may go without renewing (sync protocol 1, civic.Tokens).
const (
	AccessTTL  = 15 * time.Minute
	RefreshTTL = 30 * 24 * time.Hour
	// PushGrace is how long after its end a token may still push.
	PushGrace = 72 * time.Hour
)

// AddDevice makes a device of a user. ttl is the life of its first token.
func (db *DB) AddDevice(ctx context.Context, j civic.JurisdictionID, user civic.UserID, name string, ttl time.Duration, now time.Time) (civic.Tokens, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return civic.Tokens{}, err
	}
	t := civic.Tokens{Device: civic.DeviceID(id), Refresh: rand.Text() + rand.Text()}
	err = within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO device (jurisdiction_id, id, user_id, name, refresh, refresh_expires, created, version)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 2)`, j, t.Device, user, name, hashToken(t.Refresh), now.Add(RefreshTTL), now)
		return err
	})
	t.Token, t.ExpiresIn = db.accessToken(j, t.Device, now.Add(ttl)), int(ttl.Seconds())
	return t, err
}

// Enrol exchanges a one-time code for a device.
func (db *DB) Enrol(ctx context.Context, j civic.JurisdictionID, code, name string, now time.Time) (civic.Tokens, error) {
	var user civic.UserID
	err := within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			DELETE FROM enrolment WHERE jurisdiction_id = $1 AND code = $2 AND expires > $3 RETURNING user_id`,
			j, hashToken(code), now).Scan(&user)
	})
	if err != nil {
		return civic.Tokens{}, orNotFound(err)
	}
	return db.AddDevice(ctx, j, user, name, AccessTTL, now)
}

// AddEnrolment makes a one-time code for a user's next device.
func (db *DB) AddEnrolment(ctx context.Context, j civic.JurisdictionID, user civic.UserID, expires time.Time) (code string, err error) {
	code = rand.Text()
	err = within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO enrolment (jurisdiction_id, code, user_id, expires) VALUES ($1, $2, $3, $4)`,
			j, hashToken(code), user, expires)
		return err
	})
	return code, err
}

// Refresh renews a device's token and moves the end of its grant. The refresh
// token stays the same, so that a lost answer costs nothing.
func (db *DB) Refresh(ctx context.Context, j civic.JurisdictionID, refresh string, now time.Time) (civic.Tokens, error) {
	t := civic.Tokens{Refresh: refresh, ExpiresIn: int(AccessTTL.Seconds())}
	err := within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			UPDATE device d SET refresh_expires = $4 FROM "user" u
			WHERE d.jurisdiction_id = $1 AND d.refresh = $2 AND d.refresh_expires > $3 AND NOT d.revoked
			  AND u.jurisdiction_id = $1 AND u.id = d.user_id AND NOT u.disabled
			RETURNING d.id`, j, hashToken(refresh), now, now.Add(RefreshTTL)).Scan(&t.Device)
	})
	t.Token = db.accessToken(j, t.Device, now.Add(AccessTTL))
	return t, orNotFound(err)
}

// RevokeDevice ends a device's grant: it is told to forget what it holds.
func (db *DB) RevokeDevice(ctx context.Context, j civic.JurisdictionID, device civic.DeviceID) error {
	return within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE device SET revoked = true, changed = now() WHERE jurisdiction_id = $1 AND id = $2`, j, device)
		if err == nil && tag.RowsAffected() == 0 {
			return ErrNotFound
		}
		return err
	})
}

// RevokeUser ends all that lets a person in but their password: devices, which are
// told to forget what they hold, codes for devices to come, sessions.
func (db *DB) RevokeUser(ctx context.Context, j civic.JurisdictionID, user civic.UserID) (devices int, err error) {
	err = within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE device SET revoked = true, changed = now()
			WHERE jurisdiction_id = $1 AND user_id = $2 AND NOT revoked`, j, user)
		if err != nil {
			return err
		}
		devices = int(tag.RowsAffected())
		for _, sql := range []string{
			`DELETE FROM enrolment WHERE jurisdiction_id = $1 AND user_id = $2`,
			`DELETE FROM session WHERE jurisdiction_id = $1 AND user_id = $2`,
		} {
			if _, err := tx.Exec(ctx, sql, j, user); err != nil {
				return err
			}
		}
		return nil
	})
	return devices, err
}

// accessToken signs a device's id and the end of the token: what it opens is
// read from the device's row each time.
func (db *DB) accessToken(j civic.JurisdictionID, d civic.DeviceID, expires time.Time) string {
	raw := binary.BigEndian.AppendUint64(append([]byte(nil), d[:]...), uint64(expires.Unix())) // #nosec G115 -- after 1970
	return base64.RawURLEncoding.EncodeToString(append(raw, db.TownKey(j).Sum("access", raw)...))
}

// ErrBadToken says that a token is none of ours, or ended too long ago.
var ErrBadToken = civic.ErrBadToken

// Grant reads what a token's device may do now. A revoked device comes back
// with Revoked set, however old its token; a token past its end with Expires in
// the past, as long as it may still push; anything else is ErrBadToken.
func (db *DB) Grant(ctx context.Context, j civic.JurisdictionID, token string, now time.Time) (civic.Grant, error) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 24+sha256.Size {
		return civic.Grant{}, ErrBadToken
	}
	old := false
	if !hmac.Equal(raw[24:], db.TownKey(j).Sum("access", raw[:24])) {
		if old = hmac.Equal(raw[24:], db.oldAccessSum(raw[:24])); !old {
			return civic.Grant{}, ErrBadToken
		}
	}
	expires := time.Unix(int64(binary.BigEndian.Uint64(raw[16:24])), 0) // #nosec G115 -- signed by us
	device := civic.DeviceID(raw[:16])
	grants, err := db.grantsOf(ctx, j, []civic.DeviceID{device}, old)
	if err != nil {
		return civic.Grant{}, err
	}
	g, ok := grants[device]
	if !ok || !g.Revoked && now.After(expires.Add(PushGrace)) {
		return civic.Grant{}, ErrBadToken
	}
	g.Expires = expires
	return g, nil
}

// GrantsOf reads what devices may do now, tokens apart. Those that do not exist
// are left out.
func (db *DB) GrantsOf(ctx context.Context, j civic.JurisdictionID, devices []civic.DeviceID) (map[civic.DeviceID]civic.Grant, error) {
	return db.grantsOf(ctx, j, devices, false)
}

// grantsOf is GrantsOf; old asks for those alone that had tokens of the old kind.
func (db *DB) grantsOf(ctx context.Context, j civic.JurisdictionID, devices []civic.DeviceID, old bool) (map[civic.DeviceID]civic.Grant, error) {
	ids := make([]string, len(devices))
	for i, d := range devices {
		ids[i] = d.String()
	}
	grants := make(map[civic.DeviceID]civic.Grant, len(devices))
	err := within(ctx, db.sync, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT d.id, u.id, u.role, d.last_n, d.revoked OR u.disabled,
			       coalesce((t.settings->>'reporter_to_crew')::boolean, false) AND u.role <> 'contractor',
			       ARRAY(SELECT team_id::text FROM user_team m WHERE m.jurisdiction_id = $1 AND m.user_id = u.id ORDER BY 1),
			       ARRAY(SELECT desk_id::text FROM user_desk m WHERE m.jurisdiction_id = $1 AND m.user_id = u.id ORDER BY 1)
			FROM device d JOIN "user" u ON u.jurisdiction_id = d.jurisdiction_id AND u.id = d.user_id
			JOIN jurisdiction t ON t.id = d.jurisdiction_id
			WHERE d.jurisdiction_id = $1 AND d.id = ANY($2::text[]::uuid[]) AND (d.version = 1 OR NOT $3)`, j, ids, old)
		if err != nil {
			return err
		}
		list, err := pgx.CollectRows(rows, scanGrant)
		if err != nil {
			return err
		}
		users := make([]string, len(list))
		for i, g := range list {
			users[i] = g.Actor.User.String()
		}
		were, err := tenuresOf(ctx, tx, j, users)
		for _, g := range list {
			g.Jurisdiction, g.Actor.Tenures = j, were[g.Actor.User]
			grants[g.Device] = g
		}
		return err
	})
	return grants, err
}

func scanGrant(row pgx.CollectableRow) (g civic.Grant, err error) {
	var teams, desks []string
	err = row.Scan(&g.Device, &g.Actor.User, &g.Actor.Role, &g.LastN, &g.Revoked, &g.Reporters, &teams, &desks)
	g.Actor.Device = g.Device
	g.Actor.Teams, g.Actor.Desks = parseIDs[civic.Team](teams), parseIDs[civic.Desk](desks)
	g.Desks = g.Actor.Desks
	return g, err
}

// Pushed tells a device's last number, and which of some edits are stored.
func (db *DB) Pushed(ctx context.Context, j civic.JurisdictionID, device civic.DeviceID, ids []civic.EditID) (lastN int64, stored map[civic.EditID]bool, err error) {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	stored = make(map[civic.EditID]bool)
	err = within(ctx, db.sync, j, readOnly, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, `SELECT last_n FROM device WHERE jurisdiction_id = $1 AND id = $2`, j, device).Scan(&lastN); err != nil {
			return orNotFound(err)
		}
		if len(ids) == 0 {
			return nil
		}
		rows, err := tx.Query(ctx, `SELECT id FROM edit WHERE jurisdiction_id = $1 AND id = ANY($2::text[]::uuid[])`, j, texts)
		if err != nil {
			return err
		}
		list, err := pgx.CollectRows(rows, pgx.RowTo[civic.EditID])
		for _, id := range list {
			stored[id] = true
		}
		return err
	})
	return lastN, stored, err
}

// hashToken is how a token of 128 random bits or more is kept.
func hashToken(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// advanceNumber counts a number as answered, and with it those after it that
// were answered before: last_n is the end of the run without a gap. $1 town, $2
// device, $3 the number, whose own edit need not be stored yet. In the common
// case the device's number moves by one after one probe of an index.
const advanceNumber = `
	WITH RECURSIVE run(n) AS (
		SELECT $3::bigint
		UNION ALL
		SELECT run.n + 1 FROM run
		WHERE EXISTS (SELECT FROM edit WHERE jurisdiction_id = $1 AND device_id = $2 AND edit.n = run.n + 1)
	)
	UPDATE device SET last_n = (SELECT max(n) FROM run)
	WHERE jurisdiction_id = $1 AND id = $2 AND last_n = $3::bigint - 1`

// Skip counts a number as answered whose edit could not even be named.
func (db *DB) Skip(ctx context.Context, j civic.JurisdictionID, device civic.DeviceID, n int64) error {
	return within(ctx, db.sync, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		// Locked first, so that the next statement sees what an edit under way has stored.
		if _, err := tx.Exec(ctx, `SELECT FROM device WHERE jurisdiction_id = $1 AND id = $2 FOR UPDATE`, j, device); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, advanceNumber, j, device, n)
		return err
	})
}
