package server

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"

	"segnavia/civic"
	"segnavia/text"
)

// maxForm bounds a form without a photo.
const maxForm = 64 << 10

// pageRoutes are the citizens' pages. Each is complete without script; the
// handlers of /r look for the report's secret themselves.
func (s *Server) pageRoutes() {
	s.page("GET /{$}", false, 0, s.getHome)
	s.page("GET /r", false, 0, s.getCode)
	s.page("GET /report", false, 0, s.getForm)
	s.page("GET /report/questions", false, 0, s.getQuestions)
	s.page("POST /report", false, pagePhotos*maxUpload, s.postForm)
	s.page("GET /r/{code}", true, 0, s.getCase)
	s.page("GET /r/{code}/{tail...}", true, 0, s.getCase)
	s.page("POST /r/{code}/pin", true, maxForm, s.postPIN)
	s.page("POST /r/{code}/message", true, maxUpload, s.postMessage)
	s.page("POST /r/{code}/contest", true, maxForm, s.postContest)
	s.page("POST /r/{code}/ok", true, maxForm, s.postFine)
	s.page("POST /r/{code}/rate", true, maxForm, s.postRate)
	s.page("POST /r/{code}/follow", true, maxForm, s.postFollow)
	s.page("POST /r/{code}/erase", true, maxForm, s.postErase)
	s.page("GET /subscriptions", false, 0, s.getHear)
	s.page("POST /subscriptions", false, maxForm, s.postHear)
	s.page("GET /subscriptions/{id}", true, 0, s.getEnd)
	s.page("POST /subscriptions/{id}", true, maxForm, s.postEnd)
	s.page("GET /drafts", false, 0, s.fixedPage("drafts", "page.drafts.title", nil))
	s.page("GET /reports", false, 0, s.getReports)
	s.page("GET /privacy", false, 0, s.fixedPage("privacy", "page.privacy.title", []int{1, 2, 3, 4, 5}))
	s.page("GET /accessibility", false, 0, s.fixedPage("accessibility", "page.access.title", []int{1, 2, 3, 4, 5, 6}))
	s.page("GET /service-levels", false, 0, s.getLevels)
	s.handle(Route{Pattern: "GET /{path...}", Allow: Anyone}, 0, s.unrouted)
	s.handle(Route{Pattern: "/", Allow: Anyone}, 0, s.unrouted)
}

type pageFunc func(w http.ResponseWriter, r *http.Request, rq *request) error

// page registers a page. What goes wrong becomes a page too.
func (s *Server) page(pattern string, own bool, maxBody int64, h pageFunc) {
	s.handle(Route{Pattern: pattern, Allow: Anyone, Own: own}, maxBody, func(w http.ResponseWriter, r *http.Request, rq *request) {
		if err := h(w, r, rq); err != nil {
			s.failPage(w, r, rq, err)
		}
	})
}

// pageView is what the layout reads, and V what the page itself does.
type pageView struct {
	Name      string
	Title     string
	Town      string
	ShortTown string // without "Comune di"
	Prefix    string
	Phone     string // as it is read
	Dial      string // as it is dialled
	// Declaration is the official declaration of accessibility, if there is one.
	Declaration string
	Hours       string // "da lunedì a venerdì 8–17", or "" when nothing is known
	Languages   []languageLink
	Private     bool // not for search engines
	V           any
}

type languageLink struct {
	Lang, Short, Name, Link string
	Current                 bool
}

// show writes a page. It is drawn whole before the first byte leaves, so that a
// mistake in it never sends half a page.
func (s *Server) show(w http.ResponseWriter, r *http.Request, rq *request, status int, view pageView) error {
	view.Town, view.ShortTown = rq.town.Name, strings.TrimPrefix(rq.town.Name, "Comune di ")
	view.Prefix = rq.town.Prefix
	if strings.HasPrefix(rq.town.Declaration, "https://") {
		view.Declaration = rq.town.Declaration
	}
	view.Languages = s.languages(r, rq)
	rules, err := s.Store.Rules(r.Context(), rq.j())
	if err != nil {
		return err
	}
	view.Hours = s.hours(rules.Calendar, rq.lang)
	if rq.town.Phone != "" {
		// A number that breaks over two lines is misread.
		view.Phone = strings.ReplaceAll(rq.town.Phone, " ", "\u00a0")
		view.Dial = dialled(view.Phone)
	}
	var b bytes.Buffer
	if err := s.Pages.Render(&b, view.Name, rq.lang, view); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(rq.lang))
	h.Add("Vary", "Cookie, Accept-Language")
	// A page may hold what only its reader may see.
	h.Set("Cache-Control", "no-store")
	s.keepLanguage(w, r, rq)
	body := b.Bytes()
	// A page with a secret in it is not compressed: its length would tell of it.
	if !view.Private {
		h.Add("Vary", "Accept-Encoding")
		if takesGzip(r) {
			if body, err = gzipped(body); err != nil {
				return err
			}
			h.Set("Content-Encoding", "gzip")
		}
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // a reader that has gone
	return nil
}

// keepLanguage remembers a language that was asked for by name.
func (s *Server) keepLanguage(w http.ResponseWriter, r *http.Request, rq *request) {
	if r.URL.Query().Get("lang") != string(rq.lang) {
		return
	}
	c := s.cookie(langCookie, string(rq.lang), yearSeconds) // #nosec G124 -- Secure whenever the public address is https
	c.Name = langCookie
	http.SetCookie(w, c)
}

const yearSeconds = 365 * 24 * 3600

// languages links to the same page in each language. A page that answers a form
// is left for the page of the form.
func (s *Server) languages(r *http.Request, rq *request) []languageLink {
	at := url.URL{Path: r.URL.Path}
	query := url.Values{}
	if r.Method == http.MethodGet {
		query = r.URL.Query()
		if !strings.HasPrefix(at.Path, "/subscriptions/") { // that page is nothing without its secret
			query.Del("k") // a secret belongs in no link
		}
		query.Del("done")
	} else if code := r.PathValue("code"); code != "" {
		at.Path = "/r/" + code
	}
	list := make([]languageLink, 0, len(text.Langs))
	for _, lang := range text.Langs {
		query.Set("lang", string(lang))
		at.RawQuery = query.Encode()
		list = append(list, languageLink{
			Lang: string(lang), Short: strings.ToUpper(string(lang)), Link: at.String(), Current: lang == rq.lang,
			Name: s.Words.T(lang, "page.language."+string(lang), nil),
		})
	}
	return list
}

// errorView is a page that says what went wrong.
type errorView struct{ Title, Text, Again string }

// failPage answers for an error: a page for browsers, a problem for programs.
func (s *Server) failPage(w http.ResponseWriter, r *http.Request, rq *request, err error) {
	e := refusal(err)
	s.logFailure(r.Context(), e, err)
	if !wantsPage(r) {
		s.problem(w, r, 0, e)
		return
	}
	s.showProblem(w, r, rq, statusOf(e.Code), e)
}

// showProblem shows an error on a page; a town whose database is away shows none.
func (s *Server) showProblem(w http.ResponseWriter, r *http.Request, rq *request, status int, e *civic.Error) {
	p := s.problemOf(rq.lang, status, e)
	view := errorView{Text: p.Detail, Title: s.Words.T(rq.lang, "page.error.other", nil)}
	switch p.Status {
	case http.StatusNotFound:
		view.Title = s.Words.T(rq.lang, "page.error.not_found", nil)
		view.Text = s.Words.T(rq.lang, "page.error.not_found.text", nil)
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		view.Title = s.Words.T(rq.lang, "page.error.busy", nil)
		w.Header().Set("Retry-After", "5")
		if r.Method == http.MethodGet {
			view.Again = r.URL.RequestURI()
		}
	}
	// The request ends where its connection fails, also when only its body has.
	r = r.WithContext(context.WithoutCancel(r.Context()))
	shown := s.show(w, r, rq, p.Status, pageView{Name: "error", Title: view.Title, Private: true, V: view})
	if shown != nil { // the database is away, or the page itself is wrong
		s.plainProblem(w, r, status, e)
		if again := refusal(shown); again.Code != e.Code {
			s.logFailure(r.Context(), again, shown)
		}
	}
}

// fixedPage is a page of sentences alone.
func (s *Server) fixedPage(name, title string, v any) pageFunc {
	return func(w http.ResponseWriter, r *http.Request, rq *request) error {
		return s.show(w, r, rq, http.StatusOK, pageView{Name: name, Title: s.Words.T(rq.lang, title, nil), V: v})
	}
}

// pageError is one thing to correct: the field, the element that a link leads
// to, and what to do about it.
type pageError struct{ Field, At, Message string }

type pageErrors []pageError

// wrong is the sentence beside a field.
type wrong struct{ ID, Message string }

// Wrong is what is to be corrected in a field, if anything is.
func (list pageErrors) Wrong(field string) wrong {
	for _, e := range list {
		if e.Field == field {
			return wrong{field, e.Message}
		}
	}
	return wrong{ID: field}
}
