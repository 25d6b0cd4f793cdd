package server

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"segnavia/civic"
	"segnavia/text"
)

// caseView is the page of one report. Closed says that nothing of it may be
// shown to whoever asks; Mine that its reporter does.
type caseView struct {
	Code                                     civic.Code
	Spoken                                   string
	Closed, Mine                             bool
	Errors                                   pageErrors
	Done                                     string
	Receipt                                  *receiptView
	Title, Service, ServiceLang, Place, Area string
	Description                              string
	Status, StatusIcon, StatusHelp, Tone     string
	Reason, Promise                          string
	Safe                                     bool
	Day, ClosedDay, Reply, Resolution        time.Time
	Photos                                   []photoView
	PhotosWaiting, DocumentsWaiting          int
	Documents                                []documentView
	Unusable                                 []string
	Steps                                    []stepView
	Talk                                     []talkView
	MayClose, MayContest, MayAttach          bool
	Rev                                      int64
	ContestText, MessageText                 string
	Assist                                   bool // help from an office: it has no place
	Withheld                                 bool // its words wait for a person
	Answers                                  []factView
	Rate                                     *rateView
	Erasure                                  time.Time // by when a request is answered
	ErasureAnswered                          bool
	Followers                                int
	Followed, MayFollow, MayHear             bool
	Hears                                    string // where the wish to hear of it ends
	HearEmail, HearPhone                     string
}

// factView is one answer to a service's question.
type factView struct{ Name, Value string }

// Wrong is what is to be corrected in a field.
func (v caseView) Wrong(field string) wrong { return v.Errors.Wrong(field) }

type receiptView struct {
	Code              civic.Code
	Spoken, PIN, Link string
	Hazard, Unplaced  bool
	Assist            bool
	Later             bool // its pictures had no room, and are sent from here
	Reply, Resolution time.Time
}

type stepView struct {
	At         time.Time
	Text, More string
}

type talkView struct {
	At        time.Time
	Who, Text string
	Mine      bool
	Exact     bool // the time is known, not only the day
}

// caseOf finds the report of a page's address, and whether its reporter asks. A code
// that no report has gives one that nobody may see: from outside it is like a report
// that is not public, whose own page asks for the PIN. Only a code whose digits do not
// add up is civic.ErrNotFound, which needs no looking up.
func (s *Server) caseOf(r *http.Request, rq *request) (civic.Report, bool, error) {
	code, err := civic.TypedCode(rq.town.Prefix, r.PathValue("code"))
	if err != nil {
		return civic.Report{}, false, civic.ErrNotFound
	}
	if !s.limits.allow(limitSearch, rq.place) {
		return civic.Report{}, false, civic.Refuse("too_fast")
	}
	report, err := s.Store.ReportByCode(r.Context(), rq.j(), code)
	if errors.Is(err, civic.ErrNotFound) {
		report, err = civic.Report{Code: code}, nil
	}
	if err != nil {
		return report, false, err
	}
	return report, s.holdsSecret(r, rq, &report), nil
}

func (s *Server) getCase(w http.ResponseWriter, r *http.Request, rq *request) error {
	report, mine, err := s.caseOf(r, rq)
	if e := refusal(err); err != nil && e.Code == "not_found" {
		return s.showWrongCode(w, r, rq, http.StatusNotFound, r.PathValue("code"))
	}
	if err != nil {
		return err
	}
	query := r.URL.Query()
	if secret := civic.UntailLink(query.Get("k")); secret != "" {
		return s.takeSecret(w, r, rq, &report, secret)
	}
	if plain := "/r/" + string(report.Code); r.URL.Path != plain { // as somebody typed it
		to := url.URL{Path: plain, RawQuery: r.URL.RawQuery}
		http.Redirect(w, r, to.String(), http.StatusSeeOther)
		return nil
	}
	v := caseView{}
	if key := "page.case." + query.Get("done"); (mine || strings.HasPrefix(query.Get("done"), "follow.")) && s.Words.Has(rq.lang, key) && slices.Contains(doneKeys, query.Get("done")) {
		v.Done = s.Words.T(rq.lang, key, nil)
	}
	if mine && query.Get("thanks") != "" {
		if v.Receipt, err = s.receiptOf(r, rq, &report); err != nil {
			return err
		}
		v.Receipt.Later = s.readCookie(r, laterCookie) == string(report.Code)
	}
	status := http.StatusOK
	if !mine && !s.shown(rq, &report) {
		status = http.StatusNotFound
	}
	return s.showCase(w, r, rq, status, &report, mine, v)
}

// doneKeys are what a page may say after it sent something.
var doneKeys = []string{"sent", "ok.thanks", "contest.done", "contest.open", "erase.done", "follow.done", "follow.heard"}

// takeSecret moves the secret of a link into a cookie, out of the address. A
// wrong one opens nothing and is not kept.
func (s *Server) takeSecret(w http.ResponseWriter, r *http.Request, rq *request, report *civic.Report, secret string) error {
	ok, err := s.Store.OpenBySecret(r.Context(), rq.j(), report.ID, secret)
	if err != nil {
		return err
	}
	if ok {
		http.SetCookie(w, s.cookie(secretCookie(report.Code), secret, yearSeconds))
	}
	rest := r.URL.Query()
	rest.Del("k")
	to := url.URL{Path: "/r/" + string(report.Code), RawQuery: rest.Encode()}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
	return nil
}

func (s *Server) receiptOf(r *http.Request, rq *request, report *civic.Report) (*receiptView, error) {
	receipt, err := s.Store.Receipt(r.Context(), rq.j(), report.ID)
	if err != nil {
		return nil, err
	}
	zone := s.zone(rq)
	return &receiptView{
		Code: report.Code, Spoken: report.Code.Spoken(), PIN: spokenPIN(receipt.PIN),
		Link:   rq.origin + "/r/" + string(report.Code) + "?k=" + receipt.Secret,
		Assist: s.service(rq, report.Service).Kind == kindAssistance,
		Hazard: report.Hazard, Unplaced: report.Position == nil && report.Address != "",
		Reply: local(report.Deadlines.FirstReply, zone), Resolution: local(report.Deadlines.Resolution, zone),
	}, nil
}

// spokenPIN parts a PIN as it is read aloud: "482 173".
func spokenPIN(pin string) string {
	if len(pin) != 6 {
		return pin
	}
	return pin[:3] + " " + pin[3:]
}

func local(t time.Time, zone *time.Location) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(zone)
}

// showCase writes the page of a report, as much of it as whoever asks may see.
func (s *Server) showCase(w http.ResponseWriter, r *http.Request, rq *request, status int, report *civic.Report, mine bool, v caseView) error {
	v.Code, v.Spoken, v.Mine, v.Rev = report.Code, report.Code.Spoken(), mine, report.Rev
	var err error
	if mine {
		err = s.fillMine(r.Context(), rq, report, &v)
	} else {
		err = s.fillPublic(r.Context(), rq, report, &v)
	}
	if err == nil {
		err = s.fillFollow(r, rq, report, &v)
	}
	if err != nil {
		return err
	}
	title := s.Words.T(rq.lang, "page.case.title", text.Args{"code": v.Spoken})
	if v.Receipt != nil {
		title = s.Words.T(rq.lang, "page.thanks.title", nil) + " " + title
	}
	if len(v.Errors) > 0 {
		title = s.Words.T(rq.lang, "page.error.summary", text.Args{"n": len(v.Errors)}) + " – " + title
	}
	return s.show(w, r, rq, status, pageView{Name: "case", Title: title, Private: true, V: v})
}

// fillPublic fills the page from what anybody may see, and from nothing else.
func (s *Server) fillPublic(ctx context.Context, rq *request, report *civic.Report, v *caseView) error {
	p, err := s.public(ctx, rq, report)
	if e := refusal(err); err != nil && e.Code == "not_found" {
		v.Closed = true
		return nil
	}
	if err != nil {
		return err
	}
	v.Title, v.Place, v.Area, v.Description = s.publicTitle(rq, &p), p.Address, p.Area, p.Description
	v.Service, v.ServiceLang = s.serviceName(rq, s.service(rq, report.Service))
	if v.Place == "" {
		v.Place, v.Area = p.Area, ""
	}
	s.fillStatus(rq, p.Status, nil, "", v)
	v.Day, v.ClosedDay = s.dayOf(rq, p.Day), s.dayOf(rq, p.Closed)
	for _, photo := range p.Photos {
		v.Photos = append(v.Photos, s.photoView(rq, p.Code, photo))
	}
	for _, m := range p.Messages {
		if m.Text != "" {
			v.Talk = append(v.Talk, talkView{At: s.dayOf(rq, m.Day), Who: s.who(rq.lang, m.From, false), Text: m.Text})
		}
	}
	return nil
}

func (s *Server) fillStatus(rq *request, status civic.Status, planned *civic.Planned, waitingFor string, v *caseView) {
	v.Status, v.StatusIcon, v.Tone = s.statusName(rq.lang, status, planned), string(status), statusTone(status)
	key := "page.status." + string(status)
	if waitingFor == "citizen" {
		key += ".citizen"
	}
	if status == civic.StatusRejected && v.Reason == "" {
		return // the reason is for the reporter
	}
	v.StatusHelp = s.Words.T(rq.lang, key+".help", nil)
}

// fillMine fills the page with all that a reporter may see of their own report.
func (s *Server) fillMine(ctx context.Context, rq *request, report *civic.Report, v *caseView) error {
	zone, now := s.zone(rq), s.Now()
	v.Title, v.Description, v.Place = s.titleIn(rq, s.service(rq, report.Service), report.Title), report.Description, report.Address
	v.Area, v.Reason, v.Safe = s.areaName(rq, report.Area), s.reason(rq.lang, report.Reason), report.Safe != nil
	v.Service, v.ServiceLang = s.serviceName(rq, s.service(rq, report.Service))
	if v.Title == "" {
		v.Title = v.Service
	}
	waitingFor := ""
	if report.Waiting != nil {
		waitingFor = report.Waiting.For
	}
	if report.Planned != nil && v.Reason == "" {
		v.Reason = report.Planned.Why
	}
	s.fillStatus(rq, report.Status, report.Planned, waitingFor, v)
	if p := report.Promise; p != nil && report.Status.Open() {
		v.Promise = s.Words.T(rq.lang, "page.case.promise", text.Args{"what": p.What, "by": p.By})
	}
	v.Day, v.ClosedDay = local(report.Created, zone), local(report.Closed, zone)
	if report.Status.Open() && v.Receipt == nil {
		if due := report.Deadlines.FirstReply; report.Replied.IsZero() && due.After(now) {
			v.Reply = local(due, zone)
		}
		if due := report.Deadlines.Resolution; due.After(now) {
			v.Resolution = local(due, zone)
		}
	}
	s.fillPhotos(rq, report, v)
	v.MayClose = report.Status == civic.StatusResolved
	v.MayContest = !report.Status.Open() && !now.After(report.Closed.AddDate(0, 0, civic.ContestDays))
	v.MayAttach = len(report.Photos) < civic.MaxAttachments
	v.Assist = s.service(rq, report.Service).Kind == kindAssistance
	v.Withheld = s.withheld(rq, report)
	v.Rate = s.rateView(rq, report, v.Receipt != nil)
	v.Answers = answered(s.service(rq, report.Service), report.Answers)
	asked, err := s.Store.Erasure(ctx, rq.j(), report.ID)
	if e := refusal(err); err != nil && e.Code != "not_found" {
		return err
	}
	v.Erasure = local(asked.Due, zone)
	v.ErasureAnswered = !asked.Due.IsZero() && report.EraseBy.IsZero()
	return s.fillWords(ctx, rq, report, v)
}

// answered joins what was answered with what was asked, in the service's order.
func answered(service civic.Service, answers map[string][]string) []factView {
	var list []factView
	for _, a := range service.Attributes {
		said := slices.Clone(answers[a.Code])
		for i := range said {
			for _, one := range a.Values {
				if one.Key == said[i] {
					said[i] = one.Name
				}
			}
		}
		if len(said) > 0 {
			list = append(list, factView{a.Question, strings.Join(said, ", ")})
		}
	}
	return list
}

// withheld tells whether words would be public if a person had looked at them.
func (s *Server) withheld(rq *request, report *civic.Report) bool {
	shown := *report
	shown.Withheld = nil
	return len(report.Withheld) > 0 && shown.TextIsPublic(s.service(rq, report.Service))
}
