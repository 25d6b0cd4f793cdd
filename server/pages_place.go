package server

import (
	"context"
	"strings"
	"time"

	"segnavia/civic"
	"segnavia/text"
)

// likeEnough is the similarity from which a street is taken for the one meant.
const likeEnough = 0.6

// place finds where an address is. It returns false when no street of the town
// is like it: the office then finds the place.
func (s *Server) place(ctx context.Context, rq *request, address string) (civic.Place, bool, error) {
	list, err := s.find(ctx, rq, address, 1)
	if err != nil || len(list) == 0 || list[0].Similarity < likeEnough || elsewhere(rq.town, civic.ParseAddress(address).Rest, list[0].Locality) {
		return civic.Place{}, false, err
	}
	return list[0], true, nil
}

// elsewhere reports whether the rest of an address names something that is not of
// this town: "Via Roma 1, Milano" is no street of ours, whatever ours is called.
// The office then finds out.
func elsewhere(town *civic.TownSite, rest, locality string) bool {
	if civic.IsAside(rest) {
		return false
	}
	ours := []string{town.Name, locality}
	for _, a := range town.Areas {
		if !a.Outside {
			ours = append(ours, a.Name)
		}
	}
	for _, name := range ours {
		for word := range strings.FieldsSeq(strings.ToLower(name)) {
			if len(word) > 3 && word != "comune" && strings.Contains(rest, word) {
				return false
			}
		}
	}
	return true
}

// geocoderPatience is how long somebody else's gazetteer may take: a person
// waits, and the office can place the case.
const geocoderPatience = 3 * time.Second

// find asks the town's own gazetteer and, where it knows nothing, the operator's
// geocoder. That one failing costs nothing but a place.
func (s *Server) find(ctx context.Context, rq *request, address string, limit int) ([]civic.Place, error) {
	asked := civic.ParseAddress(address)
	list, err := s.Store.Places(ctx, rq.j(), asked, limit)
	if err != nil || len(list) > 0 || s.Geocoder == nil || asked.Street == "" || rq.town.Bounds == [4]float64{} {
		return list, err
	}
	ctx, cancel := context.WithTimeout(ctx, geocoderPatience)
	defer cancel()
	list, err = s.Geocoder.Places(ctx, address, rq.town.Bounds, string(rq.lang), limit)
	if err != nil {
		s.Logger.WarnContext(ctx, "geocoder failed", "error", err)
		return nil, nil
	}
	return list, nil
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
