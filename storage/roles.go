package storage

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// The roles of the database. The program's login owns nothing and is a member of all
// of them but migrator (see Admit). Each pool takes one on, a dump takes backup, the
// upkeep of the log takes owner; as itself the login asks the catalogue and listens
// for wake-ups, and may read no table. Row security so keeps towns apart whatever our
// statements ask; it holds nobody who could send statements of their own, since those
// could become backup and read, or owner and switch it off. A migration runs as a
// superuser.
const (
	roleOwner    = "owner"    // owns the tables; sees no row under forced row security
	roleApp      = "app"      // requests and sync
	roleJobs     = "jobs"     // background work
	roleBulk     = "bulk"     // import, index build, exports: no statement limit
	roleBackup   = "backup"   // dumps; bypasses row security, reads only
	roleMigrator = "migrator" // data migrations; bypasses row security
)

type role struct{ name, options string }

var roles = []role{
	{roleOwner, ""},
	{roleApp, ""},
	{roleJobs, ""},
	{roleBulk, ""},
	{roleBackup, "BYPASSRLS"},
	{roleMigrator, "BYPASSRLS"},
}

// lockRoles keeps two installations that share a cluster from creating the
// cluster's roles at once. Advisory locks belong to one database, a row of a
// shared catalogue belongs to all.
const lockRoles = `SELECT pg_advisory_xact_lock(7310591)`

// createRoles makes what is missing and lets the login take the roles on.
func createRoles(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, lockRoles); err != nil {
		return err
	}
	for _, r := range roles {
		// Another installation of the same cluster may make it at this moment.
		sql := fmt.Sprintf(`DO $$ BEGIN
			IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%[1]s') THEN
				CREATE ROLE %[1]s NOLOGIN %[2]s;
			END IF;
			IF NOT pg_has_role(current_user, '%[1]s', 'MEMBER') THEN
				EXECUTE format('GRANT %[1]s TO %%I', current_user);
			END IF;
		EXCEPTION WHEN duplicate_object OR unique_violation OR internal_error THEN NULL;
		END $$`, r.name, r.options)
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("role %s: %w", r.name, err)
		}
	}
	return nil
}

// prepare makes what only a superuser (or the owner of the database) can.
func prepare(ctx context.Context, conn *pgx.Conn) error {
	for _, extension := range []string{"postgis", "btree_gist", "pg_trgm", "unaccent"} {
		if _, err := conn.Exec(ctx, "CREATE EXTENSION IF NOT EXISTS "+extension); err != nil {
			return fmt.Errorf("extension %s: %w", extension, err)
		}
	}
	if err := createRoles(ctx, conn); err != nil {
		return err
	}
	for _, sql := range []string{
		`CREATE SCHEMA IF NOT EXISTS river AUTHORIZATION owner`,
		`GRANT CREATE, USAGE ON SCHEMA public TO owner`,
		`GRANT USAGE ON SCHEMA public TO app, jobs, bulk, backup, migrator`,
	} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("schema: %w", err)
		}
	}
	return nil
}
