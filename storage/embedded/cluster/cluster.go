// Package cluster runs a private PostgreSQL cluster as a child process, with
// the binaries that the system already has. It listens on a unix socket only
// and never touches another cluster of the machine.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
)

// Superuser is the role that initdb creates; the socket's folder is what
// keeps others out.
const Superuser = "postgres"

// port only names the socket file: nothing listens on TCP.
const port = "5432"

// Config names a cluster on disk. Dir and Sockets are absolute.
type Config struct {
	// Dir is PostgreSQL's data directory; it is made when missing.
	Dir string
	// Sockets is the folder of the unix socket, mode 0700. The path of the
	// socket in it stays within 107 bytes; see SocketDir.
	Sockets string
	// Volatile turns every flush to disk off. Only tests on data that may
	// be lost set it.
	Volatile bool
	// Log receives the server's own messages, without statements or values.
	Log *slog.Logger
}

// Cluster is a prepared cluster: the data directory exists, has the owner that
// the server needs, and no process uses it.
type Cluster struct {
	Config
	// Binaries holds postgres, initdb, pg_dump and pg_restore.
	Binaries Binaries
	account  account
}

// Prepare finds the binaries, ends whatever a killed program left in the data
// directory, and runs initdb when there is none. The caller holds a lock that
// keeps other programs out of c.Dir. Missing binaries give a *MissingError.
func Prepare(ctx context.Context, c Config) (*Cluster, error) {
	bin, err := Find(c.Dir)
	if err != nil {
		return nil, err
	}
	who, err := findAccount(ctx, bin)
	if err != nil {
		return nil, err
	}
	cl := &Cluster{Config: c, Binaries: bin, account: who}
	if err := Evict(ctx, c.Dir); err != nil {
		return nil, err
	}
	if err := cl.initialise(ctx); err != nil {
		return nil, err
	}
	if err := who.own(c.Sockets); err != nil {
		return nil, fmt.Errorf("socket folder: %w", err)
	}
	return cl, nil
}

// URL is the superuser's connection string for one database of the cluster.
func (c Config) URL(database string) string {
	return c.URLOf(Superuser, database)
}

// URLOf is the address of a database for a login, through the unix socket.
func (c Config) URLOf(login, database string) string {
	u := url.URL{Scheme: "postgres", User: url.User(login), Path: "/" + database}
	u.RawQuery = url.Values{"host": {c.Sockets}, "port": {port}, "sslmode": {"disable"}}.Encode()
	return u.String()
}

// Command is the server, ready to start in the foreground. It does not outlive
// the OS thread that starts it, unless the caller clears SysProcAttr.Pdeathsig.
func (c *Cluster) Command() *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.Binaries.Dir, "postgres"), c.arguments()...)
	cmd.Dir = c.Dir
	cmd.Env = environment()
	cmd.SysProcAttr = c.account.attributes()
	return cmd
}

// Await returns once the server answers, or with ctx's error and the last
// reason why it did not.
func (c Config) Await(ctx context.Context) error {
	for {
		err := c.Ping(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for postgres: %w", errors.Join(context.Cause(ctx), err))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Ping connects once; an error says why the server does not answer.
func (c Config) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.URL("postgres"))
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// CreateDatabase makes a UTF-8 database unless it is there, and checks that
// the server can offer PostGIS; a *MissingError says that it cannot.
func (c Config) CreateDatabase(ctx context.Context, name string) error {
	conn, err := pgx.Connect(ctx, c.URL("postgres"))
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var known, postgis bool
	const query = `SELECT
		EXISTS (SELECT FROM pg_database WHERE datname = $1),
		EXISTS (SELECT FROM pg_available_extensions WHERE name = 'postgis')`
	if err := conn.QueryRow(ctx, query, name).Scan(&known, &postgis); err != nil {
		return fmt.Errorf("look for database %s: %w", name, err)
	}
	if !postgis {
		return &MissingError{What: "the PostGIS extension", Packages: []string{"postgresql-postgis"}}
	}
	if known {
		return nil
	}
	if _, err := conn.Exec(ctx, `CREATE DATABASE `+pgx.Identifier{name}.Sanitize()); err != nil {
		return fmt.Errorf("create database %s: %w", name, err)
	}
	return nil
}

// environment keeps the locale and libpq's variables of the caller away from
// the server.
func environment() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC"}
}
