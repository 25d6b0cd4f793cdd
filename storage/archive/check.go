package archive

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Check reads a point whole and compares everything with its sums and counts. The
// error names what is wrong, at most ten things. checked is called with the bytes
// of each object.
func (f *Folder) Check(ctx context.Context, point string, checked func(bytes int64)) error {
	if err := f.checkFiles(point); err != nil {
		return err
	}
	m, err := f.Manifest(point)
	if err != nil {
		return err
	}
	var wrong []error
	count, bytes := 0, int64(0)
	for o, err := range f.Objects(point) {
		if err = errors.Join(err, ctx.Err()); err != nil {
			return fmt.Errorf("backup %s: %w", point, err)
		}
		count, bytes = count+1, bytes+o.Size
		if sum, size, err := f.sumOfObject(o); err != nil || sum != o.SHA256 || size != o.Size {
			if wrong = append(wrong, fmt.Errorf("object %s is damaged or missing", o.Key)); len(wrong) == 10 {
				break
			}
		}
		checked(o.Size)
	}
	if len(wrong) == 0 && (count != m.Objects || bytes != m.Bytes) {
		wrong = append(wrong, fmt.Errorf("%d objects of %d bytes, want %d of %d", count, bytes, m.Objects, m.Bytes))
	}
	if len(wrong) > 0 {
		return fmt.Errorf("backup %s: %w", point, errors.Join(wrong...))
	}
	return nil
}

func (f *Folder) sumOfObject(o Object) (sum string, size int64, err error) {
	r, err := f.Object(o.SHA256)
	if err != nil {
		return "", 0, err
	}
	if err := r.Close(); err != nil {
		return "", 0, err
	}
	return sumOf(r.Name())
}

// checkFiles compares the files of a point with the sums beside them.
func (f *Folder) checkFiles(point string) error {
	raw, err := os.ReadFile(f.Path(point, sumsFile))
	if err != nil {
		return fmt.Errorf("backup %s: %w", point, err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(raw)) {
		want, file, _ := strings.Cut(strings.TrimSpace(line), "  ")
		if file != filepath.Base(file) {
			return fmt.Errorf("backup %s: %s names %q", point, sumsFile, file)
		}
		if sum, _, err := sumOf(f.Path(point, file)); err != nil || sum != want {
			return fmt.Errorf("backup %s: %s is damaged or missing", point, file)
		}
		seen[file] = true
	}
	for _, file := range []string{DumpFile, manifestFile, objectsFile} {
		if !seen[file] {
			return fmt.Errorf("backup %s: %s has no sum", point, file)
		}
	}
	return nil
}

// Prune keeps the newest points, so many, and removes the others with the objects
// that no point holds any more.
func (f *Folder) Prune(keep int) (points, objects int, err error) {
	names, err := f.Points()
	if err != nil {
		return 0, 0, err
	}
	for len(names) > max(keep, 1) {
		// First out of the list: a point that is half removed is none.
		hidden := filepath.Join(f.dir, "."+names[0]+partial)
		if err := os.Rename(filepath.Join(f.dir, names[0]), hidden); err != nil {
			return points, 0, err
		}
		if err := os.RemoveAll(hidden); err != nil {
			return points, 0, err
		}
		points, names = points+1, names[1:]
	}
	used := map[string]bool{}
	for _, name := range names {
		for o, err := range f.Objects(name) {
			if err != nil {
				return points, 0, err // better too much than too little
			}
			used[o.SHA256] = true
		}
	}
	var unused []string
	err = filepath.WalkDir(filepath.Join(f.dir, poolDir), func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() && !used[e.Name()] {
			unused = append(unused, path)
		}
		return err
	})
	for _, path := range unused {
		err = errors.Join(err, os.Remove(path))
	}
	return points, len(unused), err
}
