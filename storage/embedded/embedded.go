// Package embedded gives one machine its own database and bucket: a private
// PostgreSQL cluster run as a child, and an S3 endpoint inside the program,
// both kept in one data directory. The program's end, however sudden, is
// theirs; nothing is reachable from another machine.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"segnavia/storage/embedded/cluster"
	"segnavia/storage/embedded/gateway"
)

// Name is what the database, the bucket and the program's login are called.
const Name = "segnavia"

// Options says what to start. At least one of Database and Objects is set.
type Options struct {
	// Dir is the data directory; it is made when missing, mode 0700.
	Dir string
	// Log receives what the database server says. Nil means silence.
	Log *slog.Logger
	// Database and Objects are the parts to start.
	Database, Objects bool
	// Volatile turns flushes to disk off in the database. Only for tests.
	Volatile bool
}

// S3 is how to reach the bucket: plain HTTP on the loopback interface.
type S3 struct {
	Endpoint  string // host:port
	AccessKey string
	SecretKey string // new at each start
	Region    string
	Bucket    string
}

// Node is a running database and bucket. The fields are set while it runs.
type Node struct {
	// DatabaseURL is the superuser's, through the unix socket, ProgramURL that of
	// the login under which the program works, once a migration has admitted it;
	// empty when the database was not asked for.
	DatabaseURL, ProgramURL string
	// Binaries is the folder of pg_dump and pg_restore of the database's
	// own version; empty when the database was not asked for.
	Binaries string
	// S3 is zero when the bucket was not asked for.
	S3 S3

	lock    *os.File
	sockets string
	server  *cluster.Server
	gateway *gateway.Gateway
	once    sync.Once
	err     error
}

// Start takes the data directory and starts the parts; ctx bounds the start,
// not the life. Errors: *LockedError when another program runs on the
// directory, *cluster.MissingError naming the packages to install,
// gateway.ErrRunning for a second bucket in one process.
func Start(ctx context.Context, o Options) (*Node, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Dir = dir
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	n := &Node{lock: lock}
	if err := n.start(ctx, o); err != nil {
		return nil, errors.Join(err, n.Close(context.WithoutCancel(ctx)))
	}
	return n, nil
}

// Running gives the superuser's and the program's address of the database of a
// program that runs on a data directory at the moment, for a short errand beside it:
// a key, a password. Nothing says that the program still runs when they are used.
func Running(dir string) (superuser, program string, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return "", "", fmt.Errorf("data directory: %w", err)
	}
	sockets, err := cluster.SocketDir(dir)
	c := cluster.Config{Sockets: sockets}
	return c.URL(Name), c.URLOf(Name, Name), err
}

func (n *Node) start(ctx context.Context, o Options) error {
	if o.Database {
		if err := n.startDatabase(ctx, o); err != nil {
			return err
		}
	}
	if o.Objects {
		return n.startObjects(ctx, o)
	}
	return nil
}

func (n *Node) startDatabase(ctx context.Context, o Options) error {
	sockets, err := cluster.SocketDir(o.Dir)
	if err != nil {
		return err
	}
	n.sockets = sockets
	cfg := cluster.Config{Dir: filepath.Join(o.Dir, "postgres"), Sockets: sockets, Volatile: o.Volatile, Log: o.Log}
	c, err := cluster.Prepare(ctx, cfg)
	if err != nil {
		return err
	}
	if n.server, err = c.Start(ctx); err != nil {
		return err
	}
	if err := c.CreateDatabase(ctx, Name); err != nil {
		return err
	}
	n.DatabaseURL, n.ProgramURL, n.Binaries = c.URL(Name), c.URLOf(Name, Name), c.Binaries.Dir
	return nil
}

func (n *Node) startObjects(ctx context.Context, o Options) error {
	g, err := gateway.Start(ctx, o.Dir)
	if err != nil {
		return err
	}
	n.gateway = g
	n.S3 = S3{
		Endpoint: g.Endpoint, AccessKey: g.AccessKey, SecretKey: g.SecretKey,
		Region: gateway.Region, Bucket: Name,
	}
	return makeBucket(ctx, n.S3)
}

func makeBucket(ctx context.Context, s S3) error {
	client, err := minio.New(s.Endpoint, &minio.Options{
		Creds: credentials.NewStaticV4(s.AccessKey, s.SecretKey, ""), Region: s.Region,
	})
	if err != nil {
		return fmt.Errorf("make bucket: %w", err)
	}
	found, err := client.BucketExists(ctx, s.Bucket)
	if err == nil && !found {
		err = client.MakeBucket(ctx, s.Bucket, minio.MakeBucketOptions{Region: s.Region})
	}
	if err != nil {
		return fmt.Errorf("make bucket: %w", err)
	}
	return nil
}

// Close stops both in order and lets the data directory go: the bucket after
// the requests under way, the database by a fast shutdown with a checkpoint.
// When ctx ends first they are cut off; nothing acknowledged is lost. Further
// calls return what the first did.
func (n *Node) Close(ctx context.Context) error {
	n.once.Do(func() {
		var errs []error
		if n.gateway != nil {
			errs = append(errs, n.gateway.Close(ctx))
		}
		if n.server != nil {
			errs = append(errs, n.server.Close(ctx))
			// It may lie in /tmp; the next start makes it again.
			_ = os.Remove(n.sockets)
		}
		n.err = errors.Join(append(errs, n.lock.Close())...)
	})
	return n.err
}
