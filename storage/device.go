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
func (db *DB) AddDevice(ctx context.Context, j civic.JurisdictionID, user civic.UserID, name string, ttl time.Duration, now time.Time) (t civic.Tokens, err error) {
	err = within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		t, err = db.addDevice(ctx, tx, j, user, name, ttl, now)
		return err
	})
	return t, err
}

func (db *DB) addDevice(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, user civic.UserID, name string, ttl time.Duration, now time.Time) (civic.Tokens, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return civic.Tokens{}, err
	}
	t := civic.Tokens{
		Device: civic.DeviceID(id), Refresh: rand.Text() + rand.Text(), Seal: db.sealOf(j, user), ExpiresIn: int(ttl.Seconds()),
	}
	t.Token = db.accessToken(j, t.Device, now.Add(ttl))
	_, err = tx.Exec(ctx, `
		INSERT INTO device (jurisdiction_id, id, user_id, name, refresh, refresh_expires, created, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 2)`, j, t.Device, user, name, hashToken(t.Refresh), now.Add(RefreshTTL), now)
	return t, err
}

// DeviceBySession makes a device of whoever is signed in by a token. ErrNotFound says
// that nobody is, or not any more.
func (db *DB) DeviceBySession(ctx context.Context, j civic.JurisdictionID, session, name string, now time.Time) (civic.Tokens, error) {
	const find = `SELECT user_id FROM session WHERE jurisdiction_id = $1 AND token = $2`
	return db.deviceBy(ctx, j, [2]string{find, find}, name, now, hashToken(session))
}

// Enrol exchanges a one-time code for a device.
func (db *DB) Enrol(ctx context.Context, j civic.JurisdictionID, code, name string, now time.Time) (civic.Tokens, error) {
	const which = ` FROM enrolment WHERE jurisdiction_id = $1 AND code = $2 AND expires > $3`
	return db.deviceBy(ctx, j, [2]string{`SELECT user_id` + which, `DELETE` + which + ` RETURNING user_id`}, name, now, hashToken(code), now)
}

// deviceBy makes a device of the user whom both statements find, before the lock and
// behind it, so that no device outlives what it was made from. $1 is the town, the
// rest of the arguments by follows.
func (db *DB) deviceBy(ctx context.Context, j civic.JurisdictionID, find [2]string, name string, now time.Time, by ...any) (t civic.Tokens, err error) {
	by = append([]any{j}, by...)
	err = within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		var user civic.UserID
		if err := tx.QueryRow(ctx, find[0], by...).Scan(&user); err != nil {
			return orNotFound(err)
		}
		if err := lockAccess(ctx, tx, j, user); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, find[1], by...).Scan(&user); err != nil {
			return orNotFound(err)
		}
		t, err = db.addDevice(ctx, tx, j, user, name, AccessTTL, now)
		return err
	})
	return t, err
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
// token stays the same, so that a lost answer costs nothing. A device that was ended
// is told how, as by Grant, however late it asks.
func (db *DB) Refresh(ctx context.Context, j civic.JurisdictionID, refresh string, now time.Time) (civic.Tokens, error) {
	t := civic.Tokens{Refresh: refresh, ExpiresIn: int(AccessTTL.Seconds())}
	err := within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		var user civic.UserID
		var g civic.Grant
		err := tx.QueryRow(ctx, `
			UPDATE device d SET refresh_expires = CASE WHEN d.revoked OR u.disabled THEN d.refresh_expires ELSE $4 END FROM "user" u
			WHERE d.jurisdiction_id = $1 AND d.refresh = $2 AND u.jurisdiction_id = $1 AND u.id = d.user_id
			  AND (d.refresh_expires > $3 OR d.revoked OR u.disabled)
			RETURNING d.id, u.id, `+endOf, j, hashToken(refresh), now, now.Add(RefreshTTL)).Scan(&t.Device, &user, &g.Revoked, &g.SignedOut)
		if err != nil {
			return orNotFound(err)
		}
		t.Seal = db.sealOf(j, user)
		return g.Refusal()
	})
	if err != nil {
		return civic.Tokens{}, err
	}
	t.Token = db.accessToken(j, t.Device, now.Add(AccessTTL))
	return t, nil
}

// endOf tells of device d and user u whether and how the device has ended.
const endOf = `d.revoked OR u.disabled, d.signed_out AND NOT u.disabled`

// sealOf is what a person's devices seal unsent work with when they are signed out:
// the same for whichever device they come back with, and on none meanwhile.
func (db *DB) sealOf(j civic.JurisdictionID, user civic.UserID) string {
	return base64.RawURLEncoding.EncodeToString(db.TownKey(j).Sum("seal", user[:]))
}

// RevokeDevice ends a device's grant: it is told to forget what it holds.
func (db *DB) RevokeDevice(ctx context.Context, j civic.JurisdictionID, device civic.DeviceID) error {
	return within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE device SET revoked = true, signed_out = false, changed = now() WHERE jurisdiction_id = $1 AND id = $2`, j, device)
		if err == nil && tag.RowsAffected() == 0 {
			return ErrNotFound
		}
		return err
	})
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
			SELECT d.id, u.id, u.role, d.last_n, `+endOf+`,
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
	err = row.Scan(&g.Device, &g.Actor.User, &g.Actor.Role, &g.LastN, &g.Revoked, &g.SignedOut, &g.Reporters, &teams, &desks)
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
