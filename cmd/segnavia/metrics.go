package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"segnavia/server"
)

// newMetrics gathers the figures of this node, whose server may be made later.
func newMetrics(n *node) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	gauge := func(name, help string, read func() float64) {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "segnavia", Name: name, Help: help}, read))
	}
	gauge("sync_sockets", "Open sockets.", func() float64 { return float64(n.sync.Counts().Open) })
	gauge("sync_streams", "Scopes followed for somebody.", func() float64 { return float64(n.sync.Counts().Streams) })
	gauge("index_reports", "Reports in the live indexes.", func() float64 { return float64(n.feeds.size()) })
	gauge("door_connections", "Open connections of strangers.", func() float64 { return float64(n.server.Counts().Connections) })
	gauge("door_bodies", "Bodies on their way.", func() float64 { return float64(n.server.Counts().Bodies) })
	gauge("door_sockets", "Sockets that have not said who they are.", func() float64 { return float64(n.server.Counts().Sockets) })
	gauge("door_streams", "Open streams of strangers.", func() float64 { return float64(n.server.Counts().Streams) })
	counter := func(name, help string, read func() float64) {
		registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: "segnavia", Name: name, Help: help}, read))
	}
	counter("sync_sockets_total", "Sockets opened.", func() float64 { return float64(n.sync.Counts().Opened) })
	counter("sync_mismatches_total", "Checksums that a client found different: each is an alarm.",
		func() float64 { return float64(n.sync.Counts().Mismatches) })
	counter("pins_closed_total", "Tries at a PIN where a code, an address or the town had too many: each is an alarm.",
		func() float64 { return float64(n.server.Counts().PINsClosed) })
	counter("passwords_delayed_total", "Tries at a password that came too soon after wrong ones.",
		func() float64 { return float64(n.server.Counts().PasswordsDelayed) })
	counter("bytes_refused_total", "Pictures of strangers for which there was no room.",
		func() float64 { return float64(n.server.Counts().BytesRefused) })
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}

// metricsServer is the figures' own listener; nil without one.
type metricsServer struct {
	listener net.Listener
	http     *http.Server
}

// listenMetrics opens it, where the settings name an address.
func listenMetrics(l listening, figures http.Handler) (*metricsServer, error) {
	if l.MetricsListen == "" {
		return nil, nil //nolint:nilnil // none is set
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", l.MetricsListen)
	if err != nil {
		return nil, fmt.Errorf("listen for metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		if l.MetricsToken != "" && !server.ShowsToken(r, l.MetricsToken) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		figures.ServeHTTP(w, r)
	})
	return &metricsServer{listener, &http.Server{
		Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, MaxHeaderBytes: 8 << 10,
	}}, nil
}

// run serves the figures until the context ends.
func (m *metricsServer) run(ctx context.Context) error {
	if m == nil {
		return nil
	}
	stop := context.AfterFunc(ctx, func() { _ = m.http.Close() })
	defer stop()
	if err := m.http.Serve(m.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
