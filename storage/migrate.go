package storage

import (
	"context"
	"crypto/rand"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings a database up to this program's schema: extensions, roles,
// tables, the job queue, partitions of the log. It may run many times and on
// many nodes at once. The error is a *NotLeakproofError, with everything else
// done, when the login may not mark functions.
func Migrate(ctx context.Context, url string) error {
	return migrateTo(ctx, url, Newest())
}

// migrateTo is Migrate up to a version of the tables.
func migrateTo(ctx context.Context, url string, version int64) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("database url: %w", err)
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return connectError(err)
	}
	defer hangUp(ctx, conn)
	if err := prepare(ctx, conn); err != nil {
		return err
	}
	if err := migrateTables(ctx, config.Copy(), version); err != nil {
		return err
	}
	if err := migrateJobs(ctx, url); err != nil {
		return err
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, `INSERT INTO installation (secret) VALUES ($1) ON CONFLICT DO NOTHING`, secret); err != nil {
		return fmt.Errorf("installation: %w", err)
	}
	if err := makePartitions(ctx, conn); err != nil {
		return err
	}
	return markLeakproof(ctx, conn)
}

func migrateTables(ctx context.Context, config *pgx.ConnConfig, version int64) error {
	config.RuntimeParams["role"] = roleOwner
	db := stdlib.OpenDB(*config)
	defer db.Close() //nolint:errcheck // a pool of one
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, sub, goose.WithSessionLocker(locker))
	if err != nil {
		return err
	}
	if _, err := provider.UpTo(ctx, version); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	// A dump reads the sequences too, goose's own among them.
	if _, err := db.ExecContext(ctx, `GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO backup`); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// migrateJobs brings up the tables of River in their own schema.
func migrateJobs(ctx context.Context, url string) error {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return err
	}
	config.MaxConns = 4
	config.ConnConfig.RuntimeParams["role"] = roleOwner
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return err
	}
	defer pool.Close()
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{
		Schema: "river", Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return fmt.Errorf("job tables: %w", err)
	}
	// River's own migrations cannot share one transaction, so the lock that keeps
	// two nodes apart is the session's.
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return connectError(err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock(7310592)`); err != nil {
		return err
	}
	defer func() {
		ctx, cancel := farewell(ctx)
		defer cancel()
		_, _ = conn.Exec(ctx, `SELECT pg_advisory_unlock(7310592)`) // ends with the session too
	}()
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("job tables: %w", err)
	}
	for _, sql := range []string{
		`GRANT USAGE ON SCHEMA river TO app, jobs, bulk, backup, migrator`,
		`GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA river TO app, bulk`,
		`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA river TO jobs`,
		`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA river TO app, jobs, bulk`,
		`GRANT SELECT ON ALL TABLES IN SCHEMA river TO backup, migrator`,
		`GRANT SELECT ON ALL SEQUENCES IN SCHEMA river TO backup`,
	} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("job tables: %w", err)
		}
	}
	return nil
}
