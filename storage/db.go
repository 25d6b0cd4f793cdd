package storage

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"segnavia/civic"
)

// DB is a migrated database, by its pools: requests and sync never wait for
// bulk work, and each takes on the least role that does its work.
type DB struct {
	url  string
	app  *pool
	sync *pool
	jobs *pool
	bulk *pool

	installation installation
	rules        rulesCache
	drawing      drawing
	queue        *queue

	mu    sync.Mutex
	woken func([]civic.Wake)
}

// Options say how many connections each pool may open; 0 takes the default.
type Options struct {
	URL     string
	AppMax  int32
	SyncMax int32
	// Patience bounds the wait of a request for the database; 0 is a quarter of a
	// minute.
	Patience time.Duration
	// Restoring opens a database whose restore has not ended.
	Restoring bool
}

type installation struct {
	epoch  string
	secret []byte
}

// Open opens the pools of a migrated database, as the program's login. It fails
// with one clear line when the database cannot be reached or was never migrated.
func Open(ctx context.Context, o Options) (*DB, error) {
	db := &DB{url: o.URL}
	for _, p := range []struct {
		pool      **pool
		role      string
		max       int32
		statement string
		patience  time.Duration
	}{
		{&db.app, roleApp, orDefault(o.AppMax, 24), "5s", orDefault(o.Patience, requestPatience)},
		{&db.sync, roleApp, orDefault(o.SyncMax, 16), "5s", orDefault(o.Patience, requestPatience)},
		{&db.jobs, roleJobs, 10, "60s", jobPatience},
		{&db.bulk, roleBulk, 6, "0", 0},
	} {
		connections, err := openPool(ctx, o.URL, p.role, p.max, p.statement)
		if err != nil {
			db.Close()
			return nil, err
		}
		*p.pool = &pool{connections, p.patience}
	}
	var note string
	if err := db.app.QueryRow(ctx, `
		SELECT epoch::text, secret, coalesce(obj_description('installation'::regclass), '') FROM installation`).
		Scan(&db.installation.epoch, &db.installation.secret, &note); err != nil {
		db.Close()
		var pg *pgconn.PgError
		if errors.As(err, &pg) && pg.Code == "42P01" {
			return nil, errors.New("database: no tables; run `segnavia migrate` first")
		}
		return nil, connectError(err)
	}
	if note == restoring && !o.Restoring {
		db.Close()
		return nil, errors.New("database: a restore did not end; run `segnavia restore` again, with --replace")
	}
	queue, err := newQueue(db)
	if err != nil {
		db.Close()
		return nil, err
	}
	db.queue = queue
	return db, nil
}

func openPool(ctx context.Context, url, role string, most int32, statement string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database url: %w", err)
	}
	config.MaxConns = most
	config.MaxConnIdleTime = 5 * time.Minute
	for k, v := range map[string]string{
		"role": role, "application_name": "segnavia-" + role, "timezone": "UTC",
		"statement_timeout": statement, "lock_timeout": "2s",
		"idle_in_transaction_session_timeout": "10s",
	} {
		config.ConnConfig.RuntimeParams[k] = v
	}
	if statement == "0" {
		config.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "0"
		config.ConnConfig.RuntimeParams["lock_timeout"] = "30s"
	}
	config.AfterConnect = registerGeometry
	config.ConnConfig.DialFunc = dialler.DialContext
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, connectError(err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, connectError(err)
	}
	return pool, nil
}

// Close waits for what is running and closes the pools.
func (db *DB) Close() {
	for _, p := range []*pool{db.app, db.sync, db.jobs, db.bulk} {
		if p != nil {
			p.Close()
		}
	}
}

// TownKey is what the secrets of a town and the ids that the system derives there
// follow from. What was made before there were keys follows from the installation's
// secret alone: storage/old_secrets.go knows it again.
func (db *DB) TownKey(j civic.JurisdictionID) civic.TownKey {
	return civic.NewTownKey(db.installation.secret, j)
}

// Epoch is the age of this database: renewed when commits may have been lost.
func (db *DB) Epoch() string { return db.installation.epoch }

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	ctx, cancel := db.app.bounded(ctx)
	defer cancel()
	return db.app.Ping(ctx)
}

// OnWake sets who is told of scopes that moved, right after each commit of this
// node. The function must not block.
func (db *DB) OnWake(f func([]civic.Wake)) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.woken = f
}

func (db *DB) wake(j civic.JurisdictionID, versions map[civic.Scope]int64) {
	db.mu.Lock()
	f := db.woken
	db.mu.Unlock()
	if f == nil || len(versions) == 0 {
		return
	}
	wakes := make([]civic.Wake, 0, len(versions))
	for s, v := range versions {
		wakes = append(wakes, civic.Wake{Jurisdiction: j, Scope: s, V: v})
	}
	f(wakes)
}

// within runs f in a transaction that sees one town's rows. The town is named in
// the same round trip that begins the transaction; it is an id and not a text of
// anybody's, so that it may stand in the statement.
func within(ctx context.Context, p *pool, j civic.JurisdictionID, o pgx.TxOptions, f func(pgx.Tx) error) error {
	ctx, cancel := p.bounded(ctx)
	defer cancel()
	o.BeginQuery = "BEGIN"
	if o.IsoLevel != "" {
		o.BeginQuery += " ISOLATION LEVEL " + string(o.IsoLevel)
	}
	if o.AccessMode != "" {
		o.BeginQuery += " " + string(o.AccessMode)
	}
	o.BeginQuery += "; SELECT set_config('app.jurisdiction', '" + j.String() + "', true)"
	return orBusy(pgx.BeginTxFunc(ctx, p, o, f))
}

// setTown is how a transaction says whose rows it may see.
const setTown = `SELECT set_config('app.jurisdiction', $1::text, true)`

var readOnly = pgx.TxOptions{AccessMode: pgx.ReadOnly}

// snapshotRead sees one moment of the database over several statements.
var snapshotRead = pgx.TxOptions{AccessMode: pgx.ReadOnly, IsoLevel: pgx.RepeatableRead}

// ErrNotFound says that there is no such row, or none that may be seen.
var ErrNotFound = civic.ErrNotFound

// orNotFound turns the driver's word for an empty answer into ErrNotFound.
func orNotFound(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// ErrBusy says that the database could not take the work now: nothing was
// changed, and the same request may be sent again.
var ErrBusy = civic.ErrBusy

func orDefault[N int32 | time.Duration](n, d N) N {
	if n > 0 {
		return n
	}
	return d
}

// connectError turns what a driver says of a bad address into one clear line.
func connectError(err error) error {
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		return fmt.Errorf("database %s: %w", connect.Config.Host, errors.Unwrap(connect))
	}
	return fmt.Errorf("database: %w", err)
}
