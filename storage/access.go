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
	turn    int32  // how many PINs the office has given instead of the first
}

// fields are where accessColumns are read into.
func (a *access) fields() []any { return []any{&a.version, &a.nonce, &a.turn} }

const accessColumns = `version, nonce, pin_turn`

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
	sum := a.derive("pin")
	if a.turn > 0 {
		sum = a.db.TownKey(a.j).Sum("pin", a.report[:], a.nonce, binary.BigEndian.AppendUint32(nil, uint32(a.turn))) // #nosec G115 -- counts up from 0
	}
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(sum)%1e6)
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
// secret; its PIN alone, whoever of the office has just given another. A report of a
// crew's own has a code and nothing else.
func (db *DB) Receipt(ctx context.Context, j civic.JurisdictionID, id civic.ReportID) (civic.Receipt, error) {
	receipt := civic.Receipt{Report: id}
	a := db.accessOf(j, id)
	err := within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			SELECT r.code, coalesce(a.version, 0), a.nonce, coalesce(a.pin_turn, 0) FROM report r
			LEFT JOIN report_access a ON a.jurisdiction_id = r.jurisdiction_id AND a.report_id = r.id
			WHERE r.jurisdiction_id = $1 AND r.id = $2`, j, id).Scan(&receipt.Code, &a.version, &a.nonce, &a.turn)
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

// OpenBySecret reports whether the secret of a link is the report's.
func (db *DB) OpenBySecret(ctx context.Context, j civic.JurisdictionID, id civic.ReportID, secret string) (bool, error) {
	var stored []byte
	a := db.accessOf(j, id)
	err := within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT secret, `+accessColumns+` FROM report_access WHERE jurisdiction_id = $1 AND report_id = $2`,
			j, id).Scan(append([]any{&stored}, a.fields()...)...)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil // nothing opens a report that nobody reported, or that is not here
	}
	return err == nil && subtle.ConstantTimeCompare(stored, a.hashOf("link", secret)) == 1, err
}
