package storage_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
	"segnavia/storage/storagetest"
)

// frost is a network before a database that can stand still: connections stay,
// nothing passes.
type frost struct {
	mu   sync.Mutex
	thaw chan struct{} // closed while traffic passes
	open []net.Conn
}

func (f *frost) freeze() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.thaw = make(chan struct{})
}

// melt lets everything pass again; it may be called twice.
func (f *frost) melt() {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.thaw:
	default:
		close(f.thaw)
	}
}

func (f *frost) passing() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.thaw
}

func (f *frost) pass(to, from net.Conn) {
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		<-f.passing()
		if n > 0 {
			if _, err := to.Write(b[:n]); err != nil {
				return
			}
		}
		if err != nil {
			_ = to.Close()
			return
		}
	}
}

// before puts a frost before a database and gives the address through it.
func before(t *testing.T, address string) (*frost, string) {
	t.Helper()
	config, err := pgx.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	network, target := pgxAddress(config)
	dir, err := os.MkdirTemp("", "frost") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	f := &frost{thaw: make(chan struct{})}
	close(f.thaw)
	var work sync.WaitGroup
	work.Go(func() {
		for {
			in, err := listener.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial(network, target)
			if err != nil {
				_ = in.Close()
				continue
			}
			f.mu.Lock()
			f.open = append(f.open, in, out)
			f.mu.Unlock()
			work.Go(func() { f.pass(out, in) })
			work.Go(func() { f.pass(in, out) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		f.melt()
		f.mu.Lock()
		for _, c := range f.open {
			_ = c.Close()
		}
		f.mu.Unlock()
		work.Wait()
		_ = os.RemoveAll(dir)
	})
	return f, (&url.URL{Scheme: "postgres", User: url.UserPassword(config.User, config.Password), Path: "/" + config.Database, RawQuery: url.Values{"host": {dir}, "port": {"5432"}, "sslmode": {"disable"}}.Encode()}).String()
}

func pgxAddress(c *pgx.ConnConfig) (network, address string) {
	if filepath.IsAbs(c.Host) {
		return "unix", filepath.Join(c.Host, fmt.Sprintf(".s.PGSQL.%d", c.Port))
	}
	return "tcp", net.JoinHostPort(c.Host, fmt.Sprint(c.Port))
}

// A database that stands still, with its connections open, is given up: each
// caller hears that it may come again, and the program can end.
func TestADatabaseThatStandsStillIsGivenUp(t *testing.T) {
	f, address := before(t, storagetest.Program(t, storagetest.Database(t, storage.Migrate, storage.SchemaKey()), storage.Admit))
	db, err := storage.Open(t.Context(), storage.Options{URL: address, Patience: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	town := civictest.Town("genova")
	if err := db.SaveTown(t.Context(), town); err != nil {
		t.Fatal(err)
	}
	id := civictest.NewID[civic.Report]()
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	life, end := context.WithCancel(context.WithoutCancel(t.Context()))
	heard := make(chan struct{})
	go func() { // ends with life; waited for below
		defer close(heard)
		db.NewWakes().Run(life, func([]civic.Wake) {})
	}()
	f.freeze()
	forever := context.WithoutCancel(t.Context())
	for name, ask := range map[string]func() error{
		"an edit": func() error {
			_, err := db.Apply(forever, town.ID, civictest.Edit(civictest.Actor(town, "operator"), id, 1, civic.KindNote, map[string]string{"text": "x"}), 0)
			return err
		},
		"a read":    func() error { _, err := db.Report(forever, town.ID, id); return err },
		"the rules": func() error { _, err := db.Rules(forever, town.ID); return err },
		"a pull": func() error {
			_, _, err := db.Pull(forever, town.ID, civic.ScopeOf(civic.ScopeTown, town.ID), 0, 1)
			return err
		},
	} {
		began := time.Now()
		if err := ask(); !errors.Is(err, storage.ErrBusy) {
			t.Errorf("%s of a database that stands still: %v, want ErrBusy", name, err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s waited %v", name, took)
		}
	}
	end()
	select {
	case <-heard:
	case <-time.After(20 * time.Second):
		t.Error("the wake-ups do not end while the database stands still")
	}
	f.melt()
	db.Close()
}
