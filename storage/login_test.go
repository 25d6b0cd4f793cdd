package storage_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
	"segnavia/storage/storagetest"
)

// asLogin is a town's database and a connection by the program's login, which has
// taken no role on.
func asLogin(t *testing.T) (conn *pgx.Conn, admin string, town *civic.Blueprint) {
	t.Helper()
	admin = storagetest.Database(t, storage.Migrate, storage.SchemaKey())
	program := storagetest.Program(t, admin, storage.Admit)
	db, err := storage.Open(t.Context(), storage.Options{URL: program})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	town = civictest.Town("genova")
	if err := db.SaveTown(t.Context(), town); err != nil {
		t.Fatal(err)
	}
	if conn, err = pgx.Connect(t.Context(), program); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn, admin, town
}

// tablesOf are all tables of the program.
func tablesOf(t *testing.T, conn *pgx.Conn) []string {
	t.Helper()
	tables := texts(t, conn, `
		SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname IN ('public', 'river') AND c.relname <> 'spatial_ref_sys'
		  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')`)
	if len(tables) < 30 {
		t.Fatalf("%d tables", len(tables))
	}
	return tables
}

// exec runs a statement and gives PostgreSQL's code of what it refuses, "" for nothing.
func exec(t *testing.T, conn *pgx.Conn, sql string) (code string) {
	t.Helper()
	_, err := conn.Exec(t.Context(), sql)
	var pg *pgconn.PgError
	if err != nil && !errors.As(err, &pg) {
		t.Fatal(err)
	}
	if err != nil {
		return pg.Code
	}
	return ""
}

// insufficient is PostgreSQL's code where a right is missing.
const insufficient = "42501"

// By itself the program's login is nobody: it owns nothing, passes nothing by,
// inherits nothing of the roles that it may become, and may read no table.
func TestTheProgramsLoginIsNobodyByItself(t *testing.T) {
	conn, _, _ := asLogin(t)
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
	for _, table := range tablesOf(t, conn) {
		if code := exec(t, conn, `SELECT FROM `+table+` LIMIT 1`); code != insufficient {
			t.Errorf("the login reads %s: %q", table, code)
		}
	}
}

// It may become the roles of its work and nothing else, and hand none of them on.
func TestWhatTheProgramsLoginMayBecome(t *testing.T) {
	conn, _, _ := asLogin(t)
	may := []string{"app", "backup", "bulk", "jobs", "owner"}
	if is := texts(t, conn, `
		SELECT r.rolname::text || CASE WHEN m.admin_option THEN ' and may hand it on' ELSE '' END
		FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
		WHERE m.member = (SELECT oid FROM pg_roles WHERE rolname = session_user) ORDER BY 1`); !slices.Equal(is, may) {
		t.Errorf("it is a member of %v, want %v", is, may)
	}
	for _, role := range texts(t, conn, `SELECT rolname::text FROM pg_roles WHERE rolname <> session_user`) {
		code := exec(t, conn, `SET ROLE `+pgx.Identifier{role}.Sanitize())
		if mine := slices.Contains(may, role); mine && code != "" || !mine && code != insufficient {
			t.Errorf("SET ROLE %s: %q", role, code)
		}
		exec(t, conn, `RESET ROLE`)
	}
	if code := exec(t, conn, `SET SESSION AUTHORIZATION postgres`); code != insufficient {
		t.Errorf("SET SESSION AUTHORIZATION: %q", code)
	}
}

// In each role it may do what the role is for: those of its daily work see the rows
// of a town that they name and of none else, a dump reads all and writes nothing, and
// the owner sees no row but may change the tables.
func TestWhatTheProgramsLoginMayDoInARole(t *testing.T) {
	conn, admin, town := asLogin(t)
	tables := tablesOf(t, conn)
	secured := texts(t, conn, `SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relkind IN ('r', 'p')`)
	rows := func(of *pgx.Conn, table string) (n int) {
		t.Helper()
		var pg *pgconn.PgError
		err := of.QueryRow(t.Context(), `SELECT count(*) FROM `+table).Scan(&n)
		if errors.As(err, &pg) && pg.Code == insufficient {
			return 0
		}
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, role := range []string{"owner", "app", "jobs", "bulk"} {
		exec(t, conn, `SET ROLE `+role)
		for _, named := range []string{"", town.ID.String()} {
			exec(t, conn, `SELECT set_config('app.jurisdiction', '`+named+`', false)`)
			seen := 0
			for _, table := range secured {
				seen += rows(conn, table)
			}
			if named == "" && seen > 0 || named != "" && seen == 0 {
				t.Errorf("%s sees %d rows of the town %q", role, seen, named)
			}
		}
		exec(t, conn, `SELECT set_config('app.jurisdiction', '', false)`)
	}
	super, err := pgx.Connect(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	defer super.Close(t.Context()) //nolint:errcheck // the test is over
	exec(t, conn, `SET ROLE backup`)
	for _, table := range tables {
		if got, all := rows(conn, table), rows(super, table); got != all {
			t.Errorf("a dump sees %d rows of %s, which has %d", got, table, all)
		}
		if code := exec(t, conn, `DELETE FROM `+table); code != insufficient {
			t.Errorf("a dump deletes from %s: %q", table, code)
		}
	}
	for role, want := range map[string]string{"owner": "", "app": insufficient, "jobs": insufficient, "bulk": insufficient, "backup": insufficient} {
		exec(t, conn, `SET ROLE `+role)
		if code := exec(t, conn, `BEGIN; ALTER TABLE report NO FORCE ROW LEVEL SECURITY; ROLLBACK`); code != want {
			t.Errorf("%s changes a table: %q, want %q", role, code, want)
		}
		exec(t, conn, `ROLLBACK`)
	}
}

// What a login was given beside the roles of its work, it keeps only where that is
// no right: else it is not made the program's.
func TestALoginKeepsNoRightOfBefore(t *testing.T) {
	_, admin, _ := asLogin(t)
	super, err := pgx.Connect(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	defer super.Close(t.Context()) //nolint:errcheck // the test is over
	u, err := url.Parse(admin)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		granted string
		want    error
	}{
		"segnavia_test_reads": {`GRANT pg_read_all_data TO %s`, storage.ErrLogin},
		"segnavia_test_hands": {`GRANT backup TO %s WITH ADMIN OPTION`, nil},
		"segnavia_test_moves": {`GRANT migrator TO %s`, nil},
	} {
		for _, sql := range []string{`DROP ROLE IF EXISTS %s`, `CREATE ROLE %s LOGIN`, c.granted} {
			if code := exec(t, super, fmt.Sprintf(sql, name)); code != "" {
				t.Fatalf("%s: %s", sql, code)
			}
		}
		u.User = url.UserPassword(name, "x")
		err := storage.Admit(t.Context(), admin, u.String())
		more := texts(t, super, `
			SELECT r.rolname::text FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
			WHERE m.member = $1::regrole AND (m.admin_option OR r.rolname = 'migrator')`, name)
		if !errors.Is(err, c.want) || len(more) > 0 {
			t.Errorf("%s: %v, want %v; it keeps %v", name, err, c.want, more)
		}
		exec(t, super, `DROP ROLE `+name)
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
