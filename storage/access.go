package storage

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// The secret of a report's link and its PIN follow from the town's key, the report's
// id and the hash of its sender's nonce, so that a receipt, a notice or a letter can
// make them again; the database holds only what recognises them. Who names an id and
// repeats the words gets neither: the nonce is in no body.

// access is what lets a reporter back in, as its row holds it.
type access struct {
	db      *DB
	j       civic.JurisdictionID
	report  civic.ReportID
	version int
	nonce   []byte // the hash; nil in version 1
}

const accessColumns = `version, nonce`

func (db *DB) accessOf(j civic.JurisdictionID, id civic.ReportID) access {
	return access{db: db, j: j, report: id}
}

func (a *access) derive(what string) []byte {
	if a.version == 1 {
		return a.db.oldSum(what, a.report[:])
	}
	return a.db.TownKey(a.j).Sum(what, a.report[:], a.nonce)
}

func (a *access) secret() string {
	return base64.RawURLEncoding.EncodeToString(a.derive("link")[:20])
}

func (a *access) pin() string {
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(a.derive("pin"))%1e6)
}

// hashOf recognises a secret or a PIN. It is keyed, so that the million PINs
// cannot be tried against a stolen table.
func (a *access) hashOf(what, value string) []byte {
	if a.version == 1 {
		return a.db.oldSum(what+"-hash\x00"+value+"\x00", a.report[:])
	}
	return a.db.TownKey(a.j).Sum(what+" hash", a.report[:], []byte(value))
}

// queueAccess lets the reporter of a new report back in. Crews need no key. A report
// that came without its sender's nonce has one that nobody knows.
func (db *DB) queueAccess(batch *pgx.Batch, j civic.JurisdictionID, r *civic.Report, e *civic.Edit) error {
	if e.Actor.Field() {
		return nil
	}
	a := access{db: db, j: j, report: r.ID, version: 2, nonce: e.Minted.Nonce[:]}
	if e.Minted.Nonce.IsZero() {
		a.nonce = make([]byte, sha256.Size)
		if _, err := rand.Read(a.nonce); err != nil {
			return err
		}
	}
	batch.Queue(`INSERT INTO report_access (jurisdiction_id, report_id, secret, pin, version, nonce) VALUES ($1, $2, $3, $4, $5, $6)`,
		j, r.ID, a.hashOf("link", a.secret()), a.hashOf("pin", a.pin()), a.version, a.nonce)
	return nil
}

// Receipt is what the reporter of a report takes home. Only whoever made the report
// may be shown it: who has just made it, who shows its nonce (SentWith), who holds its
// secret. A report of a crew's own has a code and nothing else.
func (db *DB) Receipt(ctx context.Context, j civic.JurisdictionID, id civic.ReportID) (civic.Receipt, error) {
	receipt := civic.Receipt{Report: id}
	a := db.accessOf(j, id)
	err := within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			SELECT r.code, coalesce(a.version, 0), a.nonce FROM report r
			LEFT JOIN report_access a ON a.jurisdiction_id = r.jurisdiction_id AND a.report_id = r.id
			WHERE r.jurisdiction_id = $1 AND r.id = $2`, j, id).Scan(&receipt.Code, &a.version, &a.nonce)
	})
	if err == nil && a.version > 0 {
		receipt.PIN, receipt.Secret = a.pin(), a.secret()
	}
	return receipt, orNotFound(err)
}

// SentWith reports whether a report is here and was sent with a nonce.
func (db *DB) SentWith(ctx context.Context, j civic.JurisdictionID, id civic.ReportID, nonce civic.NonceHash) (bool, error) {
	if nonce.IsZero() {
		return false, nil
	}
	var stored []byte
	err := within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		return ignoreNoRows(tx.QueryRow(ctx, `SELECT nonce FROM report_access WHERE jurisdiction_id = $1 AND report_id = $2`, j, id).Scan(&stored))
	})
	return subtle.ConstantTimeCompare(stored, nonce[:]) == 1, err
}

// MaxPINTries is how many wrong PINs a report takes before only a call helps.
const MaxPINTries = 5

// OpenBySecret reports whether the secret of a link is the report's.
func (db *DB) OpenBySecret(ctx context.Context, j civic.JurisdictionID, id civic.ReportID, secret string) (bool, error) {
	var stored []byte
	a := db.accessOf(j, id)
	err := within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT secret, `+accessColumns+` FROM report_access WHERE jurisdiction_id = $1 AND report_id = $2`,
			j, id).Scan(&stored, &a.version, &a.nonce)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil // nothing opens a report that nobody reported, or that is not here
	}
	return err == nil && subtle.ConstantTimeCompare(stored, a.hashOf("link", secret)) == 1, err
}

// OpenByPIN exchanges a PIN for the secret of the link. A wrong PIN counts; after
// MaxPINTries the answer is a civic.Error too_many_tries, whatever the PIN.
func (db *DB) OpenByPIN(ctx context.Context, j civic.JurisdictionID, id civic.ReportID, pin string) (string, error) {
	var right, locked bool
	a := db.accessOf(j, id)
	err := within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		var stored []byte
		var tries int
		if err := tx.QueryRow(ctx, `
			SELECT pin, tries, `+accessColumns+` FROM report_access WHERE jurisdiction_id = $1 AND report_id = $2 FOR UPDATE`,
			j, id).Scan(&stored, &tries, &a.version, &a.nonce); err != nil {
			return err
		}
		right = subtle.ConstantTimeCompare(stored, a.hashOf("pin", pin)) == 1
		if locked = tries >= MaxPINTries; locked {
			return nil
		}
		next := tries + 1
		if right {
			next = 0
		}
		_, err := tx.Exec(ctx, `UPDATE report_access SET tries = $3 WHERE jurisdiction_id = $1 AND report_id = $2`, j, id, next)
		return err
	})
	switch err = orNotFound(err); {
	case err != nil:
		return "", err
	case locked:
		return "", civic.Refuse("too_many_tries")
	case !right:
		return "", civic.Refuse("bad_pin")
	default:
		return a.secret(), nil
	}
}
