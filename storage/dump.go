package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Programs is the folder of pg_dump, pg_restore and psql; "" takes those of the
// path.
type Programs string

func (p Programs) command(ctx context.Context, database, name string, args ...string) (*exec.Cmd, error) {
	address, password := splitPassword(database)
	cmd := exec.CommandContext(ctx, filepath.Join(string(p), name), append(args, "--no-password", "--dbname="+address)...) // #nosec G204 -- ours
	if p == "" {
		cmd.Path = name
		found, err := exec.LookPath(name)
		if err != nil {
			return nil, fmt.Errorf("%s is not installed: run apt-get install postgresql-client", name)
		}
		cmd.Path = found
	}
	cmd.Env = append(os.Environ(), "LC_ALL=C", "PGTZ=UTC", "PGOPTIONS=-c client_min_messages=warning")
	if password != "" {
		cmd.Env = append(cmd.Env, "PGPASSWORD="+password)
	}
	return cmd, nil
}

// splitPassword keeps a password out of the list of processes.
func splitPassword(database string) (address, password string) {
	u, err := url.Parse(database)
	if err != nil || u.User == nil {
		return database, ""
	}
	password, _ = u.User.Password()
	u.User = url.User(u.User.Username())
	return u.String(), password
}

// said is what a program said when it failed, on few lines.
type said struct{ bytes.Buffer }

func (s *said) of(name string, err error) error {
	if err == nil {
		return nil
	}
	lines := strings.Split(strings.TrimSpace(s.String()), "\n")
	return fmt.Errorf("%s: %w: %s", name, err, strings.Join(lines[:min(len(lines), 3)], "; "))
}

// Dump writes the moment to a file that Restore reads (pg_dump's custom format).
func (m *Moment) Dump(ctx context.Context, p Programs, to string) error {
	cmd, err := p.command(ctx, m.url, "pg_dump", "--format=custom", "--role="+roleBackup, "--snapshot="+m.snapshot, "--file="+to)
	if err != nil {
		return err
	}
	var s said
	cmd.Stderr = &s
	return s.of("pg_dump", cmd.Run())
}

// TownsIn lists the names of the towns in a database, none where there are no
// tables; busy says that a program of ours is connected to it.
func TownsIn(ctx context.Context, url string) (names []string, busy bool, err error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return nil, false, connectError(err)
	}
	defer hangUp(ctx, conn)
	var tables bool
	if err := conn.QueryRow(ctx, `SELECT to_regclass('public.jurisdiction') IS NOT NULL, EXISTS (
		SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'segnavia-%')`).Scan(&tables, &busy); err != nil || !tables {
		return nil, busy, err
	}
	if _, err := conn.Exec(ctx, `SET ROLE backup`); err != nil {
		return nil, busy, err
	}
	rows, err := conn.Query(ctx, `SELECT name FROM jurisdiction ORDER BY name`)
	if err != nil {
		return nil, busy, err
	}
	names, err = pgx.CollectRows(rows, pgx.RowTo[string])
	return names, busy, err
}

// restoring marks a database that a restore has filled and not yet finished: what
// was erased after the backup is in it again. A comment is known to every schema,
// however old the dump.
const restoring = "restore under way"

// FinishRestore says that what was erased after the backup is gone again. Until then
// Open refuses the database.
func FinishRestore(ctx context.Context, url string) error {
	conn, err := connect(ctx, url)
	if err != nil {
		return connectError(err)
	}
	defer hangUp(ctx, conn)
	_, err = conn.Exec(ctx, `COMMENT ON TABLE public.installation IS NULL`)
	return err
}

// Restore puts a dump in the place of whatever a database holds of ours, and renews
// the epoch: one transaction, all of it or nothing. FinishRestore ends it.
func Restore(ctx context.Context, p Programs, url, dump string) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("database url: %w", err)
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return connectError(err)
	}
	err = prepare(ctx, conn)
	_ = conn.Close(ctx) // nothing is open
	if err != nil {
		return err
	}
	// psql commits at the end of what it reads, so that end comes only once
	// pg_restore has ended well.
	read, write := io.Pipe()
	psql, err := p.command(ctx, url, "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
		"--command=DROP OWNED BY owner CASCADE", "--command=GRANT CREATE, USAGE ON SCHEMA public TO owner", "--file=-",
		"--command=SET ROLE owner", "--command=UPDATE public.installation SET epoch = gen_random_uuid()",
		"--command=COMMENT ON TABLE public.installation IS '"+restoring+"'")
	if err != nil {
		return err
	}
	var heard said
	psql.Stdin, psql.Stderr = read, &heard
	if err := psql.Start(); err != nil {
		return fmt.Errorf("psql: %w", err)
	}
	ended := make(chan error, 1)
	go func() { // ends with psql
		ended <- psql.Wait()
		_ = read.Close() // whoever still writes is told; never fails
	}()
	fed := p.script(ctx, dump, write)
	if fed != nil {
		_ = psql.Process.Kill() // before it takes the end of its input for the end
	}
	_ = write.Close() // never fails
	err = heard.of("psql", <-ended)
	if psql.ProcessState.Exited() && err != nil {
		return err // why pg_restore could not go on
	}
	return errors.Join(fed, err)
}

// script writes a dump as SQL.
func (p Programs) script(ctx context.Context, dump string, to io.Writer) error {
	cmd, err := p.command(ctx, "", "pg_restore", "--no-comments", "--file=-", dump)
	if err != nil {
		return err
	}
	cmd.Args = append(cmd.Args[:1], "--no-comments", "--file=-", dump) // it is connected to nothing
	var s said
	cmd.Stdout, cmd.Stderr = &olderServers{to: to}, &s
	return s.of("pg_restore", cmd.Run())
}

// olderServers lets a server of version 16 or older read what pg_restore 17 writes:
// its script begins by setting what they do not have.
type olderServers struct {
	to   io.Writer
	head []byte // until the settings are past
	past bool
}

var (
	unknownSetting = []byte("SET transaction_timeout = 0;\n")
	lastSetting    = []byte("SET row_security = off;\n")
)

// mostHead is more than the settings at the beginning of a script are long.
const mostHead = 4096

func (w *olderServers) Write(p []byte) (int, error) {
	if w.past {
		return w.to.Write(p)
	}
	w.head = append(w.head, p...)
	if !bytes.Contains(w.head, lastSetting) && len(w.head) < mostHead {
		return len(p), nil
	}
	w.past = true
	_, err := w.to.Write(bytes.Replace(w.head, unknownSetting, nil, 1))
	return len(p), err
}
