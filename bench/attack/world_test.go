//go:build bench

package attack_bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"segnavia/bench/program"
	"segnavia/load"
)

func env(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// Addresses of this machine, each a place of its own to the program.
const (
	visitor  = "127.0.0.7"
	watcher  = "127.0.0.8"
	proxy    = "127.0.0.9"
	stranger = "127.0.0.66"
)

// world is a running demonstration and what is known of it.
type world struct {
	target
	t    *testing.T
	p    *program.Program
	site *load.Site
}

// target is what an attacker knows.
type target struct {
	Addr, Login string
}

func start(t *testing.T, args ...string) *world {
	t.Helper()
	p, err := program.Launch(t.Context(), t.TempDir(), t.TempDir(), append([]string{"--trust-proxy", proxy}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Stop() }) // it may have ended
	site, err := p.Site()
	if err != nil {
		t.Fatal(err)
	}
	return &world{target{p.Addr, site.Users[0].Login}, t, p, site}
}

// from is a way of coming: the address to dial from, and the one that is forwarded,
// for the nth stranger.
type from struct {
	name string
	dial func(n int) string
	said func(n int) string
}

var ways = []from{
	{"one address", func(int) string { return stranger }, nil},
	{"100 addresses", func(n int) string { return fmt.Sprintf("127.0.1.%d", 1+n%100) }, nil},
	{"a proxy, 10,000", func(int) string { return proxy }, func(n int) string { return fmt.Sprintf("198.18.%d.%d", n/100%100, n%100) }},
}

func (f from) header(n int) string {
	if f.said == nil {
		return ""
	}
	return "X-Forwarded-For: " + f.said(n) + "\r\n"
}

func dialer(address string) *net.Dialer {
	return &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}, Timeout: 5 * time.Second}
}

// client speaks HTTP from an address.
func client(address string, fresh bool) *http.Client {
	return &http.Client{
		Timeout: 20 * time.Second,
		Transport: &http.Transport{
			DialContext: dialer(address).DialContext, DisableKeepAlives: fresh, MaxIdleConnsPerHost: 64,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// felt is what a visitor felt.
type felt struct {
	took    []time.Duration
	refused int
}

func (f *felt) p(q float64) time.Duration {
	if len(f.took) == 0 {
		return 0
	}
	slices.Sort(f.took)
	return f.took[min(len(f.took)-1, int(float64(len(f.took))*q))]
}

// visit loads what a visitor does, twenty times a second, until the context ends.
func (w *world) visit(ctx context.Context) *felt {
	paths := []string{"/", "/reports", "/report", "/tiles/reports/13/4299/2997.mvt", "/tiles/reports/14/8599/5994.mvt", "/api/v1/reports?limit=20"}
	clients := []*http.Client{client(visitor, false), client(visitor, true)}
	log.SetOutput(io.Discard) // net/http's, of connections that were refused while idle
	var f felt
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return &f
		case <-tick.C:
		}
		began := time.Now()
		res, err := clients[n%2].Get("http://" + w.Addr + paths[n/2%len(paths)])
		if err == nil {
			_, err = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
		}
		if err != nil || res.StatusCode != http.StatusOK {
			f.refused++
		}
		f.took = append(f.took, time.Since(began))
	}
}

// memory is what the machine gave the program, in MB.
func (w *world) memory() float64 {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, "http://"+w.Addr+"/metrics", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+w.site.MetricsToken)
	res, err := client(watcher, true).Do(r)
	if err != nil {
		return -1
	}
	defer res.Body.Close() //nolint:errcheck // only read
	for in := bufio.NewScanner(res.Body); in.Scan(); {
		if value, ok := strings.CutPrefix(in.Text(), "process_resident_memory_bytes "); ok {
			n, _ := strconv.ParseFloat(value, 64)
			return n / (1 << 20)
		}
	}
	return -1
}

// tally is what became of an attack.
type tally struct {
	mu       sync.Mutex
	statuses map[int]int
	open     atomic.Int64
	most     atomic.Int64
}

// told is a tally as an attacker's process tells it.
type told struct {
	Statuses map[int]int
	Words    string
}

func (c *tally) note(status int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.statuses[status]++
}

func (c *tally) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []string
	for _, status := range []int{101, 200, 201, 303, 401, 403, 404, 408, 422, 429, 500, 503} {
		if n := c.statuses[status]; n > 0 {
			list = append(list, fmt.Sprintf("%d × %d", n, status))
		}
	}
	if n := c.statuses[0]; n > 0 {
		list = append(list, fmt.Sprintf("%d closed", n))
	}
	return fmt.Sprintf("%d open at most, %s", c.most.Load(), strings.Join(list, ", "))
}

// comeBack is how long one of those that hold waits after it was sent away.
const comeBack = 5 * time.Second

// hold opens connections, says something on each, and keeps it as long as it may;
// then it does so again. drip is what follows, a byte a second.
func (w target) hold(ctx context.Context, way from, c *tally, say func(n int) string, drip bool) {
	var all sync.WaitGroup
	pace := time.NewTicker(time.Second / 2000)
	defer pace.Stop()
	for n := range env("DESCRIPTORS", 19_000) {
		select {
		case <-ctx.Done():
		case <-pace.C:
		}
		all.Go(func() {
			for ctx.Err() == nil {
				w.holdOne(ctx, way, c, n, say(n), drip)
				select {
				case <-ctx.Done():
				case <-time.After(comeBack):
				}
			}
		})
	}
	all.Wait()
}

func (w target) holdOne(ctx context.Context, way from, c *tally, n int, say string, drip bool) {
	conn, err := dialer(way.dial(n)).DialContext(ctx, "tcp", w.Addr)
	if err != nil {
		return
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	defer conn.Close() //nolint:errcheck // it is over
	open := c.open.Add(1)
	defer c.open.Add(-1)
	for most := c.most.Load(); open > most && !c.most.CompareAndSwap(most, open); most = c.most.Load() {
	}
	if say != "" {
		if _, err := io.WriteString(conn, say); err != nil {
			return
		}
	}
	if drip {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		go func() { // ends with the connection
			for range tick.C {
				if _, err := conn.Write([]byte{'a'}); err != nil {
					return
				}
				if ctx.Err() != nil {
					return
				}
			}
		}()
	}
	in := bufio.NewReaderSize(conn, 256)
	first, err := in.ReadString('\n')
	if status, found := strings.CutPrefix(first, "HTTP/1.1 "); found && len(status) >= 3 {
		code, _ := strconv.Atoi(status[:3])
		c.note(code)
	} else if ctx.Err() == nil && err != nil {
		c.note(0)
	}
	_, _ = io.Copy(io.Discard, in) // until it is closed
}

// flood asks as fast as it may, with so many at once.
func (w target) flood(ctx context.Context, way from, c *tally, atOnce int, ask func(n int) (*http.Request, error)) {
	var all sync.WaitGroup
	var next atomic.Int64
	for range atOnce {
		all.Go(func() {
			clients := map[string]*http.Client{}
			for ctx.Err() == nil {
				n := int(next.Add(1))
				r, err := ask(n)
				if err != nil {
					panic(err) // a mistake in the trial
				}
				if way.said != nil {
					r.Header.Set("X-Forwarded-For", way.said(n))
				}
				one := clients[way.dial(n)]
				if one == nil {
					one = client(way.dial(n), false)
					clients[way.dial(n)] = one
				}
				res, err := one.Do(r.WithContext(ctx))
				if err != nil {
					if !errors.Is(err, context.Canceled) && ctx.Err() == nil {
						c.note(0)
					}
					continue
				}
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
				c.note(res.StatusCode)
			}
		})
	}
	all.Wait()
}
