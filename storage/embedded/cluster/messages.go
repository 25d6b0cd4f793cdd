package cluster

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
)

// tailLines is how many of the server's last messages explain its end.
const tailLines = 10

// usualAtStartAndEnd are words that a server says of itself whenever it starts or
// ends: they are no news.
var usualAtStartAndEnd = []string{
	"the database system is starting up",
	"the database system is shutting down",
	"terminating connection due to administrator command",
}

// messages passes the server's stderr on, line by line.
type messages struct {
	log *slog.Logger

	mu   sync.Mutex
	rest []byte
	last []string
}

func (m *messages) Write(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rest = append(m.rest, p...)
	for {
		line, rest, found := bytes.Cut(m.rest, []byte("\n"))
		if !found {
			return len(p), nil
		}
		m.rest = rest
		m.line(string(line))
	}
}

func (m *messages) line(s string) {
	m.last = append(m.last, s)
	if len(m.last) > tailLines {
		m.last = m.last[1:]
	}
	level := slog.LevelDebug
	severity, _, _ := strings.Cut(s, ":")
	switch severity {
	case "PANIC":
		level = slog.LevelError
	case "FATAL", "WARNING":
		level = slog.LevelWarn
	}
	for _, usual := range usualAtStartAndEnd {
		if strings.HasSuffix(s, usual) {
			level = slog.LevelDebug
		}
	}
	m.log.Log(context.Background(), level, "postgres says", "message", s)
}

func (m *messages) tail() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return strings.Join(m.last, "; ")
}
