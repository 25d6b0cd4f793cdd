package storage

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"segnavia/civic"
)

// codeTries is how many codes are tried for a new report before giving up: at a
// million reports in a town one code in ten is taken.
const codeTries = 20

// Apply decides an edit and keeps it with its answer, in one transaction that
// is durable before Apply returns. A repeat gets the stored answer; the same id
// with other words, or from another actor, is refused as id_taken.
//
// n is the device's number of the edit, 0 for edits that come without a device.
// The error is ErrBusy when nothing was changed and the edit may be sent again.
func (db *DB) Apply(ctx context.Context, j civic.JurisdictionID, e civic.Edit, n int64) (civic.Answer, error) {
	digest := e.Digest()
	for try := 0; ; try++ {
		answer, versions, err := db.applyOnce(ctx, j, e, n, digest)
		var pg *pgconn.PgError
		if errors.As(err, &pg) && pg.Code == "23505" && try < codeTries {
			// Somebody else kept this edit, this report or this code first: look again.
			continue
		}
		if errors.As(err, &pg) && pg.Code[:2] == "22" && e.Bad == nil {
			// A text or a number that JSON knows and the database cannot hold (half
			// an emoji, 1e999): it will never fit, so it is refused and not tried again.
			e.Bad = civic.Refuse(civic.CodeBadEdit)
			continue
		}
		if err != nil {
			return civic.Answer{}, fmt.Errorf("apply edit %s: %w", e.ID, orBusy(err))
		}
		db.wake(j, versions)
		return answer, nil
	}
}

// orBusy marks the errors after which the same request may be sent again: the
// database is not there, or not now. Whether what was under way has been kept is
// not known then, and need not be: a repeat gets the stored answer.
func orBusy(err error) error {
	var pg *pgconn.PgError
	var broken net.Error
	switch {
	case err == nil, errors.Is(err, ErrBusy):
		return err
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return errors.Join(ErrBusy, err)
	case errors.As(err, &pg):
		switch pg.Code[:2] {
		case "40", "53", "55", "57", "08": // serialisation, resources, locks, shutdown, connection
			return errors.Join(ErrBusy, err)
		}
		return err
	case errors.As(err, new(*pgconn.ConnectError)), pgconn.SafeToRetry(err), errors.As(err, &broken),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return errors.Join(ErrBusy, err)
	default:
		return err
	}
}

// job is one edit on its way through one transaction.
type job struct {
	j      civic.JurisdictionID
	key    civic.TownKey
	edit   civic.Edit
	n      int64
	digest [32]byte

	before civic.Report
	held   map[civic.Scope]int64
	stored *storedEdit
	rules  int64
	taken  []civic.Code // which of the tried codes are in use
}

type storedEdit struct {
	id     civic.EditID
	digest []byte
	user   civic.UserID
	role   civic.Role
	result []byte
}

// barred says that the edit was taken away and must not come back, whatever it says.
func (s *storedEdit) barred() bool { return len(s.digest) == 0 }

// same reports whether an edit is the stored one: the same words, by the same person,
// or where nobody is named by the same kind of actor.
func (s *storedEdit) same(e *civic.Edit, digest [32]byte) bool {
	return bytes.Equal(s.digest, digest[:]) && s.user == e.Actor.User && (!s.user.IsZero() || s.role == e.Actor.Role)
}

func (db *DB) applyOnce(ctx context.Context, j civic.JurisdictionID, e civic.Edit, n int64, digest [32]byte) (civic.Answer, map[civic.Scope]int64, error) {
	var answer civic.Answer
	ctx, cancel := db.app.bounded(ctx)
	defer cancel()
	conn, err := db.app.Acquire(ctx)
	if err != nil {
		return answer, nil, err
	}
	defer conn.Release()
	tx, err := conn.Begin(ctx)
	if err != nil {
		return answer, nil, err
	}
	defer func() {
		// The last batch ends with COMMIT, of which tx knows nothing.
		if conn.Conn().PgConn().TxStatus() != 'I' {
			undo(ctx, tx)
		}
	}()
	known, err := db.rulesAt(ctx, j, 0)
	if err != nil {
		return answer, nil, err
	}
	w := job{j: j, key: db.TownKey(j), edit: e, n: n, digest: digest}
	if err := w.read(ctx, tx, known.Prefix); err != nil {
		return answer, nil, err
	}
	if w.stored != nil {
		return w.repeat(ctx, tx)
	}
	rules, err := db.rulesAt(ctx, j, w.rules)
	if err != nil {
		return answer, nil, err
	}
	return w.decide(ctx, tx, db, rules)
}

// read locks what the edit may change, in the order device, report, and reads
// what is needed to decide: one round trip, and another where an address is corrected.
func (w *job) read(ctx context.Context, tx pgx.Tx, prefix string) error {
	codes, err := w.mintCodes(prefix)
	if err != nil {
		return err
	}
	batch := &pgx.Batch{}
	batch.Queue(setTown, w.j)
	if w.n > 0 {
		batch.Queue(`SELECT last_n FROM device WHERE jurisdiction_id = $1 AND id = $2 FOR UPDATE`,
			w.j, w.edit.Actor.Device)
	}
	batch.Queue(`SELECT `+reportColumns+` FROM report WHERE jurisdiction_id = $1 AND id = $2 FOR UPDATE`, w.j, w.edit.Report).
		QueryRow(func(row pgx.Row) (err error) {
			if w.before, err = scanReport(row); errors.Is(err, pgx.ErrNoRows) {
				w.before, err = civic.Report{}, nil
			}
			return err
		})
	batch.Queue(`SELECT id, digest, user_id, role, result FROM edit WHERE jurisdiction_id = $1 AND id IN ($2, $3)`,
		w.j, w.edit.ID, w.edit.Formerly).Query(w.readStored)
	batch.Queue(`SELECT scope, rev FROM membership WHERE jurisdiction_id = $1 AND report_id = $2`, w.j, w.edit.Report).
		Query(func(rows pgx.Rows) (err error) {
			w.held, err = collectRevs(rows)
			return err
		})
	batch.Queue(`SELECT rules FROM jurisdiction WHERE id = $1`, w.j).
		QueryRow(func(row pgx.Row) error { return row.Scan(&w.rules) })
	if len(codes) > 0 {
		batch.Queue(`SELECT code FROM report WHERE jurisdiction_id = $1 AND code = ANY($2)`, w.j, codes).
			Query(func(rows pgx.Rows) (err error) {
				w.taken, err = pgx.CollectRows(rows, pgx.RowTo[civic.Code])
				return err
			})
	}
	w.queueSpot(batch)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return err
	}
	if err := w.askAddress(ctx, tx); err != nil {
		return err
	}
	for _, c := range codes {
		if !slices.Contains(w.taken, civic.Code(c)) {
			w.edit.Minted.Code = civic.Code(c)
			break
		}
	}
	return nil
}

func ignoreNoRows(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	return err
}

// readStored finds the edit among what is stored under its id and under the one that
// it had formerly, where somebody else's may stand.
func (w *job) readStored(rows pgx.Rows) error {
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (s storedEdit, err error) {
		err = row.Scan(&s.id, &s.digest, &s.user, &s.role, &s.result)
		return s, err
	})
	for i := range list {
		s := &list[i]
		if w.stored != nil && w.stored.barred() {
			break
		}
		if s.barred() || s.same(&w.edit, w.digest) || s.id == w.edit.ID && w.stored == nil {
			w.stored = s
		}
	}
	return err
}

// mintCodes draws a few codes for a report that may be created.
func (w *job) mintCodes(prefix string) ([]string, error) {
	if w.edit.Kind != civic.KindCreate || w.edit.Minted.Code != "" {
		return nil, nil
	}
	codes := make([]string, 3)
	for i := range codes {
		n, err := randomNumber(1e7)
		if err != nil {
			return nil, err
		}
		codes[i] = string(civic.NewCode(prefix, n))
	}
	return codes, nil
}

func randomNumber(below uint32) (uint32, error) {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		return 0, err
	}
	return uint32(binary.BigEndian.Uint64(b[:]) % uint64(below)), nil // #nosec G115 -- below 2³²
}

func collectRevs(rows pgx.Rows) (map[civic.Scope]int64, error) {
	held := make(map[civic.Scope]int64)
	var s civic.Scope
	var rev int64
	_, err := pgx.ForEachRow(rows, []any{&s, &rev}, func() error {
		held[s] = rev
		return nil
	})
	return held, err
}

// repeat answers an edit that is stored already: the same answer, or id_taken
// for another edit under its id. The device's number still counts as answered.
func (w *job) repeat(ctx context.Context, tx pgx.Tx) (civic.Answer, map[civic.Scope]int64, error) {
	var answer civic.Answer
	if !w.stored.barred() && !w.stored.same(&w.edit, w.digest) {
		answer.Result = civic.Result{Status: civic.Refused, Code: civic.CodeIDTaken}
		answer.Versions = map[civic.Scope]int64{}
	} else if err := json.Unmarshal(w.stored.result, &answer); err != nil {
		return answer, nil, err
	}
	answer.ID, answer.N, answer.Repeated = w.stored.id, w.n, true
	if w.n > 0 {
		batch := &pgx.Batch{}
		w.queueNumber(batch)
		batch.Queue(`COMMIT`)
		return answer, nil, tx.SendBatch(ctx, batch).Close()
	}
	return answer, nil, nil
}

func (w *job) queueNumber(batch *pgx.Batch) {
	if w.n > 0 {
		batch.Queue(advanceNumber, w.j, w.edit.Actor.Device, w.n)
	}
}

// decide runs the rules over the edit and over what the system adds to it, and
// writes everything in a second round trip that ends with COMMIT.
func (w *job) decide(ctx context.Context, tx pgx.Tx, db *DB, rules *civic.Rules) (civic.Answer, map[civic.Scope]int64, error) {
	now := time.Now()
	report, out, err := civic.Apply(rules, w.before, w.edit, now)
	if err != nil {
		return civic.Answer{}, nil, err
	}
	batch := &pgx.Batch{}
	why, blank, effects := out.Why, out.Blank, out.Effects
	w.queueApart(batch, w.edit, out, now)
	w.queueUpdate(batch, out.Update)
	for _, follow := range out.Follow {
		next, more, err := civic.Apply(rules, report, follow, now)
		if err != nil {
			return civic.Answer{}, nil, err
		}
		if !more.Result.Changes() {
			continue
		}
		report, effects = next, append(effects, more.Effects...)
		why, blank = orText(why, more.Why), blank || more.Blank
		w.queueApart(batch, follow, more, now)
		w.queueUpdate(batch, more.Update)
		if err := w.queueFollow(batch, follow, more); err != nil {
			return civic.Answer{}, nil, err
		}
	}
	if out.Result.Changes() {
		out.Result.Rev = report.Rev
		if err := w.queueReport(batch, &report); err != nil {
			return civic.Answer{}, nil, err
		}
		if w.edit.Kind == civic.KindCreate {
			if err := db.queueAccess(batch, w.j, &report, &w.edit); err != nil {
				return civic.Answer{}, nil, err
			}
		}
		if err := w.renewPIN(ctx, tx, db); err != nil {
			return civic.Answer{}, nil, err
		}
		if err := db.queue.insert(ctx, tx, w.j, w.edit, effects, len(out.Media) > 0); err != nil {
			return civic.Answer{}, nil, err
		}
		if blank {
			batch.Queue(`UPDATE scope_log SET body = '{}' WHERE jurisdiction_id = $1 AND report_id = $2 AND body IS NOT NULL`,
				w.j, w.edit.Report)
			batch.Queue(`DELETE FROM scope_snapshot WHERE jurisdiction_id = $1`, w.j)
		}
	}
	w.queueNumber(batch)
	var ops []civic.ScopedOp
	if out.Result.Changes() {
		ops = civic.Emit(&w.before, &report, w.held, w.edit.ID, why, blank)
	}
	versions, err := w.commit(ctx, tx, batch, ops, out)
	if err != nil {
		return civic.Answer{}, nil, err
	}
	return civic.Answer{ID: w.edit.ID, N: w.n, Result: out.Result, Versions: versions}, versions, nil
}

// commit sends everything that was queued, then the log with the edit, then
// COMMIT, as one round trip.
func (w *job) commit(ctx context.Context, tx pgx.Tx, batch *pgx.Batch, ops []civic.ScopedOp, out civic.Outcome) (map[civic.Scope]int64, error) {
	result, err := json.Marshal(out.Result)
	if err != nil {
		return nil, err
	}
	c := columns(ops)
	e := w.edit
	versions := make(map[civic.Scope]int64, len(ops))
	batch.Queue(emitSQL, w.j, c.scopes, c.kinds, c.ids, c.revs, c.bodies, c.whys, c.edits, c.dn, c.da, c.db,
		e.ID, e.Actor.Device, numberOrNull(w.n), e.Report, string(e.Kind), w.digest[:], bodyOrNull(out.Record), result,
		numberOrNull(out.Result.Rev), string(e.Actor.Role), e.Actor.User, orNull(sane(e.At))).
		Query(func(rows pgx.Rows) (err error) {
			versions, err = collectRevs(rows)
			return err
		})
	batch.Queue(`COMMIT`)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return nil, err
	}
	if len(versions) != len(ops) {
		return nil, fmt.Errorf("%d scopes without a head", len(ops)-len(versions))
	}
	return versions, nil
}

// sane keeps a phone's clock within what a database can hold.
func sane(t time.Time) time.Time {
	if t.Year() < 1970 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}

func numberOrNull(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

func orText(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
