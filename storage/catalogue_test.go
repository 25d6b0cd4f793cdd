package storage_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
	"segnavia/storage/storagetest"
)

// superuser gives a test a database and a connection that sees everything.
func superuser(t testing.TB) (*pgx.Conn, string) {
	t.Helper()
	url := storagetest.Database(t, storage.Migrate, storage.SchemaKey())
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(t.Context()) }) //nolint:errcheck // the database goes too
	return conn, url
}

func texts(t testing.TB, conn *pgx.Conn, sql string, args ...any) []string {
	t.Helper()
	rows, err := conn.Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// exempt are the tables that belong to the installation and not to a town.
var exempt = []string{"jurisdiction", "jurisdiction_host", "installation", "goose_db_version", "spatial_ref_sys"}

func TestEveryKeyAndIndexBeginsWithTheTown(t *testing.T) {
	conn, _ := superuser(t)
	bad := texts(t, conn, `
		SELECT c.relname || ': ' || i.relname
		FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
		JOIN pg_namespace n ON n.oid = c.relnamespace
		LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]
		WHERE n.nspname = 'public' AND NOT c.relname = ANY($1) AND a.attname IS DISTINCT FROM 'jurisdiction_id'`, exempt)
	if len(bad) > 0 {
		t.Errorf("indexes that do not begin with jurisdiction_id: %v", bad)
	}
	bad = texts(t, conn, `
		SELECT c.relname || ': ' || k.conname FROM pg_constraint k
		JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
		WHERE k.contype = 'f' AND n.nspname = 'public' AND NOT c.relname = ANY($1) AND a.attname <> 'jurisdiction_id'`, exempt)
	if len(bad) > 0 {
		t.Errorf("foreign keys that do not begin with jurisdiction_id: %v", bad)
	}
}

func TestEveryTableOfATownForcesRowSecurity(t *testing.T) {
	conn, _ := superuser(t)
	bad := texts(t, conn, `
		SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relname = ANY($1)
		  AND NOT (c.relrowsecurity AND c.relforcerowsecurity
		           AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))`, exempt)
	if len(bad) > 0 {
		t.Errorf("tables without forced row security: %v", bad)
	}
}

func TestNothingPassesRowSecurityBy(t *testing.T) {
	conn, _ := superuser(t)
	views := texts(t, conn, `
		SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm')
		  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')`)
	functions := texts(t, conn, `
		SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
		WHERE n.nspname = 'public' AND p.prosecdef
		  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`)
	triggers := texts(t, conn, `
		SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = 'public' AND NOT t.tgisinternal`)
	if len(views)+len(functions)+len(triggers) > 0 {
		t.Errorf("views %v, security definers %v, triggers %v", views, functions, triggers)
	}
}

func TestRolesHaveWhatTheyNeedAndNoMore(t *testing.T) {
	conn, _ := superuser(t)
	bypass := texts(t, conn, `SELECT rolname FROM pg_roles WHERE rolbypassrls AND rolname IN
		('owner', 'app', 'jobs', 'bulk', 'backup', 'migrator') ORDER BY 1`)
	if !slices.Equal(bypass, []string{"backup", "migrator"}) {
		t.Errorf("roles that pass row security by: %v", bypass)
	}
	writers := texts(t, conn, `
		SELECT DISTINCT grantee || ' ' || privilege_type || ' ' || table_name FROM information_schema.role_table_grants
		WHERE table_schema = 'public' AND (
			grantee IN ('backup', 'migrator') AND privilege_type <> 'SELECT'
			OR grantee IN ('app', 'jobs', 'bulk') AND table_name = 'edit' AND privilege_type IN ('UPDATE', 'DELETE')
			OR grantee = 'app' AND table_name IN ('user', 'jurisdiction', 'installation') AND privilege_type <> 'SELECT'
			OR privilege_type = 'TRUNCATE' AND grantee <> table_schema AND grantee IN ('app', 'jobs', 'bulk'))`)
	if len(writers) > 0 {
		t.Errorf("rights that nobody needs: %v", writers)
	}
}

func TestTheBackupRoleCanReadAllThatADumpReads(t *testing.T) {
	conn, _ := superuser(t)
	hidden := texts(t, conn, `
		SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname IN ('public', 'river') AND (
			c.relkind IN ('r', 'p') AND NOT has_table_privilege('backup', c.oid, 'SELECT')
			OR c.relkind = 'S' AND NOT has_sequence_privilege('backup', c.oid, 'SELECT'))`)
	if len(hidden) > 0 {
		t.Errorf("a dump would fail at %v", hidden)
	}
}

func TestWithoutATownThereAreNoRows(t *testing.T) {
	db, town := open(t)
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, civictest.NewID[civic.Report](), 0, "create", create("pothole", 8.85, 44.45)))
	conn, err := pgx.Connect(t.Context(), storagetest.Admin(t, storage.URLOf(db)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // the test is over
	if _, err := conn.Exec(t.Context(), `SET ROLE app`); err != nil {
		t.Fatal(err)
	}
	tables := []string{"report", "edit", "scope_head", "scope_log", "membership", `"user"`, "service", "report_access"}
	counts := func() (seen []string) {
		for _, table := range tables {
			var n int
			if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM `+table).Scan(&n); err != nil {
				t.Fatal(err)
			}
			if n > 0 {
				seen = append(seen, table)
			}
		}
		return seen
	}
	if seen := counts(); len(seen) > 0 {
		t.Errorf("without a town, rows of %s", strings.Join(seen, ", "))
	}
	other := civictest.Town("milano").ID
	if _, err := conn.Exec(t.Context(), `SELECT set_config('app.jurisdiction', $1::text, false)`, other); err != nil {
		t.Fatal(err)
	}
	if seen := counts(); len(seen) > 0 {
		t.Errorf("another town sees rows of %s", strings.Join(seen, ", "))
	}
	if _, err := conn.Exec(t.Context(), `SELECT set_config('app.jurisdiction', $1::text, false)`, town.ID); err != nil {
		t.Fatal(err)
	}
	if seen := counts(); len(seen) != len(tables) {
		t.Errorf("its own town sees only %v: the test proves nothing", seen)
	}
}
