package server

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"segnavia/civic"
)

type homeView struct {
	Assist bool
	Code   string
	Wrong  wrong
	Latest []cardView
}

// latestOnHome is how many reports the first page shows.
const latestOnHome = 6

func (s *Server) getHome(w http.ResponseWriter, r *http.Request, rq *request) error {
	return s.showHome(w, r, rq, http.StatusOK, homeView{})
}

func (s *Server) showHome(w http.ResponseWriter, r *http.Request, rq *request, status int, v homeView) error {
	list, _, err := s.publicList(r.Context(), rq, civic.Filter{Public: true, Limit: latestOnHome})
	if err != nil {
		return err
	}
	v.Latest = s.cards(rq, list)
	v.Assist = slices.ContainsFunc(rq.town.Services, func(o civic.Service) bool { return o.Kind == kindAssistance })
	return s.show(w, r, rq, status, pageView{Name: "home", Title: s.Words.T(rq.lang, "page.brand", nil), V: v})
}

// getCode leads from a code that somebody typed to its page. Whether there is such a
// report is that page's to say, or not to.
func (s *Server) getCode(w http.ResponseWriter, r *http.Request, rq *request) error {
	typed := r.URL.Query().Get("code")
	if strings.TrimSpace(typed) == "" {
		http.Redirect(w, r, "/#code", http.StatusSeeOther)
		return nil
	}
	if !s.limits.allow(limitSearch, rq.place) {
		return civic.Refuse("too_fast")
	}
	if code, err := civic.TypedCode(rq.town.Prefix, typed); err == nil {
		http.Redirect(w, r, "/r/"+string(code), http.StatusSeeOther) // #nosec G710 -- a code of letters and digits on this host
		return nil
	}
	return s.showWrongCode(w, r, rq, http.StatusUnprocessableEntity, typed)
}

// showWrongCode asks again for a code whose digits do not add up.
func (s *Server) showWrongCode(w http.ResponseWriter, r *http.Request, rq *request, status int, typed string) error {
	return s.showHome(w, r, rq, status, homeView{Code: typed, Wrong: wrong{"code", s.Words.T(rq.lang, "door.bad_code", nil)}})
}

// cardView is a public report in a list.
type cardView struct {
	Code                           civic.Code
	Title, Where, Icon, Photo      string
	Day                            time.Time
	Status, StatusIcon, Tone, Area string
	Text                           string // the first words of its description
	Followers                      int
}

func (s *Server) cards(rq *request, list []civic.PublicReport) []cardView {
	cards := make([]cardView, len(list))
	for i := range list {
		p := &list[i]
		cards[i] = cardView{
			Code: p.Code, Title: s.publicTitle(rq, p), Icon: groupIcon(p.Group), Where: p.Address, Area: p.Area,
			Day: s.dayOf(rq, p.Day), Status: s.statusName(rq.lang, p.Status, nil),
			StatusIcon: string(p.Status), Tone: statusTone(p.Status), Text: firstWords(p.Description, 120), Followers: p.Followers,
		}
		if cards[i].Where == "" {
			cards[i].Where = p.Area
		}
		if len(p.Photos) > 0 {
			cards[i].Photo = mediaPath(p.Code, p.Photos[0].ID, "320", p.Photos[0].Cover)
		}
	}
	return cards
}

// publicTitle is the reporter's title where it may be shown, else the kind.
func (s *Server) publicTitle(rq *request, p *civic.PublicReport) string {
	service := s.serviceOf(rq, p.Service)
	if p.Title != "" {
		return s.titleIn(rq, service, p.Title)
	}
	if service.Code == "" {
		return p.ServiceName
	}
	name, _ := s.serviceName(rq, service)
	return name
}

// titleIn is a title as its reader reads it: one that the form wrote, of the kind
// and the street, has the kind in their language.
func (s *Server) titleIn(rq *request, service civic.Service, title string) string {
	street, ours := strings.CutPrefix(title, service.Name)
	if service.Name == "" || !ours || street != "" && !strings.HasPrefix(street, ", ") {
		return title
	}
	name, _ := s.serviceName(rq, service)
	return name + street
}

func (s *Server) dayOf(rq *request, day string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, s.zone(rq))
	if err != nil {
		return time.Time{}
	}
	return t
}

// firstWords is a text's beginning, at most n characters, cut between words.
func firstWords(said string, n int) string {
	said = strings.Join(strings.Fields(said), " ")
	letters := []rune(said)
	if len(letters) <= n {
		return said
	}
	cut := string(letters[:n])
	if at := strings.LastIndexByte(cut, ' '); at > 0 {
		cut = cut[:at]
	}
	return cut + "…"
}
