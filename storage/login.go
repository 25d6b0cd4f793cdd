package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

// ErrLogin says that a URL's login cannot be the program's.
var ErrLogin = errors.New("the login of the database url owns or may do too much; give the program one of its own")

// Login is what a database says of a URL's login and of itself.
type Login struct {
	Super  bool // passes row security by, whatever role it takes on
	Behind bool // the tables are older than this program, or not there
}

// LookAt asks a database who a URL's login is to it, and whether its tables are
// this program's.
func LookAt(ctx context.Context, url string) (Login, error) {
	var l Login
	conn, err := connect(ctx, url)
	if err != nil {
		return l, connectError(err)
	}
	defer hangUp(ctx, conn)
	var there bool
	if err := conn.QueryRow(ctx, `
		SELECT rolsuper OR rolbypassrls,
		       to_regclass('public.goose_db_version') IS NOT NULL AND EXISTS (SELECT FROM pg_roles WHERE rolname = 'app')
		FROM pg_roles WHERE rolname = session_user`).Scan(&l.Super, &there); err != nil {
		return l, fmt.Errorf("look at the database: %w", err)
	}
	if l.Behind = !there; l.Behind {
		return l, nil
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		return l, err
	}
	defer undo(ctx, tx)
	if _, err := tx.Exec(ctx, `SET LOCAL ROLE owner`); err != nil {
		return l, fmt.Errorf("look at the database: %w", err)
	}
	var version int64
	err = tx.QueryRow(ctx, `SELECT coalesce(max(version_id) FILTER (WHERE is_applied), 0) FROM public.goose_db_version`).Scan(&version)
	l.Behind = version < Newest()
	return l, err
}

// memberships are the roles that the program's login may take on. It inherits
// nothing of them: what it may do it may do as one of them only.
var memberships = []string{roleOwner, roleApp, roleJobs, roleBulk, roleBackup}

// Admit makes the login of the program's URL, or brings it to what it is to be: no
// superuser, owner of nothing, a member of owner, app, jobs, bulk and backup, which it
// may not hand on, and of no other role. admin is a superuser's URL of the same
// migrated database. The error is ErrLogin for a login that is the superuser's own,
// somebody's who owns anything, or a member of roles that are not ours.
func Admit(ctx context.Context, admin, program string) error {
	config, err := pgx.ParseConfig(program)
	if err != nil {
		return fmt.Errorf("database url: %w", err)
	}
	conn, err := connect(ctx, admin)
	if err != nil {
		return connectError(err)
	}
	defer hangUp(ctx, conn)
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer undo(ctx, tx)
	if _, err := tx.Exec(ctx, lockRoles); err != nil {
		return err
	}
	var taken, known bool
	if err := tx.QueryRow(ctx, `
		SELECT coalesce(bool_or(rolsuper OR rolbypassrls OR rolcreaterole
		           OR EXISTS (SELECT FROM pg_shdepend WHERE refobjid = pg_roles.oid AND deptype = 'o')
		           OR EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
		                      WHERE m.member = pg_roles.oid AND NOT r.rolname = ANY($2::text[]))), false),
		       count(*) > 0
		FROM pg_roles WHERE rolname = $1`, config.User, append([]string{roleMigrator}, memberships...)).Scan(&taken, &known); err != nil {
		return fmt.Errorf("login %s: %w", config.User, err)
	}
	if known && !taken {
		right, err := admitted(ctx, tx, config.User)
		if err != nil || right && config.Password == "" {
			return err
		}
	}
	if taken || slices.ContainsFunc(roles, func(r role) bool { return r.name == config.User }) {
		return fmt.Errorf("login %s: %w", config.User, ErrLogin)
	}
	for _, sql := range admission(config.User, config.Password, known) {
		// The server writes the statement, so that names and passwords are quoted by its rules.
		var statement string
		if err := tx.QueryRow(ctx, sql.write, sql.args...).Scan(&statement); err != nil {
			return fmt.Errorf("login %s: %w", config.User, err)
		}
		if _, err := tx.Exec(ctx, statement); err != nil {
			return fmt.Errorf("login %s: %w", config.User, err)
		}
	}
	return tx.Commit(ctx)
}

// admitted reports whether a login is what Admit would make of it.
func admitted(ctx context.Context, tx pgx.Tx, login string) (right bool, err error) {
	err = tx.QueryRow(ctx, `
		SELECT rolcanlogin AND NOT rolinherit AND NOT rolcreatedb AND NOT rolreplication
		       AND ARRAY(SELECT r.rolname::text FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
		                 WHERE m.member = pg_roles.oid ORDER BY 1) = ARRAY(SELECT unnest($2::text[]) ORDER BY 1)
		       AND NOT EXISTS (SELECT FROM pg_auth_members m WHERE m.member = pg_roles.oid
		                       AND (m.admin_option OR coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, false)))
		FROM pg_roles WHERE rolname = $1`, login, memberships).Scan(&right)
	return right, err
}

type written struct {
	write string
	args  []any
}

func admission(login, password string, known bool) []written {
	verb := "CREATE"
	if known {
		verb = "ALTER"
	}
	list := []written{{`SELECT format($2 || ' ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS', $1::text)`, []any{login, verb}}}
	if password != "" {
		list = append(list, written{`SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text)`, []any{login, password}})
	}
	// What was granted before may be handed on or, since PostgreSQL 16, inherited: a
	// membership that is there already keeps that through another GRANT.
	for _, r := range append([]string{roleMigrator}, memberships...) {
		list = append(list, written{`SELECT format('REVOKE %I FROM %I', $1::text, $2::text)`, []any{r, login}})
	}
	for _, r := range memberships {
		list = append(list, written{`SELECT format('GRANT %I TO %I', $1::text, $2::text)`, []any{r, login}})
	}
	return list
}
