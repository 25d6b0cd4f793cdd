//go:build bench

package tiles_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"
)

// job is what a client does: fetch addresses, in an order drawn by lot, over
// connections that stay open.
type job struct {
	URLs    []string
	Clients int
	Warm    int // requests before the measuring starts
	For     time.Duration
}

// figures are what it measured.
type figures struct {
	Count     int
	P50, P99  time.Duration
	PerSecond float64
	Bytes     int64
}

// client is this program once more, in a process of its own.
type client struct {
	in  *json.Encoder
	out *json.Decoder
}

func startClient(t *testing.T) client {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), asClient+"=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close(); _ = cmd.Wait() })
	return client{json.NewEncoder(in), json.NewDecoder(out)}
}

func (c client) do(t *testing.T, j job) (f figures) {
	t.Helper()
	if err := c.in.Encode(j); err != nil {
		t.Fatal(err)
	}
	if err := c.out.Decode(&f); err != nil {
		t.Fatal(err)
	}
	return f
}

func serveJobs(in io.Reader, out io.Writer) error {
	jobs, answers := json.NewDecoder(in), json.NewEncoder(out)
	transport := &http.Transport{MaxIdleConnsPerHost: 16, DisableCompression: true}
	for {
		var j job
		switch err := jobs.Decode(&j); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		f, err := j.run(&http.Client{Transport: transport})
		if err != nil {
			return err
		}
		if err := answers.Encode(f); err != nil {
			return err
		}
	}
}

func (j job) run(h *http.Client) (figures, error) {
	warm := rand.New(rand.NewPCG(1, 0))
	for range j.Warm {
		if _, err := fetch(h, j.URLs[warm.IntN(len(j.URLs))]); err != nil {
			return figures{}, err
		}
	}
	var (
		mu    sync.Mutex
		all   []time.Duration
		bytes int64
		first error
		wait  sync.WaitGroup
	)
	start := time.Now()
	for n := range j.Clients {
		wait.Go(func() {
			r := rand.New(rand.NewPCG(2, uint64(n)))
			var took []time.Duration
			var got int64
			var err error
			for time.Since(start) < j.For && err == nil {
				began := time.Now()
				var size int64
				size, err = fetch(h, j.URLs[r.IntN(len(j.URLs))])
				took, got = append(took, time.Since(began)), got+size
			}
			mu.Lock()
			defer mu.Unlock()
			all, bytes = append(all, took...), bytes+got
			if first == nil {
				first = err
			}
		})
	}
	wait.Wait()
	spent := time.Since(start)
	slices.Sort(all)
	at := func(q float64) time.Duration { return all[int(q*float64(len(all)-1))] }
	return figures{len(all), at(0.5), at(0.99), float64(len(all)) / spent.Seconds(), bytes / int64(len(all))}, first
}

// fetch takes gzip as a browser does but does not unpack it: that is the
// browser's time, not the server's.
func fetch(h *http.Client, url string) (int64, error) {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Accept-Encoding", "gzip")
	resp, err := h.Do(r)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	n, err := io.Copy(io.Discard, resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, resp.Status)
	}
	return n, err
}
