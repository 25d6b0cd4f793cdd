package storage_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
	"segnavia/storage/storagetest"
)

// admin opens a plain connection to a test's database, past row security.
func admin(t testing.TB, db *storage.DB) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), storagetest.Admin(t, storage.URLOf(db)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	return conn
}

func execute(t testing.TB, conn *pgx.Conn, sql string, args ...any) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// logged makes a town whose first team has n versions of log.
func logged(t testing.TB, n int) (*storage.DB, *civic.Blueprint, civic.Scope) {
	t.Helper()
	db, town := open(t)
	for range n {
		must(t, db, town.ID, civictest.Edit(civictest.Citizen, civictest.NewID[civic.Report](), 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	}
	return db, town, civic.ScopeOf(civic.ScopeTeam, town.Teams[0].ID)
}

func TestPullNeverSkipsAVersion(t *testing.T) {
	for name, gone := range map[string]int64{"the first": 1, "one between": 2} {
		db, town, scope := logged(t, 4)
		execute(t, admin(t, db), `DELETE FROM scope_log WHERE jurisdiction_id = $1 AND scope = $2 AND v = $3`, town.ID, string(scope), gone)
		if d, _, err := db.Pull(t.Context(), town.ID, scope, 0, 500); !errors.Is(err, storage.ErrReset) {
			t.Errorf("%s is missing: %d ops to %d, %v, want a reset", name, len(d.Ops), d.To, err)
		}
		if d, _, err := db.Pull(t.Context(), town.ID, scope, 2, 500); err != nil || d.To != 4 {
			t.Errorf("%s is missing: after it to %d, %v", name, d.To, err)
		}
	}
}

// TestPullSeesAPartitionGo drops a day of log between a pull's reading of the
// head and of the rows.
func TestPullSeesAPartitionGo(t *testing.T) {
	db, town, scope := logged(t, 4)
	conn := admin(t, db)
	execute(t, conn, `UPDATE scope_log SET day = day - 1 WHERE jurisdiction_id = $1 AND scope = $2 AND v <= 2`, town.ID, string(scope))
	yesterday := time.Now().UTC().AddDate(0, 0, -1).Format("20060102")
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{`LOCK TABLE scope_log IN ACCESS EXCLUSIVE MODE`, `TRUNCATE scope_log_` + yesterday} {
		if _, err := tx.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	pulled := make(chan error, 1)
	go func() {
		_, _, err := db.Pull(t.Context(), town.ID, scope, 1, 500)
		pulled <- err
	}()
	time.Sleep(300 * time.Millisecond)
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-pulled; !errors.Is(err, storage.ErrReset) {
		t.Errorf("pull while its log goes: %v, want a reset", err)
	}
}

// TestPullReadsTheMinimumAfterItsRows raises the minimum while a pull waits to
// read: what it reads then may not be whole.
func TestPullReadsTheMinimumAfterItsRows(t *testing.T) {
	db, town, scope := logged(t, 4)
	tx, err := admin(t, db).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `LOCK TABLE scope_log IN ACCESS EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `UPDATE scope_head SET min_v = 2 WHERE jurisdiction_id = $1 AND scope = $2`, town.ID, string(scope)); err != nil {
		t.Fatal(err)
	}
	pulled := make(chan error, 1)
	go func() {
		_, _, err := db.Pull(t.Context(), town.ID, scope, 1, 500)
		pulled <- err
	}()
	time.Sleep(300 * time.Millisecond)
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-pulled; !errors.Is(err, storage.ErrReset) {
		t.Errorf("pull while the minimum rises: %v, want a reset", err)
	}
}

func TestBehindCountsOps(t *testing.T) {
	db, town, scope := logged(t, 4)
	for most, want := range map[int]int{10: 3, 2: 2} {
		behind, err := db.Behind(t.Context(), town.ID, map[civic.Scope]int64{scope: 1}, most)
		if err != nil || behind[scope] != want {
			t.Errorf("%d ops behind of at most %d, want %d (%v)", behind[scope], most, want, err)
		}
	}
}

func TestBucketsHoldEachRowOnce(t *testing.T) {
	db, town, scope := logged(t, 1)
	edges := []string{"00000000-0000-4000-8000-000000000001", "00ffffff-ffff-ffff-ffff-ffffffffffff", "01000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"}
	for _, text := range edges {
		id, err := civic.ParseID[civic.Report](text)
		if err != nil {
			t.Fatal(err)
		}
		must(t, db, town.ID, civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	}
	rows := 0
	for prefix := range 256 {
		var h civic.Head
		err := db.RepairBucket(t.Context(), town.ID, scope, byte(prefix), func(head civic.Head) error { h = head; return nil }, func(page []civic.Row) error {
			for _, row := range page {
				if int(row.ID[0]) != prefix {
					t.Errorf("%s is in bucket %02x", row.ID, prefix)
				}
			}
			rows += len(page)
			return nil
		})
		if err != nil || h.V != 5 {
			t.Fatalf("bucket %02x: head %d, %v", prefix, h.V, err)
		}
	}
	if rows != 5 {
		t.Errorf("%d rows, want 5", rows)
	}
}
