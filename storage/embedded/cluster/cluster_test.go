package cluster

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fake lays out a folder with an initdb that says a version.
func fake(t *testing.T, version string) string {
	t.Helper()
	dir := t.TempDir()
	script := "#!/bin/sh\necho 'initdb (PostgreSQL) " + version + "'\n"
	for _, name := range []string{"initdb", "postgres"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTheNewestVersionMakesAndTheSameOpens(t *testing.T) {
	folders := []string{fake(t, "15.14 (Debian 15.14-0+deb12u1)"), fake(t, "17.2"), t.TempDir(), fake(t, "9.6.1")}
	none, made := filepath.Join(t.TempDir(), "none"), t.TempDir()
	if b, err := choose(folders, none); err != nil || b.Major != 17 || b.Dir != folders[1] {
		t.Errorf("%+v, %v", b, err)
	}
	if err := os.WriteFile(filepath.Join(made, "PG_VERSION"), []byte("15\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if b, err := choose(folders, made); err != nil || b.Major != 15 {
		t.Errorf("%+v, %v", b, err)
	}
	var missing *MissingError
	if _, err := choose(folders[1:], made); !errors.As(err, &missing) || !strings.Contains(err.Error(), "apt-get install postgresql-15 postgresql-15-postgis-3") {
		t.Errorf("%v", err)
	}
	if _, err := choose(nil, none); !errors.As(err, &missing) || !strings.Contains(err.Error(), "apt-get install postgresql postgresql-postgis ") {
		t.Errorf("%v", err)
	}
}

// TestRunsAsAnAccountWhereNamespacesAreForbidden also moves the data between
// the two owners, as a machine does whose kernel's settings change.
func TestRunsAsAnAccountWhereNamespacesAreForbidden(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root changes accounts")
	}
	dir, err := os.MkdirTemp("/tmp", "segnavia-account-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	sockets := filepath.Join(dir, "run")
	if err := PrivateDir(sockets); err != nil {
		t.Fatal(err)
	}
	cfg := Config{Dir: filepath.Join(dir, "data"), Sockets: sockets, Volatile: true, Log: slog.New(slog.DiscardHandler)}
	c, err := Prepare(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, namespace := range []bool{false, c.account.namespace, false} {
		c.account.namespace = namespace
		if err := errors.Join(c.account.own(c.Dir), c.account.own(c.Sockets)); err != nil {
			t.Fatal(err)
		}
		s, err := c.Start(t.Context())
		if err != nil {
			t.Fatalf("namespace %v: %v", namespace, err)
		}
		if err := s.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestAStartThatCannotWorkSaysWhy(t *testing.T) {
	dir := t.TempDir()
	sockets, err := SocketDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Prepare(t.Context(), Config{Dir: filepath.Join(dir, "data"), Sockets: sockets, Volatile: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.Dir, "postgresql.conf"), []byte("nonsense = on\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Start(t.Context()); err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("%v", err)
	}
}

func TestAFolderOfSomebodyElseIsRefused(t *testing.T) {
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(t.TempDir(), link); err != nil {
		t.Fatal(err)
	}
	if err := PrivateDir(link); err == nil {
		t.Error("followed a link")
	}
}
