package server

import (
	"context"
	"errors"
	"io"
	"net/http"

	"segnavia/channel/open311"
	"segnavia/civic"
	"segnavia/outbound"
	"segnavia/photo"
	"segnavia/text"
)

// open311Routes are those of GeoReport v2. They look at the key that a call
// brings, which may stand in its body.
func (s *Server) open311Routes() {
	s.door = open311.New(open311.Options{
		Store: s.Store, Photos: pipeline{s}, Intake: intake{s}, Outside: s.Outside, Words: s.Words, Logger: s.Logger,
		Now: s.Now, Allow: s.allowOpen311, Contacts: s.open311Contact,
	})
	for _, format := range []string{".xml", ".json"} {
		s.open311("GET /open311/discovery"+format, open311.Discover)
		s.open311("GET /open311/v2/services"+format, open311.ListServices)
		s.open311("GET /open311/v2/requests"+format, open311.ListRequests)
		s.open311("POST /open311/v2/requests"+format, open311.PostRequest)
		s.open311("GET /open311/v2/servicerequestupdates"+format, open311.ListUpdates)
		s.open311("POST /open311/v2/servicerequestupdates"+format, open311.PostUpdate)
	}
	s.open311("GET /open311/v2/services/{name}", open311.GetDefinition)
	s.open311("GET /open311/v2/requests/{name}", open311.GetRequest)
	s.open311("GET /open311/v2/tokens/{name}", open311.GetToken)
	for _, pattern := range []string{"GET /open311/{path...}", "POST /open311/{path...}"} {
		s.handle(Route{Pattern: pattern, Allow: Anyone, Own: true}, 0, s.unrouted)
	}
	s.handle(Route{Pattern: "OPTIONS /open311/{path...}", Allow: Anyone}, 0, s.preflight)
}

func (s *Server) open311(pattern string, do open311.Operation) {
	s.handle(Route{Pattern: pattern, Allow: Anyone, Own: true}, open311.MaxBody, func(w http.ResponseWriter, r *http.Request, rq *request) {
		lang := rq.lang
		if r.Header.Get("Accept-Language") == "" {
			lang = text.Choose(r.URL.Query().Get("lang"), rq.town.Locale)
		}
		s.door.Serve(w, r, open311.Call{Town: rq.town, Lang: lang, Place: rq.place, Base: rq.origin, Hold: s.holdLate(w, r)}, do)
	})
}

// FetchMedia fetches the pictures that another program named for a report.
func (s *Server) FetchMedia(ctx context.Context, j civic.JurisdictionID, report civic.ReportID, last bool) error {
	return s.door.FetchMedia(ctx, j, report, last)
}

// holdLate is how a call asks for one of the few places of bodies whose pictures
// come before their key. The slowest of those gives way to the next.
func (s *Server) holdLate(w http.ResponseWriter, r *http.Request) func() (release func(), ok bool) {
	return func() (func(), bool) {
		rec, ok := w.(*recorder)
		if !ok || rec.body == nil {
			return nil, false // no body has pictures
		}
		g, ok := s.late.enter(s.placeOf(r), rec.body.giveWay)
		if ok && g != nil {
			g.pace = rec.body.speed
			g.idle(true)
		}
		return g.leave, ok
	}
}

func (s *Server) allowOpen311(l open311.Limit, place string) bool {
	switch l {
	case open311.LimitKey:
		return s.limits.allow(limitKey, place)
	case open311.LimitBadKey:
		return s.limits.allow(limitBadKey, place)
	case open311.LimitCode:
		return s.limits.allow(limitSearch, place)
	default:
		return s.limits.allow(limitOpen311, place)
	}
}

// open311Contact is how to reach the town, whose pages begin with base.
func (s *Server) open311Contact(town *civic.TownSite, base string, lang text.Lang) string {
	key := "open311.contact"
	if town.Phone != "" {
		key += ".phone"
	}
	return s.Words.T(lang, key, text.Args{"town": town.Name, "url": base, "phone": town.Phone})
}

// outside is the client for the world outside, where the options bring none.
func outside(o Options) open311.Fetcher {
	if o.Outside != nil {
		return o.Outside
	}
	return outbound.New(outbound.Options{})
}

// pipeline is the way of a picture that another program sends or names.
type pipeline struct{ s *Server }

// Take checks and keeps a picture.
func (p pipeline) Take(ctx context.Context, j civic.JurisdictionID, body io.Reader) (civic.AttachArgs, error) {
	towns, err := p.s.towns.all(ctx)
	if err != nil {
		return civic.AttachArgs{}, err
	}
	for i := range towns {
		if towns[i].ID != j {
			continue
		}
		stored, err := p.s.takePhoto(ctx, j, p.s.zone(&request{town: &towns[i]}), body, "", civic.Sender{}, nil)
		var bad *photo.Error
		if errors.As(err, &bad) {
			return civic.AttachArgs{}, refusal(err)
		}
		return civic.AttachArgs{SHA256: stored.SHA256, Bytes: stored.Bytes, Mime: stored.Mime}, err
	}
	return civic.AttachArgs{}, civic.ErrNotFound
}

// intake is the one way in for reports, for another program.
type intake struct{ s *Server }

// Take makes the report, with a title and a street where it brings none.
func (i intake) Take(ctx context.Context, town *civic.TownSite, by civic.Actor, id civic.ReportID, nonce civic.NonceHash, args civic.CreateArgs, photos []civic.AttachArgs) error {
	rq := &request{town: town, actor: by}
	if args.Address == "" && args.Lon != nil {
		near, err := i.s.Store.PlaceAt(ctx, town.ID, civic.Position{Lon: *args.Lon, Lat: *args.Lat})
		if err != nil {
			return err
		}
		args.Address = i.s.placeLabel(text.Lang(town.Locale), &near)
	}
	for _, service := range town.Services {
		if service.Code == args.Service {
			args.Title = titleOf(service, civic.StreetOf(args.Address), args.Description)
		}
	}
	_, _, err := i.s.ingest(ctx, rq, newReport{ID: id, Nonce: nonce, Args: args, Photos: photos})
	return err
}

// Place finds an address among the town's streets.
func (i intake) Place(ctx context.Context, town *civic.TownSite, address string) (civic.Position, bool, error) {
	street, ok, err := i.s.place(ctx, &request{town: town}, address)
	return street.Position, ok, err
}
