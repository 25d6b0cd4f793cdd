package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"segnavia/storage"
	"segnavia/storage/archive"
	"segnavia/storage/embedded"
	"segnavia/storage/embedded/cluster"
	"segnavia/storage/objects"
)

type backupCmd struct {
	where `embed:""`
	To    string `help:"Folder of the backups; objects that an earlier one there has are not copied again." required:"" type:"path"`
	Name  string `help:"Name of this backup; empty is the time."`
	Keep  int    `help:"Afterwards keep the newest, so many, and remove the others; 0 keeps all." default:"0"`
}

// Run writes a backup, beside a program that serves or without one.
func (c *backupCmd) Run(_ *kong.Context, ctx context.Context, log *slog.Logger) error {
	l, err := c.look(ctx, log)
	if err != nil {
		return err
	}
	err = c.write(ctx, l)
	return errors.Join(err, l.close(context.WithoutCancel(ctx)))
}

// looked at are a database and a bucket that are read.
type lookedAt struct {
	url      string
	programs storage.Programs
	bucket   source
	own      *embedded.Node
}

func (l *lookedAt) close(ctx context.Context) error {
	if l.own == nil {
		return nil
	}
	return l.own.Close(ctx)
}

// look reaches what is to be read. Our own database is that of the program which
// runs, or is started for this; our own bucket is a folder.
func (w *where) look(ctx context.Context, log *slog.Logger) (*lookedAt, error) {
	l := &lookedAt{url: w.DatabaseURL, bucket: ownBucket(w.DataDir)}
	if w.S3Endpoint != "" {
		b, err := objects.Open(ctx, w.bucketConfig(nil, false))
		if err != nil {
			return nil, err
		}
		l.bucket = bucketSource{b}
	}
	made := ""
	if w.DatabaseURL == "" {
		made = w.sub("postgres")
		if _, err := os.Stat(made); err != nil {
			return nil, fmt.Errorf("%s: there is no installation here", w.DataDir)
		}
		var running *embedded.LockedError
		var err error
		l.own, err = embedded.Start(ctx, embedded.Options{Dir: w.DataDir, Log: log, Database: true})
		switch {
		case errors.As(err, &running):
			if l.url, _, err = embedded.Running(w.DataDir); err != nil {
				return nil, err
			}
		case err != nil:
			return nil, err
		default:
			l.url = l.own.DatabaseURL
		}
	}
	l.programs = programs(made)
	return l, nil
}

// programs are those of the version that made a cluster; for a database elsewhere
// the newest that this machine has, which reads every older one.
func programs(made string) storage.Programs {
	found, err := cluster.Find(made)
	if err != nil {
		return "" // there may be clients without a server
	}
	return storage.Programs(found.Dir)
}

// write makes one point. The database comes first: a photo whose row is missing
// does no harm, a row whose photo is missing does.
func (c *backupCmd) write(ctx context.Context, l *lookedAt) error {
	f, err := archive.Open(c.To)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // the lock ends with the program too
	name := c.Name
	if name == "" {
		name = pointNow()
	}
	d, err := f.Begin(name)
	if err != nil {
		return err
	}
	defer d.Drop() //nolint:errcheck // the next backup removes it
	m := archive.Manifest{Program: version, Made: time.Now().UTC()}
	if err := dump(ctx, l, d, &m); err != nil {
		return err
	}
	copied, err := c.copyObjects(ctx, l, f, d)
	if err != nil {
		return err
	}
	taken, err := readTaken(ctx, l.bucket)
	if err == nil {
		err = f.Learn(taken)
	}
	if err == nil {
		err = d.Finish(m)
	}
	if err != nil {
		return err
	}
	if m, err = checkPoint(ctx, f, name); err != nil {
		return err
	}
	fmt.Printf("backup %s of %s: %d rows, %d objects of %s, %d of them copied now; every sum is right\n",
		name, strings.Join(m.Facts.Towns, ", "), rowsOf(m.Tables), m.Objects, megabytes(m.Bytes), copied)
	return c.prune(f)
}

func dump(ctx context.Context, l *lookedAt, d *archive.Draft, m *archive.Manifest) error {
	moment, err := storage.OpenMoment(ctx, l.url)
	if err != nil {
		return err
	}
	defer moment.Close(context.WithoutCancel(ctx)) //nolint:errcheck // only read
	if m.Facts, err = moment.Facts(ctx); err != nil {
		return err
	}
	counting := newProgress("rows counted", 0)
	if m.Tables, err = moment.Tables(ctx, func(t storage.Table) { counting.add(int(t.Rows)) }); err != nil {
		return err
	}
	counting.done()
	watch := watchFile("database, kB", d.Path(archive.DumpFile))
	defer watch()
	return moment.Dump(ctx, l.programs, d.Path(archive.DumpFile))
}

// watchFile shows a file that another program writes, until it is called.
func watchFile(what, path string) (stop func()) {
	bar, ended, gone := newProgress(what, 0), make(chan struct{}), make(chan struct{})
	go func() { // ends with stop
		defer close(gone)
		seen := int64(0)
		look := func() {
			if info, err := os.Stat(path); err == nil {
				bar.add(int(info.Size()/1024 - seen))
				seen = info.Size() / 1024
			}
		}
		for {
			select {
			case <-ended:
				look()
				bar.done()
				return
			case <-time.After(time.Second):
				look()
			}
		}
	}()
	return func() { close(ended); <-gone }
}

// copyObjects notes every object and copies those that no earlier point has.
func (c *backupCmd) copyObjects(ctx context.Context, l *lookedAt, f *archive.Folder, d *archive.Draft) (copied int, err error) {
	had, err := latest(f)
	if err != nil {
		return 0, err
	}
	bar := newProgress("objects", len(had))
	for o, err := range l.bucket.list(ctx, "") {
		if err != nil {
			return copied, fmt.Errorf("read the bucket: %w", err)
		}
		before := had[o.Key]
		if before.Mark == o.Mark && before.Size == o.Size && f.Has(before.SHA256, o.Size) {
			o.SHA256 = before.SHA256
		} else {
			gone, err := keepObject(ctx, l.bucket, f, &o)
			if err != nil {
				return copied, err
			}
			if gone {
				continue
			}
			copied++
		}
		if err := d.Add(o); err != nil {
			return copied, err
		}
		bar.add(1)
	}
	bar.done()
	return copied, nil
}

// keepObject copies one object; gone says that it was deleted after it was listed.
func keepObject(ctx context.Context, from source, f *archive.Folder, o *archive.Object) (gone bool, err error) {
	body, err := from.open(ctx, o.Key)
	if errors.Is(err, objects.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	o.SHA256, o.Size, err = f.Keep(io.Reader(body))
	return false, errors.Join(err, body.Close())
}

// latest are the objects of the newest point, by key.
func latest(f *archive.Folder) (map[string]archive.Object, error) {
	names, err := f.Points()
	had := map[string]archive.Object{}
	if err != nil || len(names) == 0 {
		return had, err
	}
	for o, err := range f.Objects(names[len(names)-1]) {
		if err != nil {
			return had, err
		}
		had[o.Key] = o
	}
	return had, nil
}

// checkPoint reads a point whole.
func checkPoint(ctx context.Context, f *archive.Folder, name string) (archive.Manifest, error) {
	m, err := f.Manifest(name)
	if err != nil {
		return m, err
	}
	bar := newProgress("objects checked", m.Objects)
	err = f.Check(ctx, name, func(int64) { bar.add(1) })
	bar.done()
	return m, err
}

func (c *backupCmd) prune(f *archive.Folder) error {
	if c.Keep < 1 {
		return nil
	}
	points, gone, err := f.Prune(c.Keep)
	if err == nil && points > 0 {
		fmt.Printf("%d older backups and %d objects of theirs alone are removed\n", points, gone)
	}
	return err
}

func rowsOf(tables []storage.Table) (n int64) {
	for _, t := range tables {
		n += t.Rows
	}
	return n
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
