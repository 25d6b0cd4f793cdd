// Package archive is the folder in which backups lie: one point a backup, and one
// pool of objects that all points share, named by what they hold. It knows files
// only; what it calls a backup is whole, or it is not there.
package archive

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// The names in the folder, and in a point.
const (
	poolDir  = "objects"
	partial  = ".part"
	lockFile = "lock"

	// DumpFile is the database of a point, in pg_dump's custom format.
	DumpFile     = "database.dump"
	manifestFile = "manifest.json"
	objectsFile  = "objects.ndjson"
	sumsFile     = "SHA256SUMS"
)

// Folder is an open folder of backups. Its owner calls Close.
type Folder struct {
	dir  string
	lock *os.File
}

// Open makes the folder where it is missing and keeps others from writing to it.
func Open(dir string) (*Folder, error) {
	if err := os.MkdirAll(filepath.Join(dir, poolDir), 0o700); err != nil {
		return nil, fmt.Errorf("backup folder: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600) // #nosec G304 -- the operator's
	if err != nil {
		return nil, fmt.Errorf("backup folder: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil { // #nosec G115 -- a descriptor
		return nil, errors.Join(fmt.Errorf("backup folder %s: another backup runs", dir), lock.Close())
	}
	// What a backup that was cut off has left is of no use to anybody.
	for _, pattern := range []string{"." + "*" + partial, filepath.Join(poolDir, partial+"*")} {
		left, err := filepath.Glob(filepath.Join(dir, pattern))
		for _, path := range left {
			err = errors.Join(err, os.RemoveAll(path))
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("backup folder: %w", err), lock.Close())
		}
	}
	return &Folder{dir: dir, lock: lock}, nil
}

// Read opens a folder that is not written to: of a copy that may be read-only too.
func Read(dir string) (*Folder, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("backup folder: %w", err)
	}
	return &Folder{dir: dir}, nil
}

// Close lets the folder go.
func (f *Folder) Close() error {
	if f.lock == nil {
		return nil
	}
	return f.lock.Close()
}

// Points lists the backups that are whole, the oldest first: their names are free
// and say nothing of when.
func (f *Folder) Points() (names []string, err error) {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return nil, fmt.Errorf("backup folder: %w", err)
	}
	made := make(map[string]time.Time)
	for _, e := range entries {
		if !e.IsDir() || e.Name() == poolDir || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		info, err := os.Stat(f.Path(e.Name(), manifestFile))
		if err != nil {
			continue
		}
		// A manifest that cannot be read still has a file's time; what is wrong with it
		// is for Check.
		made[e.Name()] = info.ModTime()
		if m, err := f.Manifest(e.Name()); err == nil {
			made[e.Name()] = m.Made
		}
		names = append(names, e.Name())
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(made[a].Compare(made[b]), cmp.Compare(a, b))
	})
	return names, nil
}

// Path is where a file of a point lies.
func (f *Folder) Path(point, file string) string { return filepath.Join(f.dir, point, file) }

func (f *Folder) object(sum string) string { return filepath.Join(f.dir, poolDir, sum[:2], sum) }

// Has reports whether the pool holds so many bytes under a sum. What they are is
// for Check.
func (f *Folder) Has(sum string, size int64) bool {
	if len(sum) != 2*sha256.Size {
		return false
	}
	info, err := os.Stat(f.object(sum))
	return err == nil && info.Size() == size
}

// Keep puts what r gives into the pool, durably, and says under which sum.
func (f *Folder) Keep(r io.Reader) (sum string, size int64, err error) {
	t, err := os.CreateTemp(filepath.Join(f.dir, poolDir), partial)
	if err != nil {
		return "", 0, fmt.Errorf("keep object: %w", err)
	}
	defer os.Remove(t.Name()) //nolint:errcheck // renamed by then, or of no use
	digest := sha256.New()
	size, err = io.Copy(io.MultiWriter(t, digest), r)
	if err == nil {
		err = t.Sync()
	}
	if err := errors.Join(err, t.Close()); err != nil {
		return "", 0, fmt.Errorf("keep object: %w", err)
	}
	sum = hex.EncodeToString(digest.Sum(nil))
	to := f.object(sum)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return "", 0, fmt.Errorf("keep object: %w", err)
	}
	return sum, size, os.Rename(t.Name(), to)
}

// Object opens an object of the pool; the caller closes it.
func (f *Folder) Object(sum string) (*os.File, error) {
	if len(sum) != 2*sha256.Size {
		return nil, fmt.Errorf("object %q: no sum", sum)
	}
	return os.Open(f.object(sum)) // #nosec G304 -- of our own pool
}

// sumOf reads a file to its end.
func sumOf(path string) (sum string, size int64, err error) {
	r, err := os.Open(path) // #nosec G304 -- of our own folder
	if err != nil {
		return "", 0, err
	}
	defer r.Close() //nolint:errcheck // only read
	digest := sha256.New()
	size, err = io.Copy(digest, r)
	return hex.EncodeToString(digest.Sum(nil)), size, err
}

// syncDir makes names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir) // #nosec G304 -- of our own folder
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
