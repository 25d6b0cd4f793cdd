package server

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
)

// takesGzip reports whether a client can read gzip.
func takesGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if name == "gzip" && strings.ReplaceAll(weight, " ", "") != "q=0" {
			return true
		}
	}
	return false
}

func gzipped(body []byte) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// squeezed keeps the compressed form of built assets, which never change while
// the program runs: a phone on a poor network waits for each kilobyte.
type squeezed struct {
	mu    sync.Mutex
	files map[string][]byte
}

// of gives the compressed form of an asset, or nil for one that is compressed
// already.
func (q *squeezed) of(assets fs.FS, name string) ([]byte, error) {
	switch path.Ext(name) {
	case ".js", ".css", ".svg", ".html", ".webmanifest":
	default:
		return nil, nil
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if known, ok := q.files[name]; ok {
		return known, nil
	}
	raw, err := fs.ReadFile(assets, name)
	if err != nil {
		return nil, err
	}
	small, err := gzipped(raw)
	if err != nil {
		return nil, err
	}
	if q.files == nil {
		q.files = make(map[string][]byte)
	}
	q.files[name] = small
	return small, nil
}
