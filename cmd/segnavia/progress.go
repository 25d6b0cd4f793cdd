package main

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
)

// progress is a bar on a terminal, and a line every few seconds elsewhere.
type progress struct {
	what    string
	total   int
	started time.Time
	live    bool

	mu    sync.Mutex
	n     int
	shown time.Time
}

func newProgress(what string, total int) *progress {
	info, err := os.Stderr.Stat()
	return &progress{
		what: what, total: total, started: time.Now(),
		live: err == nil && info.Mode()&os.ModeCharDevice != 0,
	}
}

func (p *progress) add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n += n
	wait := 3 * time.Second
	if p.live {
		wait = 100 * time.Millisecond
	}
	if now := time.Now(); now.Sub(p.shown) >= wait {
		p.shown = now
		p.show("")
	}
}

func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.show("\n")
}

const barWidth = 30

func (p *progress) show(end string) {
	rate := float64(p.n) / max(time.Since(p.started).Seconds(), 0.001)
	if !p.live {
		fmt.Fprintf(os.Stderr, "%s: %d (%.0f/s)\n", p.what, p.n, rate)
		return
	}
	filled := 0
	if p.total > 0 {
		filled = min(barWidth, barWidth*p.n/p.total)
	}
	fmt.Fprintf(os.Stderr, "\r%s [%s%s] %d %.0f/s %s", p.what, strings.Repeat("█", filled), strings.Repeat("·", barWidth-filled), p.n, rate, end)
}
