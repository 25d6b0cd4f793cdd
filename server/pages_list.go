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
}

type filterView struct {
	Name, Label string
	Options     []optionView
}

// pageSize is how many reports a page of the list holds.
const pageSize = 24

// getReports lists public reports with the filters of the API's list.
func (s *Server) getReports(w http.ResponseWriter, r *http.Request, rq *request) error {
	q := r.URL.Query()
	in := listInput{
		Status: q.Get("status"), Service: q.Get("service"), Area: q.Get("area"), Before: q.Get("before"), Limit: pageSize,
	}
	f, err := s.publicFilter(rq, &in)
	if err != nil { // an old link: show everything rather than nothing
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
	v := listView{Filters: s.filters(rq, in), Filtered: len(kept) > 0, Items: s.cards(rq, list), MapQuery: kept.Encode()}
	if next != "" {
		kept.Set("before", next)
		v.More = "/reports?" + kept.Encode()
	}
	return s.show(w, r, rq, http.StatusOK, pageView{Name: "reports", Title: s.Words.T(rq.lang, "page.list.title", nil), V: v})
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

func (s *Server) replyTime(lang text.Lang, minutes int) string {
	if minutes%60 == 0 {
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
