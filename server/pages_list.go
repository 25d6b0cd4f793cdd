package server

import (
	"net/http"
	"net/url"

	"segnavia/civic"
	"segnavia/text"
)

type listView struct {
	Filters  []filterView
	Filtered bool
	Items    []cardView
	More     string
	MapQuery string
	Area     string // of the filter
	Near     int    // metres around the reader, or 0 for a list of everything
	Misread  bool   // the filter is not understood: the list is of everything, and says so
}

type filterView struct {
	Name, Label string
	Options     []optionView
}

// pageSize is how many reports a page of the list holds.
const pageSize = 24

// aroundMetres is how far "near me" goes: a walk of ten minutes.
const aroundMetres = 600

// showAround lists what is open around a reader, nearest first.
func (s *Server) showAround(w http.ResponseWriter, r *http.Request, rq *request, at civic.Position) error {
	if !s.limits.allow(limitSearch, rq.place) {
		return civic.Refuse("too_fast")
	}
	reports, err := s.Store.Nearby(r.Context(), rq.j(), at, aroundMetres, pageSize)
	if err != nil {
		return err
	}
	v := listView{Near: aroundMetres, Items: s.cards(rq, s.publicOnes(rq, reports))}
	return s.show(w, r, rq, http.StatusOK, pageView{
		Name: "reports", Title: s.Words.T(rq.lang, "page.list.near", nil), Private: true, V: v,
	})
}

func (s *Server) publicOnes(rq *request, reports []civic.Report) []civic.PublicReport {
	list := make([]civic.PublicReport, 0, len(reports))
	for i := range reports {
		r := &reports[i]
		if p, ok := civic.Public(r, s.service(rq, r.Service), s.areaName(rq, r.Area), s.zone(rq)); ok {
			list = append(list, p)
		}
	}
	return list
}

// getReports lists public reports with the filters of the API's list. A filter that
// is not understood, of an old link or a slip, is said to be none.
func (s *Server) getReports(w http.ResponseWriter, r *http.Request, rq *request) error {
	q := r.URL.Query()
	if lon, lat, ok := position(&form{Values: q}); ok {
		return s.showAround(w, r, rq, civic.Position{Lon: lon, Lat: lat})
	}
	in := listInput{
		Status: q.Get("status"), Service: q.Get("service"), Area: q.Get("area"), Before: q.Get("before"), Limit: pageSize,
	}
	f, err := s.publicFilter(r.Context(), rq, &in)
	if err != nil && refusal(err).Code == "busy" {
		return err
	}
	status, misread := http.StatusOK, err != nil || q.Has("lon") || q.Has("lat")
	if misread { // everything rather than nothing
		status = http.StatusBadRequest
		in = listInput{Limit: pageSize}
		f = civic.Filter{Public: true, Limit: pageSize}
	}
	list, next, err := s.publicList(r.Context(), rq, f)
	if err != nil {
		return err
	}
	kept := url.Values{}
	for name, value := range map[string]string{"status": in.Status, "service": in.Service, "area": in.Area} {
		if value != "" {
			kept.Set(name, value)
		}
	}
	v := listView{Filters: s.filters(rq, in), Filtered: len(kept) > 0, Items: s.cards(rq, list), MapQuery: s.mapQuery(rq, in), Area: in.Area, Misread: misread}
	if next != "" {
		kept.Set("before", next)
		v.More = "/reports?" + kept.Encode()
	}
	return s.show(w, r, rq, status, pageView{Name: "reports", Title: s.Words.T(rq.lang, "page.list.title", nil), V: v})
}

// mapQuery is the list's filter in the words of the tiles.
func (s *Server) mapQuery(rq *request, in listInput) string {
	q := url.Values{}
	if in.Status != "" {
		q.Set("status", in.Status)
	}
	if in.Area != "" {
		q.Set("area", in.Area)
	}
	for _, service := range rq.town.Services {
		switch in.Service {
		case "":
		case service.Group:
			q.Set("group", service.Group)
		case service.Code, service.ID.String():
			q.Set("service", service.Code)
		}
	}
	return q.Encode()
}

// filters are the choices of the list's form.
func (s *Server) filters(rq *request, in listInput) []filterView {
	word := func(key string) string { return s.Words.T(rq.lang, key, nil) }
	status := filterView{Name: "status", Label: word("page.list.status"), Options: []optionView{
		{"", word("page.list.status.all"), in.Status == ""},
		{"open", word("page.list.status.open"), in.Status == "open"},
		{"closed", word("page.list.status.closed"), in.Status == "closed"},
	}}
	for _, one := range civic.Statuses {
		status.Options = append(status.Options, optionView{string(one), s.statusName(rq.lang, one, nil), in.Status == string(one)})
	}
	kind := filterView{Name: "service", Label: word("page.list.kind"), Options: []optionView{{"", word("page.list.kind.all"), in.Service == ""}}}
	known := map[string]bool{}
	for _, service := range rq.town.Services {
		if service.Public != civic.PublishNever && service.Group != "" && !known[service.Group] {
			known[service.Group] = true
			kind.Options = append(kind.Options, optionView{service.Group, s.groupName(rq.lang, service.Group), in.Service == service.Group})
		}
		if in.Service == service.Code || in.Service == service.ID.String() {
			name, _ := s.serviceName(rq, service)
			kind.Options = append(kind.Options, optionView{in.Service, name, true})
		}
	}
	area := filterView{Name: "area", Label: word("page.list.area"), Options: []optionView{{"", word("page.list.area.all"), in.Area == ""}}}
	for _, one := range rq.town.Areas {
		if !one.Outside {
			area.Options = append(area.Options, optionView{one.ID.String(), one.Name, in.Area == one.ID.String()})
		}
	}
	return []filterView{status, kind, area}
}

type levelsView struct{ Groups []levelGroup }

type levelGroup struct {
	Name string
	Rows []levelRow
}

type levelRow struct{ Name, Lang, Reply, Resolution string }

// getLevels shows what the town promises for each service. What it keeps is not
// shown before there are enough cases to say so.
func (s *Server) getLevels(w http.ResponseWriter, r *http.Request, rq *request) error {
	var v levelsView
	at := map[string]int{}
	for _, service := range rq.town.Services {
		i, known := at[service.Group]
		if !known {
			i = len(v.Groups)
			at[service.Group] = i
			v.Groups = append(v.Groups, levelGroup{Name: s.groupName(rq.lang, service.Group)})
		}
		row := levelRow{Reply: s.replyTime(rq.lang, service.FirstReplyMinutes), Resolution: s.counted(rq.lang, "days", service.ResolutionDays)}
		row.Name, row.Lang = s.serviceName(rq, service)
		v.Groups[i].Rows = append(v.Groups[i].Rows, row)
	}
	return s.show(w, r, rq, http.StatusOK, pageView{Name: "levels", Title: s.Words.T(rq.lang, "page.levels.title", nil), V: v})
}

// officeDay is the length of a day at the office, as promises count it.
const officeDay = 8 * 60

// replyTime is a promise in the words that people count in: days where it is whole
// days, else hours or minutes while the office is open.
func (s *Server) replyTime(lang text.Lang, minutes int) string {
	switch {
	case minutes%officeDay == 0:
		return s.counted(lang, "days", minutes/officeDay)
	case minutes%60 == 0:
		return s.counted(lang, "hours", minutes/60)
	}
	return s.counted(lang, "minutes", minutes)
}

// counted is a number of hours or days in words; none is no promise.
func (s *Server) counted(lang text.Lang, unit string, n int) string {
	if n <= 0 {
		return s.Words.T(lang, "page.levels.none", nil)
	}
	return s.Words.T(lang, "page.levels."+unit, text.Args{"n": n})
}
