package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"segnavia/civic"
	"segnavia/storage"
	"segnavia/storage/embedded"
	"segnavia/storage/objects"
)

// where says which database and bucket to use; with neither, the program runs
// its own under DataDir.
type where struct {
	DataDir     string `help:"Where the program keeps its own database and bucket." default:"var" env:"SEGNAVIA_DATA_DIR" type:"path"`
	DatabaseURL string `help:"PostgreSQL with PostGIS, by the program's own login; empty runs our own." env:"SEGNAVIA_DATABASE_URL" name:"database-url"`
	MigrateURL  string `help:"The same database by a superuser, for migrate and restore alone." env:"SEGNAVIA_MIGRATE_DATABASE_URL" name:"migrate-database-url"`
	S3Endpoint  string `help:"S3 server; empty runs our own." env:"SEGNAVIA_S3_ENDPOINT" name:"s3-endpoint"`
	S3Bucket    string `help:"Bucket." default:"segnavia" env:"SEGNAVIA_S3_BUCKET" name:"s3-bucket"`
	S3AccessKey string `help:"Access key." env:"SEGNAVIA_S3_ACCESS_KEY" name:"s3-access-key"`
	S3SecretKey string `help:"Secret key." env:"SEGNAVIA_S3_SECRET_KEY" name:"s3-secret-key"`
	S3Region    string `help:"Region." default:"us-east-1" env:"SEGNAVIA_S3_REGION" name:"s3-region"`
}

// stores are an open database and bucket, our own or somebody else's.
type stores struct {
	own    *embedded.Node
	url    string // by the program's login
	admin  string // by a superuser; empty where the program knows none
	db     *storage.DB
	bucket *objects.Bucket
	// objects is the folder of our own bucket, empty for somebody else's.
	objects string
}

// prebuilt is the database with snapshots of its large scopes in the bucket.
func (s *stores) prebuilt() *storage.Prebuilt {
	return &storage.Prebuilt{DB: s.db, Bucket: s.bucket}
}

// open starts what is ours, migrates, and opens both stores. What it has opened
// is closed again when it fails.
func (w *where) open(ctx context.Context, log *slog.Logger, withBucket bool) (s *stores, err error) {
	s = &stores{url: w.DatabaseURL, admin: w.MigrateURL}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close(context.WithoutCancel(ctx)))
		}
	}()
	ownBucket := withBucket && w.S3Endpoint == ""
	if w.DatabaseURL == "" || ownBucket {
		if err := os.MkdirAll(w.DataDir, 0o700); err != nil {
			return s, fmt.Errorf("data directory: %w", err)
		}
		s.own, err = embedded.Start(ctx, embedded.Options{
			Dir: w.DataDir, Log: log, Database: w.DatabaseURL == "", Objects: ownBucket,
		})
		var running *embedded.LockedError
		switch {
		case errors.As(err, &running) && !withBucket:
			// An errand beside the program that serves, in its database.
			if s.admin, s.url, err = embedded.Running(w.DataDir); err != nil {
				return s, err
			}
		case err != nil:
			return s, err
		case w.DatabaseURL == "":
			s.admin, s.url = s.own.DatabaseURL, s.own.ProgramURL
		}
	}
	if err := s.migrate(ctx, log); err != nil {
		return s, err
	}
	if s.db, err = storage.Open(ctx, storage.Options{URL: s.url}); err != nil {
		return s, err
	}
	if withBucket {
		if ownBucket {
			s.objects = w.DataDir
		}
		s.bucket, err = objects.Open(ctx, w.bucketConfig(s.own, ownBucket))
	}
	return s, err
}

// migrate brings the database to this program's schema and lets the program's login
// in. Where no superuser is known the tables must be right already.
func (s *stores) migrate(ctx context.Context, log *slog.Logger) error {
	admin := s.admin
	if admin == "" || admin == s.url {
		login, err := storage.LookAt(ctx, s.url)
		switch {
		case err != nil:
			return err
		case login.Super:
			log.WarnContext(ctx, "the database url is a superuser's: give the program a login of its own, and the superuser's to --migrate-database-url")
		case !login.Behind:
			return nil
		}
		admin = s.url
	}
	var slow *storage.NotLeakproofError
	if err := storage.Migrate(ctx, admin); errors.As(err, &slow) {
		log.WarnContext(ctx, slow.Error())
	} else if err != nil {
		return err
	}
	if admin == s.url {
		return nil
	}
	return storage.Admit(ctx, admin, s.url)
}

func (w *where) bucketConfig(own *embedded.Node, ours bool) objects.Config {
	if ours {
		return objects.Config{
			Endpoint: own.S3.Endpoint, Bucket: own.S3.Bucket, AccessKey: own.S3.AccessKey,
			SecretKey: own.S3.SecretKey, Region: own.S3.Region,
		}
	}
	return objects.Config{
		Endpoint: w.S3Endpoint, Bucket: w.S3Bucket, AccessKey: w.S3AccessKey, SecretKey: w.S3SecretKey, Region: w.S3Region,
	}
}

func (s *stores) close(ctx context.Context) error {
	if s.db != nil {
		s.db.Close()
	}
	if s.own != nil {
		return s.own.Close(ctx)
	}
	return nil
}

// bucket gives the server a bucket in its own words.
type bucket struct{ *objects.Bucket }

// Get opens an object, or gives civic.ErrNotFound.
func (b bucket) Get(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	o, err := b.Bucket.Get(ctx, key)
	if errors.Is(err, objects.ErrNotFound) {
		return nil, civic.ErrNotFound
	}
	return o, err
}

// Ping reports whether the bucket answers. What is asked for need not exist.
func (b bucket) Ping(ctx context.Context) error {
	if _, err := b.Stat(ctx, "ping"); err != nil && !errors.Is(err, objects.ErrNotFound) {
		return err
	}
	return nil
}

// sub is a path under the data directory.
func (w *where) sub(name string) string { return filepath.Join(w.DataDir, name) }
