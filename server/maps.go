package server

import (
	"net/http"
	"strconv"
	"strings"

	"segnavia/civic"
	"segnavia/geo"
	"segnavia/tiles"
)

func access(rq *request) tiles.Access {
	if rq.actor.Staff() || rq.actor.Role == civic.RolePlanner {
		return tiles.Staff
	}
	return tiles.Public
}

// withTown finds the town's tiles, or says that they are not ready yet.
func (s *Server) withTown(w http.ResponseWriter, r *http.Request, rq *request) (*tiles.Town, bool) {
	t := s.Town(rq.j())
	if t == nil {
		s.problem(w, r, 0, civic.Refuse("busy"))
		return nil, false
	}
	return t, true
}

// cellOf reads {z}/{x}/{y}.mvt.
func cellOf(r *http.Request) (geo.Cell, bool) {
	y, isTile := strings.CutSuffix(r.PathValue("y"), ".mvt")
	z, err1 := strconv.ParseUint(r.PathValue("z"), 10, 8)
	cx, err2 := strconv.ParseUint(r.PathValue("x"), 10, 32)
	cy, err3 := strconv.ParseUint(y, 10, 32)
	if !isTile || err1 != nil || err2 != nil || err3 != nil || z > uint64(tiles.MaxZoom) || cx >= 1<<z || cy >= 1<<z {
		return geo.Cell{}, false
	}
	return geo.Cell{Zoom: geo.Zoom(z), X: uint32(cx), Y: uint32(cy)}, true
}

func (s *Server) getTile(w http.ResponseWriter, r *http.Request, rq *request) {
	cell, ok := cellOf(r)
	if !ok {
		s.problem(w, r, 0, civic.Refuse("not_found"))
		return
	}
	t, ok := s.withTown(w, r, rq)
	if !ok {
		return
	}
	if err := s.Tiles.ServeTile(w, r, t, access(rq), cell); err != nil {
		s.problem(w, r, http.StatusBadRequest, refusal(err))
	}
}

func (s *Server) getStreets(w http.ResponseWriter, r *http.Request, rq *request) {
	cell, ok := cellOf(r)
	if !ok {
		s.problem(w, r, 0, civic.Refuse("not_found"))
		return
	}
	t, ok := s.withTown(w, r, rq)
	if !ok {
		return
	}
	if err := s.Tiles.ServeStreets(w, r, t, cell); err != nil {
		s.problem(w, r, http.StatusBadRequest, refusal(err))
	}
}

func (s *Server) getTileJSON(w http.ResponseWriter, r *http.Request, rq *request) {
	t, ok := s.withTown(w, r, rq)
	if !ok {
		return
	}
	if err := s.Tiles.ServeTileJSON(w, r, t, access(rq), s.origin(r)); err != nil {
		s.problem(w, r, http.StatusBadRequest, refusal(err))
	}
}

func (s *Server) getStreetsJSON(w http.ResponseWriter, r *http.Request, rq *request) {
	t, ok := s.withTown(w, r, rq)
	if !ok {
		return
	}
	if err := s.Tiles.ServeStreetsJSON(w, r, t, s.origin(r)); err != nil {
		s.fail(w, r, err)
	}
}

func (s *Server) getTileEvents(w http.ResponseWriter, r *http.Request, rq *request) {
	t, ok := s.withTown(w, r, rq)
	if !ok {
		return
	}
	if !rq.signedIn() {
		g, ok := s.streams.enter(s.placeOf(r), nil)
		if !ok {
			s.problem(w, r, 0, civic.Refuse("too_fast")) // the page shows what it has
			return
		}
		defer g.leave()
	}
	ended, cancel := s.untilClosing(r)
	defer cancel()
	if rq.signedIn() {
		go s.endWithAccess(ended, rq, cancel) // ends with the request
	}
	s.Tiles.ServeEvents(w, ended, t, access(rq))
}
