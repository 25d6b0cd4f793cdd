package main

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	fieldsync "segnavia/sync"
)

// newMetrics gathers the figures of this node.
func newMetrics(s *fieldsync.Server, f *feeds) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	gauge := func(name, help string, read func() float64) {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "segnavia", Name: name, Help: help}, read))
	}
	gauge("sync_sockets", "Open sockets.", func() float64 { return float64(s.Counts().Open) })
	gauge("sync_streams", "Scopes followed for somebody.", func() float64 { return float64(s.Counts().Streams) })
	gauge("index_reports", "Reports in the live indexes.", func() float64 { return float64(f.size()) })
	counter := func(name, help string, read func() float64) {
		registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: "segnavia", Name: name, Help: help}, read))
	}
	counter("sync_sockets_total", "Sockets opened.", func() float64 { return float64(s.Counts().Opened) })
	counter("sync_mismatches_total", "Checksums that a client found different: each is an alarm.",
		func() float64 { return float64(s.Counts().Mismatches) })
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}
