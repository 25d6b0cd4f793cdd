//go:build bench

package tiles_test

import (
	"fmt"
	"os"
	"testing"
)

// asClient in the environment makes this program the client: it reads a job
// from its input, writes what it measured to its output, and ends.
const asClient = "SEGNAVIA_BENCH_CLIENT"

func TestMain(m *testing.M) {
	if os.Getenv(asClient) == "" {
		os.Exit(m.Run())
	}
	if err := serveJobs(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "client:", err)
		os.Exit(1)
	}
}
