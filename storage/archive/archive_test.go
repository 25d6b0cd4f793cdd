package archive_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage/archive"
)

func open(t *testing.T, dir string) *archive.Folder {
	t.Helper()
	f, err := archive.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// point makes a whole point of some objects.
func point(t *testing.T, f *archive.Folder, name string, bodies ...string) {
	t.Helper()
	d, err := f.Begin(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range bodies {
		sum, size, err := f.Keep(strings.NewReader(b))
		if err == nil {
			err = d.Add(archive.Object{Key: "town/" + b, Size: size, SHA256: sum, Mark: "1"})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(d.Path(archive.DumpFile), []byte("dump of "+name), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.Finish(archive.Manifest{Made: time.Now()}); err != nil {
		t.Fatal(err)
	}
}

func check(t *testing.T, f *archive.Folder, name string) error {
	t.Helper()
	return f.Check(t.Context(), name, func(int64) {})
}

func points(t *testing.T, f *archive.Folder) []string {
	t.Helper()
	names, err := f.Points()
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestHalfABackupIsNone: a draft is no point, whenever the program stops, and the
// next backup clears it away.
func TestHalfABackupIsNone(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	point(t, f, "whole", "a")
	d, err := f.Begin("half")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Add(archive.Object{Key: "k"}); err != nil {
		t.Fatal(err)
	}
	if got := points(t, f); !slices.Equal(got, []string{"whole"}) {
		t.Errorf("%v", got)
	}
	if _, err := archive.Open(dir); err == nil {
		t.Error("two backups write to one folder")
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	f = open(t, dir)
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left: %v %v", left, err)
	}
	point(t, f, "half", "b")
	if _, err := f.Begin("half"); err == nil {
		t.Error("a point is overwritten")
	}
	for _, name := range []string{"../x", "", "objects", ".hidden", "a/b", strings.Repeat("x", 101)} {
		if _, err := f.Begin(name); err == nil {
			t.Errorf("%q is a name", name)
		}
	}
}

// TestDamageIsFound spoils every file of a point, one at a time, and its objects.
func TestDamageIsFound(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	point(t, f, "p", "first", "second")
	if err := check(t, f, "p"); err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, pattern := range []string{"p/*", "objects/*/*"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) != 4+2 {
		t.Fatalf("%v", files)
	}
	for _, file := range files {
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for name, spoilt := range map[string][]byte{
			"one bit": append([]byte{whole[0] ^ 1}, whole[1:]...), "cut": whole[:len(whole)-2], "empty": nil,
		} {
			if err := os.WriteFile(file, spoilt, 0o600); err != nil {
				t.Fatal(err)
			}
			if check(t, f, "p") == nil {
				t.Errorf("%s: %s is not found", file, name)
			}
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if check(t, f, "p") == nil {
			t.Errorf("%s is missed by nobody", file)
		}
		if err := os.WriteFile(file, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := check(t, f, "p"); err != nil {
		t.Errorf("mended: %v", err)
	}
}

// TestPruningKeepsWhatIsStillHeld: objects go with the last point that holds them.
func TestPruningKeepsWhatIsStillHeld(t *testing.T) {
	f := open(t, t.TempDir())
	point(t, f, "1", "old", "both")
	point(t, f, "2", "both", "new")
	point(t, f, "3", "both")
	if n, gone, err := f.Prune(2); err != nil || n != 1 || gone != 1 {
		t.Errorf("%d points, %d objects, %v", n, gone, err)
	}
	for _, name := range points(t, f) {
		if err := check(t, f, name); err != nil {
			t.Error(err)
		}
	}
	if n, gone, err := f.Prune(1); err != nil || n != 1 || gone != 1 || check(t, f, "3") != nil {
		t.Errorf("%d points, %d objects, %v", n, gone, err)
	}
}

// TestTheNewestIsToldByItsTime: a name that somebody chose says nothing of when.
func TestTheNewestIsToldByItsTime(t *testing.T) {
	f := open(t, t.TempDir())
	point(t, f, "before-upgrade", "a")
	point(t, f, "20261124T220639Z", "a", "b")
	if got := points(t, f); !slices.Equal(got, []string{"before-upgrade", "20261124T220639Z"}) {
		t.Errorf("from the oldest to the newest: %v", got)
	}
	if _, _, err := f.Prune(1); err != nil {
		t.Fatal(err)
	}
	if got := points(t, f); !slices.Equal(got, []string{"20261124T220639Z"}) {
		t.Errorf("kept as the newest: %v", got)
	}
}

// TestTheLedgerOnlyGrows: each entry once, in the order of time.
func TestTheLedgerOnlyGrows(t *testing.T) {
	f := open(t, t.TempDir())
	taken := func(hour int) civic.Taken {
		return civic.Taken{Edit: civictest.NewID[civic.Edit](), Kind: civic.KindPurge, At: time.Date(2026, 11, 24, hour, 0, 0, 0, time.UTC)}
	}
	late, early := taken(20), taken(8)
	for _, list := range [][]civic.Taken{{late}, {early, late}, nil} {
		if err := f.Learn(list); err != nil {
			t.Fatal(err)
		}
	}
	got, err := f.Ledger()
	if err != nil || len(got) != 2 || got[0].Edit != early.Edit || got[1].Edit != late.Edit {
		t.Errorf("%+v %v", got, err)
	}
}
