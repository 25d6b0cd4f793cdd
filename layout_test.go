// Package segnavia_test keeps the layout: who imports whom, and who alone may
// hold a library. docs/ARCHITECTURE.md says why.
package segnavia_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport lists, for each top folder, what of this module its packages may
// import beside their own folder. cmd may import everything.
var mayImport = map[string][]string{
	"geo": {}, "outbound": {}, "civic": {"geo"}, "text": {"civic"}, "web": {"text"},
	"storage": {"civic", "geo"}, "sync": {"civic"}, "tiles": {"civic", "geo"}, "photo": {"civic"},
	"channel": {"civic", "text", "outbound"},
	"server":  {"civic", "geo", "text", "outbound", "sync", "tiles", "photo", "channel", "web"},
	"demo":    {"civic", "geo", "sync/client"}, "load": {"civic", "geo", "sync/client"},
	"bench": {"civic", "geo", "tiles", "sync/client", "load"},
}

// owners lists the folder that alone, beside cmd and tests, imports a library.
var owners = map[string]string{
	"github.com/gorilla/websocket": "sync",
	"github.com/minio/minio-go":    "storage",
	"github.com/jackc/pgx":         "storage",
	"github.com/pressly/goose":     "storage",
	"github.com/riverqueue/river":  "storage",
	"github.com/twpayne/go-geom":   "storage",
	"github.com/versity/versitygw": "storage",
	"github.com/aws/":              "storage",
	"github.com/bep/imagemeta":     "photo",

	"github.com/paulmach/orb/encoding/mvt": "tiles",
	"github.com/danielgtaylor/huma":        "server",
	"golang.org/x/crypto":                  "server",
	"rsc.io/qr":                            "server",
	"github.com/alecthomas/kong":           "cmd",
	"github.com/prometheus":                "cmd",
}

// pure lists the folders of values and rules, which reach nothing outside the
// program, and outside what may not stand in them.
var (
	pure    = []string{"civic", "geo", "text"}
	outside = []string{"os", "os/exec", "net", "net/http", "net/url", "database/sql", "log", "log/slog", "syscall"}
)

func TestLayoutOfImports(t *testing.T) {
	described := map[string]bool{}
	each(t, func(file, folder, top string, imports []string, hasComment bool) {
		test := strings.HasSuffix(file, "_test.go")
		if !test {
			described[folder] = described[folder] || hasComment
		}
		if allowed, known := mayImport[top]; !known && top != "cmd" && top != "." {
			t.Errorf("%s: folder %s is not in the architecture", file, top)
		} else if top != "cmd" && !test {
			checkOwn(t, file, top, allowed, imports)
		}
		for _, i := range imports {
			if !test && slices.Contains(pure, top) && slices.Contains(outside, i) {
				t.Errorf("%s imports %s and is to be pure", file, i)
			}
		}
		for library, owner := range owners {
			for _, i := range imports {
				if strings.HasPrefix(i, library) && !test && top != "cmd" && top != owner {
					t.Errorf("%s imports %s, which belongs to %s", file, i, owner)
				}
			}
		}
	})
	for folder, ok := range described {
		if !ok {
			t.Errorf("package %s has no comment", folder)
		}
	}
}

// clients are what makes an HTTP client or uses one that anybody may reach.
var clients = regexp.MustCompile(`\bhttp\.(Client\{|DefaultClient|DefaultTransport|Transport\{|Get\(|Head\(|Post\(|PostForm\()`)

// TestLayoutOfClients keeps one door to the world outside: nobody but outbound
// makes an HTTP client, save the programs that are clients of ours.
func TestLayoutOfClients(t *testing.T) {
	// storage/objects reaches the town's own bucket, the others a server of ours.
	mine := []string{"outbound", "storage/objects", "load", "demo", "bench", "sync/client"}
	looked := 0
	each(t, func(file, folder, _ string, _ []string, _ bool) {
		if strings.HasSuffix(file, "_test.go") || slices.ContainsFunc(mine, func(m string) bool { return within(folder, m) }) {
			return
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		looked++
		if found := clients.Find(raw); found != nil {
			t.Errorf("%s has %s: the world outside is outbound's", file, found)
		}
	})
	if looked < 100 {
		t.Errorf("only %d files were looked at", looked)
	}
}

func checkOwn(t *testing.T, file, top string, allowed, imports []string) {
	t.Helper()
	for _, i := range imports {
		own, ok := strings.CutPrefix(i, "segnavia/")
		if !ok || within(own, top) {
			continue
		}
		if !slices.ContainsFunc(allowed, func(a string) bool { return within(own, a) }) {
			t.Errorf("%s imports %s", file, i)
		}
	}
}

func within(p, folder string) bool { return p == folder || strings.HasPrefix(p, folder+"/") }

// each visits the module's Go files.
func each(t *testing.T, visit func(file, folder, top string, imports []string, hasComment bool)) {
	t.Helper()
	err := filepath.WalkDir(".", func(file string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (e.Name() == "node_modules" || e.Name() == "testdata" || file == "var" || file == "bin" || strings.HasPrefix(file, ".git")) {
			return filepath.SkipDir
		}
		if e.IsDir() || !strings.HasSuffix(file, ".go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		var imports []string
		for _, i := range f.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			imports = append(imports, p)
		}
		slash := filepath.ToSlash(file)
		top, _, _ := strings.Cut(path.Dir(slash), "/")
		visit(slash, path.Dir(slash), top, imports, f.Doc != nil)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// guessable lists who may name things by ids that anybody can compute: imports and
// demonstrations, rows that no door takes, and what knows former ids again.
var guessable = []string{
	"civic/id.go", "civic/town_key.go", "civic/civictest/", "channel/table/", "demo/", "cmd/segnavia/user.go", "cmd/segnavia/demo_table.go",
	"storage/gazetteer_save.go", "storage/town.go", "storage/apart.go", "storage/subscription.go", "storage/old_secrets.go",
	"channel/open311/post.go", "server/pages_follow.go",
}

// TestLayoutOfWhatIsDerived keeps the installation's secret in the two files
// that make keys of it, and guessable ids where nobody can take them first.
func TestLayoutOfWhatIsDerived(t *testing.T) {
	within := func(list []string, file string) bool {
		return slices.ContainsFunc(list, func(p string) bool { return strings.HasPrefix(file, p) })
	}
	each(t, func(file, _, _ string, _ []string, _ bool) {
		if strings.HasSuffix(file, "_test.go") {
			return
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(raw), "DeriveID[") && !within(guessable, file) {
			t.Errorf("%s derives an id that anybody can compute: use civic.KeyedID or civic.Named", file)
		}
		if strings.Contains(string(raw), "installation.secret") && !within([]string{"storage/db.go", "storage/old_secrets.go"}, file) {
			t.Errorf("%s reaches for the installation's secret: use TownKey", file)
		}
	})
}
