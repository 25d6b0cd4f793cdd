package cluster

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Binaries is one installed version of PostgreSQL.
type Binaries struct {
	// Dir is the absolute folder of postgres, initdb, pg_dump, pg_restore.
	Dir string
	// Major is the version's first number, such as 15.
	Major int
}

// MissingError says what the machine lacks and which Debian packages bring it.
type MissingError struct {
	What     string
	Packages []string
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("%s is not installed: run apt-get install %s (set create_main_cluster = false "+
		"in /etc/postgresql-common/createcluster.conf first, to keep Debian from starting a server of its own)",
		e.What, strings.Join(e.Packages, " "))
}

// Find returns the binaries for a data directory: of the version that made it
// where it exists, else the newest that the machine has.
func Find(dataDir string) (Binaries, error) {
	folders, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return Binaries{}, fmt.Errorf("look for postgres: %w", err)
	}
	if p, err := exec.LookPath("postgres"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			folders = append(folders, filepath.Dir(p))
		}
	}
	return choose(folders, dataDir)
}

func choose(folders []string, dataDir string) (Binaries, error) {
	want, err := dataVersion(dataDir)
	if err != nil {
		return Binaries{}, err
	}
	var found []Binaries
	for _, dir := range folders {
		if major, ok := version(dir); ok && (want == 0 || want == major) {
			found = append(found, Binaries{Dir: dir, Major: major})
		}
	}
	if len(found) > 0 {
		return slices.MaxFunc(found, func(a, b Binaries) int { return a.Major - b.Major }), nil
	}
	if want != 0 {
		return Binaries{}, &MissingError{
			What:     fmt.Sprintf("PostgreSQL %d, which made %s,", want, dataDir),
			Packages: []string{fmt.Sprintf("postgresql-%d", want), fmt.Sprintf("postgresql-%d-postgis-3", want)},
		}
	}
	return Binaries{}, &MissingError{
		What:     "PostgreSQL with PostGIS",
		Packages: []string{"postgresql", "postgresql-postgis"},
	}
}

// dataVersion is the version that made a data directory, 0 where there is none.
func dataVersion(dataDir string) (int, error) {
	b, err := os.ReadFile(filepath.Join(dataDir, "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("version of the data directory: %w", err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return 0, fmt.Errorf("version of the data directory: %w", err)
	}
	return n, nil
}

// version asks initdb, because a folder's name says nothing outside Debian.
func version(dir string) (int, bool) {
	for _, name := range []string{"postgres", "initdb"} {
		if _, err := exec.LookPath(filepath.Join(dir, name)); err != nil {
			return 0, false
		}
	}
	out, err := exec.Command(filepath.Join(dir, "initdb"), "--version").Output()
	if err != nil {
		return 0, false
	}
	m := regexp.MustCompile(`\) (\d+)`).FindSubmatch(out)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(string(m[1]))
	return n, err == nil
}
