//go:build bench

package tiles_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"segnavia/geo"
	"segnavia/tiles"
)

// contender is one server in the race.
type contender struct {
	name, query string
	url         string
	zooms       []geo.Zoom
}

func (c country) contenders(t *testing.T) []contender {
	t.Helper()
	town := &tiles.Town{Name: "country", Index: c.index}
	serve := func(cacheBytes int) string {
		s := tiles.NewServer(cacheBytes, time.Now)
		return listen(t, func(w http.ResponseWriter, r *http.Request, at geo.Cell) error {
			return s.ServeTile(w, r, town, tiles.Public, at)
		})
	}
	drawn, cached := serve(0), serve(64<<20)
	sql := listen(t, c.serveSQL)
	const filter = "?service=svc-7"
	return []contender{
		{name: "index, from its cache", url: cached},
		{name: "index, drawn each time", url: drawn},
		{name: "SQL grid", url: sql},
		{name: "index, filtered, from its cache", url: cached, query: filter},
		{name: "index, filtered, drawn each time", url: drawn, query: filter},
		{name: "SQL grid, filtered", url: sql, query: filter},
	}
}

// listen serves tiles at /z/x/y over a real connection.
func listen(t *testing.T, serve func(http.ResponseWriter, *http.Request, geo.Cell) error) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{z}/{x}/{y}", func(w http.ResponseWriter, r *http.Request) {
		z, errZ := strconv.ParseUint(r.PathValue("z"), 10, 8)
		x, errX := strconv.ParseUint(r.PathValue("x"), 10, 32)
		y, errY := strconv.ParseUint(r.PathValue("y"), 10, 32)
		if errZ != nil || errX != nil || errY != nil {
			http.NotFound(w, r)
			return
		}
		if err := serve(w, r, geo.Cell{Zoom: geo.Zoom(z), X: uint32(x), Y: uint32(y)}); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return srv.URL
}

// serveSQL asks the database for each tile. It does not compress: the faster way
// for it.
func (c country) serveSQL(w http.ResponseWriter, r *http.Request, at geo.Cell) error {
	var service []string
	if s := r.FormValue("service"); s != "" {
		service = []string{s}
	}
	var tile []byte
	err := c.pool.QueryRow(r.Context(), `SELECT tile FROM grid_tile($1, $2, $3, $4)`,
		int(at.Zoom), int(at.X), int(at.Y), service).Scan(&tile)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/vnd.mapbox-vector-tile")
	_, err = w.Write(tile)
	return err
}
