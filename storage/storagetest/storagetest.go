// Package storagetest gives tests a real PostGIS database and a real bucket.
// All test programs of a checkout share one cluster, which ends by itself some
// seconds after the last of them. It never skips: a machine without PostGIS
// fails.
package storagetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// EnvURL names a superuser's connection string of a running server with
// PostGIS, used instead of a cluster of our own.
const EnvURL = "SEGNAVIA_TEST_DATABASE_URL"

// limit bounds one step here, so that a test never hangs on the server.
const limit = time.Minute

// URL is a superuser's connection string to the shared cluster's own empty
// database. The cluster does not flush to disk; a test of durability starts
// its own with storage/embedded.
func URL(t testing.TB) string {
	t.Helper()
	if u := os.Getenv(EnvURL); u != "" {
		return u
	}
	u, release, err := join(t.Context())
	if err != nil {
		t.Fatalf("test database: %v", err)
	}
	t.Cleanup(release)
	return u
}

// Database clones a migrated database for one test and drops it at the test's
// end, whoever is still connected. migrate runs once for each key, with the
// superuser's URL of an empty database; key must change when migrate does, so
// it is best a digest of the migrations. Returns the superuser's URL.
func Database(t testing.TB, migrate func(ctx context.Context, url string) error, key string) string {
	t.Helper()
	admin := URL(t)
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	template := fmt.Sprintf("template_%x", sha256.Sum256([]byte(key)))[:40]
	if err := makeTemplate(ctx, admin, template, migrate); err != nil {
		t.Fatalf("template database: %v", err)
	}
	name := "test_" + strings.ToLower(rand.Text())
	// Copying files takes 0.1 s, writing the copy to the log 0.4 s.
	if err := execute(ctx, admin, "CREATE DATABASE "+name+" TEMPLATE "+template+" STRATEGY file_copy"); err != nil {
		t.Fatalf("clone database: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		if err := execute(ctx, admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop database: %v", err)
		}
	})
	return onDatabase(t, admin, name)
}

// Program lets the program's login into a database of Database and gives its
// address: tests then work with no more rights than the program has. admit is given
// the superuser's and the login's address.
func Program(t testing.TB, admin string, admit func(ctx context.Context, admin, program string) error) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	u, err := url.Parse(admin)
	if err != nil {
		t.Fatalf("%s: %v", EnvURL, err)
	}
	u.User = url.UserPassword("segnavia_test", "segnavia_test")
	if err := alone(ctx, URL(t), func() error { return admit(ctx, admin, u.String()) }); err != nil {
		t.Fatalf("program's login: %v", err)
	}
	return u.String()
}

// Admin is the superuser's address of the database of a program's address.
func Admin(t testing.TB, program string) string {
	t.Helper()
	u, err := url.Parse(program)
	if err != nil {
		t.Fatal(err)
	}
	return onDatabase(t, URL(t), strings.TrimPrefix(u.Path, "/"))
}

// alone keeps what changes the whole cluster, its roles, from being done twice at
// once.
func alone(ctx context.Context, url string, do func() error) (err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, migrations); err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	return do()
}

func onDatabase(t testing.TB, admin, name string) string {
	t.Helper()
	u, err := url.Parse(admin)
	if err != nil {
		t.Fatalf("%s: %v", EnvURL, err)
	}
	u.Path = "/" + name
	return u.String()
}

// migrations is the advisory lock under which templates are made, one at a
// time: roles belong to the whole cluster, and two migrations that make the
// same role would meet.
const migrations = 7391604

func makeTemplate(ctx context.Context, admin, name string, migrate func(context.Context, string) error) (err error) {
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	const query = `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)`
	var ready bool
	if err := conn.QueryRow(ctx, query, name).Scan(&ready); err != nil || ready {
		return err
	}
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, migrations); err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	if err := conn.QueryRow(ctx, query, name).Scan(&ready); err != nil || ready {
		return err
	}
	// What a killed test left half migrated is not a template yet.
	for _, sql := range []string{"DROP DATABASE IF EXISTS " + name + " WITH (FORCE)", "CREATE DATABASE " + name} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("create: %w", err)
		}
	}
	u, err := url.Parse(admin)
	if err != nil {
		return fmt.Errorf("parse url: %w", err)
	}
	u.Path = "/" + name
	if err := migrate(ctx, u.String()); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	// A connection that migrate left open would make each clone fail.
	if _, err := conn.Exec(ctx, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS false IS_TEMPLATE true"); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	if _, err := conn.Exec(ctx, `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1`, name); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	return nil
}

func execute(ctx context.Context, url, sql string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
}
