package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"sync"
	"time"

	"github.com/alecthomas/kong"

	"segnavia/channel/geocode"
	"segnavia/outbound"
	"segnavia/photo"
	"segnavia/server"
	fieldsync "segnavia/sync"
	"segnavia/text"
	"segnavia/tiles"
	"segnavia/web"
)

type listening struct {
	Listen        string   `help:"Address to listen on." default:"localhost:8311" env:"SEGNAVIA_LISTEN"`
	PublicURL     string   `help:"Address that people see, such as https://segnala.example.it." env:"SEGNAVIA_PUBLIC_URL" name:"public-url"`
	Basemap       string   `help:"PMTiles file of the town." env:"SEGNAVIA_BASEMAP" type:"existingfile"`
	Geocoder      string   `help:"Photon (.../api) or Nominatim (.../search) server for addresses that the town's own gazetteer does not know." env:"SEGNAVIA_GEOCODER"`
	TrustProxy    networks `help:"Addresses or networks of our own proxies, from which X-Forwarded-For is believed." env:"SEGNAVIA_TRUST_PROXY" placeholder:"NETWORK,..."`
	MetricsListen string   `help:"Address of a listener of its own for /metrics." env:"SEGNAVIA_METRICS_LISTEN" placeholder:"localhost:9311"`
	MetricsToken  string   `help:"Token that opens /metrics, as Authorization: Bearer TOKEN." env:"SEGNAVIA_METRICS_TOKEN"`
	Allowance     int      `help:"How many connections one address may have open; whoever is beyond waits." default:"256" env:"SEGNAVIA_ALLOWANCE"`
}

// listen takes the address before anything else is started: a port that is taken
// is said at once.
func (l *listening) listen(ctx context.Context) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", l.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return listener, nil
}

// geocoder is nil where none is set. Its address is the operator's own and may
// lie in their network.
func (l *listening) geocoder() (server.Geocoder, error) {
	if l.Geocoder == "" {
		return nil, nil //nolint:nilnil // none is set
	}
	return geocode.New(l.Geocoder, outbound.New(outbound.Options{Permit: func(netip.AddrPort) bool { return true }}))
}

type serveCmd struct {
	where     `embed:""`
	listening `embed:""`
}

// Run serves until a signal.
func (c *serveCmd) Run(_ *kong.Context, ctx context.Context, log *slog.Logger) error {
	listener, err := c.listen(ctx)
	if err != nil {
		return err
	}
	defer listener.Close() //nolint:errcheck // the server has closed it
	s, err := c.open(ctx, log, true)
	if err != nil {
		return err
	}
	n, err := newNode(s, c.listening, listener, log)
	if err == nil {
		err = n.run(ctx, nil)
	}
	return errors.Join(err, s.close(context.WithoutCancel(ctx)))
}

// node is everything that runs while the program serves.
type node struct {
	stores   *stores
	log      *slog.Logger
	listener net.Listener
	http     *http.Server
	sync     *fieldsync.Server
	feeds    *feeds
	server   *server.Server
	url      string
	metrics  *metricsServer // nil where they have no listener of their own
	closing  chan struct{}  // closed when streams that never end should
}

func newNode(s *stores, l listening, listener net.Listener, log *slog.Logger) (*node, error) {
	words, err := text.Load()
	if err != nil {
		return nil, err
	}
	pages, err := web.NewPages(words)
	if err != nil {
		return nil, err
	}
	n := &node{stores: s, log: log, listener: listener, url: l.PublicURL, closing: make(chan struct{})}
	if n.url == "" {
		n.url = "http://" + l.Listen
	}
	n.feeds = newFeeds(s.db, log)
	n.sync = fieldsync.New(fieldsync.Options{
		Grants: s.db, Log: s.db, Rows: s.prebuilt(), Edits: s.db, Logger: log,
		OwnOrigin: func(r *http.Request) bool { return n.server.OwnOrigin(r) },
	})
	geocoder, err := l.geocoder()
	if err != nil {
		return nil, err
	}
	figures := newMetrics(n)
	n.server, err = server.New(server.Options{
		Store: s.db, Bucket: bucket{s.bucket}, Sync: n.sync, Tiles: tiles.NewServer(64<<20, time.Now), Town: n.feeds.town,
		Photos: photo.New(""), Words: words, Pages: pages, Assets: web.Assets(), Logger: log, PublicURL: n.url,
		Room: s.room(), Geocoder: geocoder, Outside: outbound.New(outbound.Options{}), Basemap: l.Basemap, TrustProxy: l.TrustProxy, Allowance: l.Allowance, MaxOpen: maxOpen(), Closing: n.closing,
		Metrics: figures, MetricsToken: l.MetricsToken,
	})
	if err != nil {
		return nil, err
	}
	n.http = n.server.HTTP()
	if n.metrics, err = listenMetrics(l, figures); err != nil {
		return nil, err
	}
	return n, nil
}

// stopPatience is how long requests under way may take at the end.
const stopPatience = 10 * time.Second

// run serves until the context ends, then lets go in order: first the listener,
// then sockets and jobs, last what they need. ready is called once every index
// is built.
func (n *node) run(ctx context.Context, ready func() error) error {
	// The parts outlive the signal: requests under way still need them.
	parts, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	var wg sync.WaitGroup
	failed := make(chan error, 1)
	fails := func(name string, err error) {
		select {
		case failed <- fmt.Errorf("%s: %w", name, err):
		default: // another part has failed before
		}
	}
	part := func(name string, f func(context.Context) error) {
		wg.Go(func() {
			if err := f(parts); err != nil && parts.Err() == nil {
				fails(name, err)
			}
		})
	}
	wakes := n.stores.db.NewWakes()
	n.stores.db.OnWake(fanOut(n.sync.Wake, n.feeds.wake, wakes.Send))
	wg.Go(func() { n.sync.Run(parts) })
	wg.Go(func() { wakes.Run(parts, fanOut(n.sync.Wake, n.feeds.wake)) })
	wg.Go(func() { returnMemory(parts) })
	part("live index", n.feeds.run)
	part("jobs", func(ctx context.Context) error { return n.stores.db.RunJobs(ctx, n.workers(), n.log) })
	part("metrics", n.metrics.run)
	wg.Go(func() {
		if err := n.http.Serve(n.server.Listener(n.listener)); !errors.Is(err, http.ErrServerClosed) {
			fails("http", err)
		}
	})
	err := n.becomeReady(ctx, ready)
	if err == nil {
		select {
		case <-ctx.Done():
		case err = <-failed:
		}
	}
	close(n.closing)
	stop, done := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
	defer done()
	if n.http.Shutdown(stop) != nil {
		_ = n.http.Close() // those who would not finish
	}
	cancel()
	wg.Wait()
	return err
}

func (n *node) becomeReady(ctx context.Context, ready func() error) error {
	if err := n.feeds.wait(ctx); err != nil {
		return nil //nolint:nilerr // stopped before it was ready
	}
	if ready != nil {
		return ready()
	}
	_, err := fmt.Fprintf(os.Stderr, "Segnavia %s serves %s\n", version, n.url)
	return err
}
