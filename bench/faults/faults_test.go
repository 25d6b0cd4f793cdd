package faults

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// fault is one mistake: text of a source that is replaced, and the test that must
// fail then.
type fault struct {
	name, file, from, to string
	pkg, test            string
}

const (
	hammer = "TestReplicasOfSixteenWritersEqualTheTables"
	pushes = "TestPushesAreAnsweredOnceUnderAnyNumber"
)

var faults = []fault{
	{
		"versions of one sequence, as a bigserial gives them", "storage/emit.go",
		"UPDATE scope_head h SET v = h.v + 1,", "UPDATE scope_head h SET v = pg_current_xact_id()::text::bigint,",
		"storage", hammer,
	},
	{
		"heads locked in no order", "storage/emit.go",
		"ORDER BY scope FOR UPDATE", "ORDER BY md5(scope || pg_backend_pid()) FOR UPDATE",
		"storage", hammer,
	},
	{
		"leave omitted", "civic/op.go",
		"		if !in[s] {", "		if !in[s] && false {",
		"storage", hammer,
	},
	{
		"acknowledged before the commit", "storage/apply.go",
		"	batch.Queue(`COMMIT`)\n	if err := tx.SendBatch", "	if err := tx.SendBatch",
		"storage", hammer,
	},
	{
		"a repeated edit is decided anew", "storage/apply.go",
		"if w.stored != nil {", "if w.stored != nil && false {",
		"sync", pushes,
	},
	{
		"the checksum leaves out the rev", "civic/checksum.go",
		"uint64(rev)", "uint64(rev-rev)",
		"civic", "TestSum",
	},
}

func TestPlantedFaultsAreCaught(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			overlay := plant(t, root, f)
			cmd := exec.CommandContext(t.Context(), "go", "test", "-overlay", overlay, "-run", "^"+f.test, "./"+f.pkg) // #nosec G204 -- our own tests
			cmd.Dir = root
			out, err := cmd.CombinedOutput()
			if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 1 {
				t.Fatalf("not caught by %s: %v\n%s", f.test, err, out)
			}
			if !strings.Contains(string(out), "--- FAIL: "+f.test) {
				t.Fatalf("%s did not run:\n%s", f.test, out)
			}
		})
	}
}

// plant writes the source with its fault and says to the compiler where it is.
func plant(t *testing.T, root string, f fault) (overlay string) {
	t.Helper()
	file := filepath.Join(root, f.file)
	raw, err := os.ReadFile(file) //nolint:gosec // our own source
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(raw), f.from) {
		t.Fatalf("%s has no %q", f.file, f.from)
	}
	dir := t.TempDir()
	planted := filepath.Join(dir, filepath.Base(f.file))
	if err := os.WriteFile(planted, []byte(strings.Replace(string(raw), f.from, f.to, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	table, err := json.Marshal(map[string]any{"Replace": map[string]string{file: planted}})
	if err != nil {
		t.Fatal(err)
	}
	overlay = filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlay, table, 0o600); err != nil {
		t.Fatal(err)
	}
	return overlay
}
