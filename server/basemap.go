package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"segnavia/civic"
)

// mapPieceBytes is how much of the map a phone fetches and checks at a time: at
// 100 kB/s some ten seconds of work that a cut may cost.
const mapPieceBytes = 1 << 20

// basemapBody is what a device needs to fetch the map piece by piece and to know
// that it is whole.
type basemapBody struct {
	URL    string   `json:"url"`
	Bytes  int64    `json:"bytes"`
	SHA256 string   `json:"sha256" doc:"Of the whole file; also its ETag"`
	Piece  int64    `json:"piece" doc:"Bytes of each piece but the last"`
	Pieces []string `json:"pieces" doc:"The SHA-256 of each piece"`
}

// basemap is the town's own PMTiles file. Its hashes are worked out when they are
// first asked for, and again when the file is another.
type basemap struct {
	path string

	mu      sync.Mutex
	size    int64
	changed time.Time
	body    basemapBody
}

// open opens the file and gives its hashes. Whoever opens it closes it.
func (b *basemap) open() (*os.File, basemapBody, error) {
	if b.path == "" {
		return nil, basemapBody{}, civic.Refuse("not_found")
	}
	f, err := os.Open(b.path)
	if err != nil {
		return nil, basemapBody{}, fmt.Errorf("basemap: %w", err)
	}
	body, err := b.hashed(f)
	if err != nil {
		return nil, basemapBody{}, errors.Join(fmt.Errorf("basemap: %w", err), f.Close())
	}
	return f, body, nil
}

func (b *basemap) hashed(f *os.File) (basemapBody, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	info, err := f.Stat()
	if err != nil {
		return basemapBody{}, err
	}
	if b.body.SHA256 != "" && b.size == info.Size() && b.changed.Equal(info.ModTime()) {
		return b.body, nil
	}
	body := basemapBody{URL: "/basemap.pmtiles", Piece: mapPieceBytes, Pieces: []string{}}
	whole := sha256.New()
	for {
		one := sha256.New()
		n, err := io.CopyN(io.MultiWriter(whole, one), f, mapPieceBytes)
		if n > 0 {
			body.Bytes += n
			body.Pieces = append(body.Pieces, hex.EncodeToString(one.Sum(nil)))
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return basemapBody{}, err
		}
	}
	body.SHA256 = hex.EncodeToString(whole.Sum(nil))
	b.size, b.changed, b.body = info.Size(), info.ModTime(), body
	_, err = f.Seek(0, io.SeekStart)
	return body, err
}

// getBasemap gives the file by ranges. The hash is its ETag, so that no two versions
// are ever mixed (If-Range).
func (s *Server) getBasemap(w http.ResponseWriter, r *http.Request, _ *request) {
	f, body, err := s.ground.open()
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer f.Close() //nolint:errcheck // only read
	w.Header().Set("Content-Type", "application/vnd.pmtiles")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	w.Header().Set("ETag", `"`+body.SHA256+`"`)
	http.ServeContent(w, r, "", time.Time{}, f)
}

func (s *Server) basemapAPI(api huma.API) {
	operation(s, api, Route{Allow: Anyone}, huma.Operation{
		OperationID: "basemap", Method: http.MethodGet, Path: "/api/v1/basemap", Summary: "The town's map as one file, and the hashes of its pieces",
	}, func(context.Context, *request, *struct{}) (*struct{ Body basemapBody }, error) {
		f, body, err := s.ground.open()
		if err != nil {
			return nil, err
		}
		return &struct{ Body basemapBody }{body}, f.Close()
	})
}
