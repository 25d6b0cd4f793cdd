package chaos

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"segnavia/civic"
)

// TestAFullDiskLosesNothing fills the disk under the program while phones work:
// nothing that was acknowledged is lost, and once there is space again everything
// is answered. It needs the right to mount.
func TestAFullDiskLosesNothing(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root may mount a small disk")
	}
	disk := mount(t, "900m")
	dir := filepath.Join(disk, "var")
	if err := os.Mkdir(dir, 0o755); err != nil { //nolint:gosec // the database's own user passes
		t.Fatal(err)
	}
	r := newRig(t, dir)
	stop := r.start()
	defer stop()
	done := make(chan struct{})
	wait := r.work(1, done)
	time.Sleep(time.Second)
	ballast := filepath.Join(disk, "ballast")
	fill(t, ballast)
	before, _, _ := r.history.tally()
	time.Sleep(8 * time.Second) // the log runs out of room
	_, waiting, _ := r.history.tally()
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	freed := time.Now()
	close(done)
	wait()
	r.rest()
	healthy := time.Since(freed)
	edits, unanswered, statuses := r.history.tally()
	replicas := r.compare()
	r.askAgain()
	reports := r.history.linearizable(t)
	if unanswered > 0 || r.history.repeated > 0 || statuses[civic.Applied] == 0 {
		t.Errorf("%d without an answer, %d answered otherwise the second time, %v", unanswered, r.history.repeated, statuses)
	}
	if waiting == 0 {
		t.Error("nothing waited: the disk was not full")
	}
	if healthy > 30*time.Second {
		t.Errorf("healthy only %s after there was space", healthy)
	}
	t.Logf("%d edits when the disk filled, %d waited for space, all answered %.1f s after it came; %d edits %v; %d reports in order, %d replicas equal",
		before, waiting, healthy.Seconds(), edits, statuses, reports, replicas)
}

func mount(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("no small disk here: %v %s", err, out)
	}
	t.Cleanup(func() {
		for range 50 { // what ran on it may still be ending
			if exec.Command("umount", dir).Run() == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Error("the small disk is still in use")
	})
	return dir
}

// fill writes until there is no room.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name) //nolint:gosec // our own disk
	if err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 64<<10)
	for {
		if _, err = f.Write(block); err != nil {
			break
		}
	}
	if closed := f.Close(); closed != nil && !errors.Is(closed, os.ErrClosed) {
		t.Log(closed)
	}
}
