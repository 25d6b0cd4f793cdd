package archive

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"segnavia/storage"
)

// Format is the version of what stands in a point. A program reads its own and
// those before.
const Format = 1

// Manifest says what a point holds.
type Manifest struct {
	Format  int           `json:"format"`
	Program string        `json:"program"`
	Made    time.Time     `json:"made"`
	Facts   storage.Facts `json:"database"`
	// Tables are counted at the dump's own moment.
	Tables  []storage.Table `json:"tables"`
	Objects int             `json:"objects"`
	Bytes   int64           `json:"bytes"` // of all objects
}

// Object is one object of the bucket. Mark is what its source says of its version:
// the same mark and size mean the same bytes.
type Object struct {
	Key    string `json:"key"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	Mark   string `json:"mark,omitempty"`
}

// Draft is a point that is not whole yet: no Points lists it.
type Draft struct {
	f       *Folder
	name    string
	list    *os.File
	lines   *bufio.Writer
	objects int
	bytes   int64
}

var pointName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$`)

// Begin makes room for a new point; what an earlier try under that name left is
// removed.
func (f *Folder) Begin(name string) (*Draft, error) {
	if !pointName.MatchString(name) || name == poolDir || name == lockFile {
		return nil, fmt.Errorf("backup %q: letters, digits, dots, dashes and underscores make a name", name)
	}
	if _, err := os.Stat(filepath.Join(f.dir, name)); err == nil {
		return nil, fmt.Errorf("backup %s: there is one of this name", name)
	}
	d := &Draft{f: f, name: name}
	if err := os.RemoveAll(d.dir()); err != nil {
		return nil, fmt.Errorf("backup %s: %w", name, err)
	}
	err := os.Mkdir(d.dir(), 0o700)
	if err == nil {
		d.list, err = os.OpenFile(d.Path(objectsFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	}
	if err == nil { // pg_dump would let the group read it
		err = os.WriteFile(d.Path(DumpFile), nil, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("backup %s: %w", name, err)
	}
	d.lines = bufio.NewWriter(d.list)
	return d, nil
}

func (d *Draft) dir() string { return filepath.Join(d.f.dir, "."+d.name+partial) }

// Path is where a file of the draft lies.
func (d *Draft) Path(file string) string { return filepath.Join(d.dir(), file) }

// Add notes an object that the pool holds.
func (d *Draft) Add(o Object) error {
	line, err := json.Marshal(o)
	if err != nil {
		return err
	}
	d.objects, d.bytes = d.objects+1, d.bytes+o.Size
	_, err = d.lines.Write(append(line, '\n'))
	return err
}

// Finish makes the draft a point, in one step and durably.
func (d *Draft) Finish(m Manifest) error {
	m.Format, m.Objects, m.Bytes = Format, d.objects, d.bytes
	err := errors.Join(d.lines.Flush(), d.list.Sync(), d.list.Close())
	raw, one := json.MarshalIndent(m, "", "  ")
	if err = errors.Join(err, one, syncFile(d.Path(DumpFile))); err != nil {
		return fmt.Errorf("backup %s: %w", d.name, err)
	}
	if err := writeDurably(d.Path(manifestFile), append(raw, '\n')); err != nil {
		return fmt.Errorf("backup %s: %w", d.name, err)
	}
	var sums bytes.Buffer
	for _, file := range []string{DumpFile, manifestFile, objectsFile} {
		sum, _, err := sumOf(d.Path(file))
		if err != nil {
			return fmt.Errorf("backup %s: %w", d.name, err)
		}
		fmt.Fprintf(&sums, "%s  %s\n", sum, file)
	}
	if err := writeDurably(d.Path(sumsFile), sums.Bytes()); err != nil {
		return fmt.Errorf("backup %s: %w", d.name, err)
	}
	if err := syncDir(d.dir()); err != nil {
		return fmt.Errorf("backup %s: %w", d.name, err)
	}
	if err := os.Rename(d.dir(), filepath.Join(d.f.dir, d.name)); err != nil {
		return fmt.Errorf("backup %s: %w", d.name, err)
	}
	return syncDir(d.f.dir)
}

// Drop removes a draft that will not be finished. After Finish it does nothing.
func (d *Draft) Drop() error {
	_ = d.list.Close() // it may be closed already
	return os.RemoveAll(d.dir())
}

// syncFile makes durable what another program wrote.
func syncFile(path string) error {
	w, err := os.OpenFile(path, os.O_WRONLY, 0) // #nosec G304 -- of our own folder
	if err != nil {
		return err
	}
	return errors.Join(w.Sync(), w.Close())
}

func writeDurably(path string, b []byte) error {
	w, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // #nosec G304 -- of our own folder
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return errors.Join(err, w.Sync(), w.Close())
}

// Manifest reads what a point holds.
func (f *Folder) Manifest(point string) (m Manifest, err error) {
	raw, err := os.ReadFile(f.Path(point, manifestFile))
	if err != nil {
		return m, fmt.Errorf("backup %s: %w", point, err)
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return m, fmt.Errorf("backup %s: manifest: %w", point, err)
	}
	if m.Format < 1 || m.Format > Format {
		return m, fmt.Errorf("backup %s: of format %d; this program reads up to %d", point, m.Format, Format)
	}
	return m, nil
}

// Objects walks the objects of a point. An error ends the walk and is its last
// pair.
func (f *Folder) Objects(point string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		r, err := os.Open(f.Path(point, objectsFile))
		if err != nil {
			yield(Object{}, fmt.Errorf("backup %s: %w", point, err))
			return
		}
		defer r.Close() //nolint:errcheck // only read
		in := bufio.NewScanner(r)
		for in.Scan() {
			var o Object
			err := json.Unmarshal(in.Bytes(), &o)
			if err == nil && (strings.Contains(o.Key, "..") || o.Key == "") {
				err = fmt.Errorf("key %q", o.Key)
			}
			if !yield(o, err) || err != nil {
				return
			}
		}
		if err := in.Err(); err != nil {
			yield(Object{}, err)
		}
	}
}
