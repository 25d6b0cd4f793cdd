package embedded_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"segnavia/storage/embedded"
	"segnavia/storage/embedded/gateway"
)

// helperDir makes the test binary the program that the tests kill.
const helperDir = "SEGNAVIA_EMBEDDED_HELPER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(helperDir); dir != "" {
		n, err := embedded.Start(context.Background(), embedded.Options{Dir: dir, Database: true, Objects: true})
		if err != nil {
			os.Stdout.WriteString("error: " + err.Error() + "\n")
			os.Exit(1)
		}
		os.Stdout.WriteString(n.DatabaseURL + "\n")
		select {}
	}
	os.Exit(m.Run())
}

func start(t *testing.T, o embedded.Options) *embedded.Node {
	t.Helper()
	n, err := embedded.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, n) })
	return n
}

func stop(t *testing.T, n *embedded.Node) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := n.Close(ctx); err != nil {
		t.Error(err)
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func run(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, url, sql string) (n int) {
	t.Helper()
	conn := connect(t, url)
	defer func() { _ = conn.Close(t.Context()) }()
	if err := conn.QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func client(t *testing.T, s embedded.S3) *minio.Client {
	t.Helper()
	c, err := minio.New(s.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(s.AccessKey, s.SecretKey, ""), Region: s.Region})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// postgresIn lists the server's processes, which all have its data directory
// as their working directory.
func postgresIn(t *testing.T, dir string) (pids []string) {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range links {
		if to, err := os.Readlink(l); err == nil && strings.HasPrefix(to, dir) {
			pids = append(pids, filepath.Base(filepath.Dir(l)))
		}
	}
	return pids
}

func TestDataSurvivesARestart(t *testing.T) {
	dir := t.TempDir()
	before, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	n := start(t, embedded.Options{Dir: dir, Database: true, Objects: true})
	t.Logf("first start %v", time.Since(began))
	conn := connect(t, n.DatabaseURL)
	run(t, conn, "CREATE EXTENSION postgis")
	t.Logf("with PostGIS %v", time.Since(began))
	run(t, conn, "CREATE TABLE kept AS SELECT ST_Point(8.9, 44.4) AS p")
	var fsync, listen string
	if err := conn.QueryRow(t.Context(), "SELECT current_setting('fsync'), current_setting('listen_addresses')").Scan(&fsync, &listen); err != nil {
		t.Fatal(err)
	}
	if fsync != "on" || listen != "" {
		t.Errorf("fsync %q, listen_addresses %q", fsync, listen)
	}
	body := bytes.Repeat([]byte("segnavia"), 1<<20) // 8 MiB
	put(t, n.S3, "one/object", body[:4096])
	putParts(t, n.S3, "one/large", body)
	stop(t, n)
	if left := postgresIn(t, dir); len(left) > 0 {
		t.Errorf("processes %v outlive Close", left)
	}

	began = time.Now()
	n = start(t, embedded.Options{Dir: dir, Database: true, Objects: true})
	t.Logf("second start %v", time.Since(began))
	if got := count(t, n.DatabaseURL, "SELECT count(*) FROM kept"); got != 1 {
		t.Errorf("%d rows", got)
	}
	if got := get(t, n.S3, "one/object"); !bytes.Equal(got, body[:4096]) {
		t.Errorf("object of %d bytes", len(got))
	}
	if got := get(t, n.S3, "one/large"); !bytes.Equal(got, body) {
		t.Errorf("multipart object of %d bytes", len(got))
	}
	if after, _ := os.Getwd(); after != before {
		t.Errorf("working directory moved from %s to %s", before, after)
	}
}

func put(t *testing.T, s embedded.S3, key string, body []byte) {
	t.Helper()
	o := minio.PutObjectOptions{ContentType: "image/jpeg"}
	if _, err := client(t, s).PutObject(t.Context(), s.Bucket, key, bytes.NewReader(body), int64(len(body)), o); err != nil {
		t.Fatal(err)
	}
}

func putParts(t *testing.T, s embedded.S3, key string, body []byte) {
	t.Helper()
	o := minio.PutObjectOptions{PartSize: 5 << 20}
	if _, err := client(t, s).PutObject(t.Context(), s.Bucket, key, bytes.NewReader(body), -1, o); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s embedded.S3, key string) []byte {
	t.Helper()
	o, err := client(t, s).GetObject(t.Context(), s.Bucket, key, minio.GetObjectOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = o.Close() }()
	b, err := io.ReadAll(o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestASecondStartIsRefused(t *testing.T) {
	dir := t.TempDir()
	n := start(t, embedded.Options{Dir: dir, Objects: true})
	_, err := embedded.Start(t.Context(), embedded.Options{Dir: dir, Database: true})
	var locked *embedded.LockedError
	if !errors.As(err, &locked) || locked.PID != os.Getpid() || locked.Dir != dir {
		t.Errorf("error %v", err)
	}
	_, err = embedded.Start(t.Context(), embedded.Options{Dir: t.TempDir(), Objects: true})
	if !errors.Is(err, gateway.ErrRunning) {
		t.Errorf("second bucket: error %v", err)
	}
	stop(t, n)
	start(t, embedded.Options{Dir: dir, Objects: true})
}

func TestALongDataDirectoryHasAShortSocket(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("long/", 20))
	n := start(t, embedded.Options{Dir: dir, Database: true, Volatile: true})
	if got := count(t, n.DatabaseURL, "SELECT 1"); got != 1 {
		t.Error(got)
	}
}

func TestAKilledProgramLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	for round := range 3 {
		cmd, url := helper(t, dir, nil)
		conn := connect(t, url)
		run(t, conn, "CREATE TABLE IF NOT EXISTS kept (n int)")
		run(t, conn, "INSERT INTO kept VALUES (1)")
		if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		if round == 0 {
			waitGone(t, dir)
		}
	}
	n := start(t, embedded.Options{Dir: dir, Database: true})
	if got := count(t, n.DatabaseURL, "SELECT count(*) FROM kept"); got != 3 {
		t.Errorf("%d of 3 rows", got)
	}
}

func TestAKilledPostmasterComesBack(t *testing.T) {
	dir := t.TempDir()
	n := start(t, embedded.Options{Dir: dir, Database: true})
	run(t, connect(t, n.DatabaseURL), "CREATE TABLE kept AS SELECT 1")
	for range 3 {
		b, err := os.ReadFile(filepath.Join(dir, "postgres", "postmaster.pid"))
		if err != nil {
			t.Fatal(err)
		}
		pid, _, _ := strings.Cut(string(b), "\n")
		if out, err := exec.Command("kill", "-KILL", pid).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		began := time.Now()
		for {
			conn, err := pgx.Connect(t.Context(), n.DatabaseURL)
			if err == nil {
				_ = conn.Close(t.Context())
				if now, _ := os.ReadFile(filepath.Join(dir, "postgres", "postmaster.pid")); !bytes.HasPrefix(now, []byte(pid+"\n")) {
					break
				}
			}
			if time.Since(began) > 10*time.Second {
				t.Fatalf("not back after %v: %v", time.Since(began), err)
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Logf("back after %v", time.Since(began))
	}
	if got := count(t, n.DatabaseURL, "SELECT count(*) FROM kept"); got != 1 {
		t.Error(got)
	}
}

func TestAStalePIDFileOfAnotherProgramIsNoObstacle(t *testing.T) {
	dir := t.TempDir()
	n := start(t, embedded.Options{Dir: dir, Database: true, Volatile: true})
	stop(t, n)
	file := filepath.Join(dir, "postgres", "postmaster.pid")
	if err := os.WriteFile(file, []byte("1\n"+filepath.Dir(file)+"\n1\n5432\n\n\n\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, embedded.Options{Dir: dir, Database: true, Volatile: true})
}

func TestRunsWithoutRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("the other tests run without root here")
	}
	dir, err := os.MkdirTemp("", "segnavia")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { // #nosec G302 -- nobody runs the copy in it
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	const nobody = 65534
	if err := os.Chown(data, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	// The test binary's own folder is root's alone.
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	binary, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(dir, "helper")
	if err := os.WriteFile(copied, binary, 0o755); err != nil { // #nosec G306 -- a program
		t.Fatal(err)
	}
	cmd, url := helper(t, data, &syscall.Credential{Uid: nobody, Gid: nobody}, copied)
	if got := count(t, url, "SELECT 1"); got != 1 {
		t.Error(got)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	waitGone(t, data)
}

// helper starts the test binary as a program of its own and returns once its
// database answers.
func helper(t *testing.T, dir string, who *syscall.Credential, binary ...string) (*exec.Cmd, string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(append(binary, self)[0])
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), helperDir+"="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	line := make([]byte, 1024)
	n, err := out.Read(line)
	if err != nil || strings.HasPrefix(string(line[:n]), "error") {
		t.Fatalf("helper: %v %s", err, line[:n])
	}
	return cmd, strings.TrimSpace(string(line[:n]))
}

func waitGone(t *testing.T, dir string) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for {
		left := postgresIn(t, dir)
		if len(left) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("processes %v outlive the program", left)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
