package storage_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"segnavia/civic/civictest"
	"segnavia/storage"
	"segnavia/storage/storagetest"
)

// Whatever SQL is slipped into the program, its login is nobody: it owns nothing,
// passes nothing by, and sees no row of any town when it steps out of its role.
func TestTheProgramsLoginIsNobody(t *testing.T) {
	admin := storagetest.Database(t, storage.Migrate, storage.SchemaKey())
	program := storagetest.Program(t, admin, storage.Admit)
	db, err := storage.Open(t.Context(), storage.Options{URL: program})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.SaveTown(t.Context(), civictest.Town("genova")); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), program)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // the test is over
	var super, bypass, createRole, createDB, inherit bool
	var owns int
	if err := conn.QueryRow(t.Context(), `
		SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit,
		       (SELECT count(*) FROM pg_shdepend WHERE refobjid = r.oid AND deptype = 'o')
		FROM pg_roles r WHERE rolname = session_user`).Scan(&super, &bypass, &createRole, &createDB, &inherit, &owns); err != nil {
		t.Fatal(err)
	}
	if super || bypass || createRole || createDB || inherit || owns > 0 {
		t.Errorf("superuser %v, passes row security %v, makes roles %v, databases %v, inherits %v, owns %d things",
			super, bypass, createRole, createDB, inherit, owns)
	}
	rows, err := conn.Query(t.Context(), `
		SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname IN ('public', 'river') AND c.relname <> 'spatial_ref_sys'
		  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) < 30 {
		t.Fatalf("%d tables, %v", len(tables), err)
	}
	for _, role := range []string{"owner", "app", "jobs", "bulk", "backup"} {
		for _, table := range tables {
			for _, sql := range []string{"RESET ROLE", "SET ROLE " + role, "SELECT 1; RESET ROLE"} {
				if _, err := conn.Exec(t.Context(), sql); err != nil {
					t.Fatal(err)
				}
			}
			var n int
			if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM `+table).Scan(&n); err == nil && n > 0 {
				t.Errorf("out of role %s the login sees %d rows of %s", role, n, table)
			}
		}
	}
	for _, sql := range []string{"SET ROLE migrator", "SET ROLE postgres", "SET SESSION AUTHORIZATION postgres"} {
		if _, err := conn.Exec(t.Context(), sql); err == nil {
			t.Errorf("%s is allowed", sql)
		}
	}
}

// A login that may do more than the program is not made the program's.
func TestNobodyElsesLoginIsTaken(t *testing.T) {
	admin := storagetest.Database(t, storage.Migrate, storage.SchemaKey())
	u, err := url.Parse(admin)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{u.User.Username(), "owner", "backup"} {
		u.User = url.User(name)
		if err := storage.Admit(t.Context(), admin, u.String()); !errors.Is(err, storage.ErrLogin) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What a login is, and whether the tables are ours, is known before anything is
// changed.
func TestALoginIsLookedAt(t *testing.T) {
	admin := storagetest.Database(t, storage.Migrate, storage.SchemaKey())
	program := storagetest.Program(t, admin, storage.Admit)
	for _, c := range []struct {
		url  string
		want storage.Login
	}{
		{admin, storage.Login{Super: true}},
		{program, storage.Login{}},
		{storagetest.URL(t), storage.Login{Super: true, Behind: true}},
	} {
		if got, err := storage.LookAt(t.Context(), c.url); err != nil || got != c.want {
			t.Errorf("%s: %+v, want %+v, %v", c.url[:strings.IndexByte(c.url, '@')], got, c.want, err)
		}
	}
}
