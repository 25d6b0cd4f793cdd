package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"segnavia/storage"
	"segnavia/storage/archive"
	"segnavia/storage/embedded"
	"segnavia/storage/objects"
)

type restoreCmd struct {
	where    `embed:""`
	From     string `help:"Folder of the backups." required:"" type:"existingdir"`
	Point    string `help:"Name of the backup; empty is the newest."`
	Check    bool   `help:"Read the backup and compare it with its sums; nothing is restored."`
	Replace  bool   `help:"Put the backup in the place of a town that is there. Its name is asked for."`
	Confirm  string `help:"With --replace: the name of the town that is replaced, where nobody can be asked."`
	Erasures string `help:"A further ledger of what was erased after the backup." type:"existingfile"`
}

// Run restores, or looks at a backup.
func (c *restoreCmd) Run(_ *kong.Context, ctx context.Context, log *slog.Logger) error {
	f, err := archive.Read(c.From)
	if err != nil {
		return err
	}
	names, err := f.Points()
	if err != nil {
		return err
	}
	switch {
	case len(names) == 0:
		return fmt.Errorf("%s: there is no whole backup in this folder", c.From)
	case c.Point == "":
		c.Point = names[len(names)-1]
	case !slices.Contains(names, c.Point):
		return fmt.Errorf("there is no backup %s; there are %s", c.Point, strings.Join(names, ", "))
	}
	// A damaged backup is known before anything is touched.
	m, err := checkPoint(ctx, f, c.Point)
	if err != nil {
		return err
	}
	fmt.Printf("backup %s of %s, made %s: %d rows, %d objects of %s; every sum is right\n", c.Point, strings.Join(m.Facts.Towns, ", "),
		m.Made.Format("2006-01-02 15:04 MST"), rowsOf(m.Tables), m.Objects, megabytes(m.Bytes))
	if c.Check {
		return nil
	}
	if newest := storage.Newest(); m.Facts.Schema > newest {
		return fmt.Errorf("the backup is of schema %d and this program knows %d: restore with the program that made it, or a newer one", m.Facts.Schema, newest)
	}
	return c.restore(ctx, log, f, &m)
}

// restore puts back the objects, the database, and what was erased since; then it
// compares.
func (c *restoreCmd) restore(ctx context.Context, log *slog.Logger, f *archive.Folder, m *archive.Manifest) (err error) {
	s, programs, err := c.bare(ctx, log)
	defer func() { err = errors.Join(err, s.close(context.WithoutCancel(ctx))) }()
	if err != nil {
		return err
	}
	if err := c.mayReplace(ctx, s.admin); err != nil {
		return err
	}
	ledger, err := allTaken(ctx, f, bucketSource{s.bucket}, c.Erasures)
	if err != nil {
		return err
	}
	// Objects first: a row never stands without its object.
	if err := putObjects(ctx, s.bucket, f, c.Point, m.Objects); err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "database")
	if err := storage.Restore(ctx, programs, s.admin, f.Path(c.Point, archive.DumpFile)); err != nil {
		return err
	}
	if err := compare(ctx, s, f, c.Point, m); err != nil {
		return err
	}
	return c.wakeUp(ctx, log, s, ledger)
}

// bare opens what is restored into, without any table of ours.
func (c *restoreCmd) bare(ctx context.Context, log *slog.Logger) (s *stores, p storage.Programs, err error) {
	s = &stores{url: c.DatabaseURL, admin: c.MigrateURL}
	ownBucket, made := c.S3Endpoint == "", ""
	if c.DatabaseURL == "" || ownBucket {
		if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
			return s, "", fmt.Errorf("data directory: %w", err)
		}
		s.own, err = embedded.Start(ctx, embedded.Options{Dir: c.DataDir, Log: log, Database: c.DatabaseURL == "", Objects: ownBucket})
		if err != nil {
			return s, "", err
		}
	}
	if c.DatabaseURL == "" {
		s.admin, s.url, made = s.own.DatabaseURL, s.own.ProgramURL, c.sub("postgres")
	}
	if s.admin == "" {
		s.admin = s.url
	}
	s.bucket, err = objects.Open(ctx, c.bucketConfig(s.own, ownBucket))
	return s, programs(made), err
}

// mayReplace refuses where a town is, unless somebody says its name.
func (c *restoreCmd) mayReplace(ctx context.Context, url string) error {
	towns, busy, err := storage.TownsIn(ctx, url)
	switch {
	case err != nil:
		return err
	case busy:
		return errors.New("a program uses this database: stop it first")
	case len(towns) == 0:
		return nil
	case !c.Replace:
		return fmt.Errorf("this database holds %s; nothing is restored over it without --replace", strings.Join(towns, ", "))
	}
	said := c.Confirm
	if said == "" {
		fmt.Fprintf(os.Stderr, "This puts an older state in the place of %s.\nWrite the name of the town to go on: ", strings.Join(towns, ", "))
		if said, err = bufio.NewReader(os.Stdin).ReadString('\n'); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
	}
	if !slices.Contains(towns, strings.TrimSpace(said)) {
		return errors.New("that is not the name of the town: nothing is changed")
	}
	return nil
}

// putObjects puts back what the bucket does not have. One of the same key and size
// is read by compare, and put again if it is another.
func putObjects(ctx context.Context, bucket *objects.Bucket, f *archive.Folder, point string, total int) error {
	bar := newProgress("objects", total)
	for o, err := range f.Objects(point) {
		if err != nil {
			return err
		}
		if err := putObject(ctx, bucket, f, o); err != nil {
			return err
		}
		bar.add(1)
	}
	bar.done()
	return nil
}

func putObject(ctx context.Context, bucket *objects.Bucket, f *archive.Folder, o archive.Object) error {
	if there, err := sumOfObject(ctx, bucket, o.Key); err == nil && there == o.SHA256 {
		return nil
	}
	r, err := f.Object(o.SHA256)
	if err != nil {
		return err
	}
	return errors.Join(bucket.Put(ctx, o.Key, r, o.Size, "application/octet-stream"), r.Close())
}
