package server

import (
	"context"

	"segnavia/civic"
	"segnavia/text"
)

// likeEnough is the similarity from which a street is taken for the one meant.
const likeEnough = 0.6

// place finds where an address is. It returns false when no street of the town
// is like it: the office then finds the place.
func (s *Server) place(ctx context.Context, rq *request, address string) (civic.Place, bool, error) {
	list, err := s.Store.Places(ctx, rq.j(), civic.ParseAddress(address), 1)
	if err != nil || len(list) == 0 || list[0].Similarity < likeEnough {
		return civic.Place{}, false, err
	}
	return list[0], true, nil
}

// placeLabel says a place as a person would: "Via Balbi 12" for the door that
// was asked for, "Via Balbi, vicino al 12" for the nearest one.
func (s *Server) placeLabel(lang text.Lang, p *civic.Place) string {
	label := p.Street
	switch door := p.Door(); {
	case door == "":
	case p.Exact:
		label += " " + door
	default:
		label = s.Words.T(lang, "page.place.near", text.Args{"street": p.Street, "door": door})
	}
	if p.Locality != "" && label != "" {
		label += ", " + p.Locality
	}
	return label
}
