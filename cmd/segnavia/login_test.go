package main_test

import (
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"segnavia/storage/embedded"
)

// The program that runs its own database works in it as nobody: the superuser's
// connections are those of a migration, which is over.
func TestTheProgramDoesNotWorkAsTheSuperuser(t *testing.T) {
	p := &program{t: t, bin: build(t), dir: t.TempDir(), addr: freeAddr(t)}
	p.start()
	defer p.kill()
	admin, _, err := embedded.Running(p.dir)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // the test is over
	rows, err := conn.Query(t.Context(), `
		SELECT DISTINCT usename::text FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`)
	if err != nil {
		t.Fatal(err)
	}
	if logins, err := pgx.CollectRows(rows, pgx.RowTo[string]); err != nil || !slices.Equal(logins, []string{embedded.Name}) {
		t.Errorf("the program works as %v, %v", logins, err)
	}
}
