package storagetest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/storage/storagetest"
)

func migrate(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, "CREATE EXTENSION postgis; CREATE TABLE pin (p geometry(Point,4326))")
	return err
}

func query(t *testing.T, url, sql string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	if err := conn.QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestClonesAreApartAndGoAway(t *testing.T) {
	var dropped string
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			began := time.Now()
			url := storagetest.Database(t, migrate, t.Name()[:len("TestClones")])
			t.Logf("clone in %v", time.Since(began))
			query(t, url, "WITH i AS (INSERT INTO pin VALUES (ST_SetSRID(ST_Point(8.9,44.4),4326)) RETURNING 1) SELECT count(*) FROM i")
			if got := query(t, url, "SELECT count(*) FROM pin"); got != 1 {
				t.Errorf("%d rows", got)
			}
			dropped = url
		})
	}
	if conn, err := pgx.Connect(t.Context(), dropped); err == nil {
		_ = conn.Close(t.Context())
		t.Error("the clone outlives its test")
	}
}

func TestParallelTestsShareOneTemplate(t *testing.T) {
	calls := make(chan struct{}, 16)
	key := t.Name() + time.Now().String()
	t.Run("group", func(t *testing.T) {
		for i := range 8 {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				url := storagetest.Database(t, func(ctx context.Context, url string) error {
					calls <- struct{}{}
					return migrate(ctx, url)
				}, key)
				if got := query(t, url, "SELECT count(*) FROM pin"); got != 0 {
					t.Errorf("%d rows", got)
				}
			})
		}
	})
	if len(calls) != 1 {
		t.Errorf("migrated %d times", len(calls))
	}
}

func TestBucketsOfTwoTests(t *testing.T) {
	one, two := storagetest.Bucket(t), storagetest.Bucket(t)
	if one.Bucket == two.Bucket || one.Endpoint != two.Endpoint {
		t.Errorf("%v and %v", one, two)
	}
}
