package server

import (
	"net/http"
	"strconv"
	"strings"

	"segnavia/civic"
)

// postPIN opens a report with the PIN that was read aloud with its code. Whoever
// holds its secret needs none.
func (s *Server) postPIN(w http.ResponseWriter, r *http.Request, rq *request) error {
	report, mine, err := s.caseOf(r, rq)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return formBroken(err)
	}
	if mine {
		return s.toCase(w, r, &report)
	}
	pin := strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, r.PostFormValue("pin"))
	if len(pin) != 6 {
		return s.wrongPIN(w, r, rq, http.StatusUnprocessableEntity, &report, s.Words.T(rq.lang, "page.error.pin", nil))
	}
	secret, err := s.openByPIN(r, rq, &report, pin)
	if err == nil {
		http.SetCookie(w, s.cookie(secretCookie(report.Code), secret, yearSeconds))
		return s.toCase(w, r, &report)
	}
	e := refusal(err)
	p := s.problemOf(rq.lang, 0, e)
	switch {
	case p.Status >= http.StatusInternalServerError:
		return err
	case p.Status == http.StatusTooManyRequests:
		w.Header().Set("Retry-After", retryOf(e))
	}
	return s.wrongPIN(w, r, rq, p.Status, &report, p.Detail)
}

func (s *Server) openByPIN(r *http.Request, rq *request, report *civic.Report, pin string) (string, error) {
	if !s.limits.allow(limitPIN, rq.place) {
		return "", civic.Refuse("too_fast")
	}
	id := report.ID
	if id.IsZero() { // a code that no report has is tried, and counted, like any other
		id = civic.KeyedID[civic.Report](s.Store.TownKey(rq.j()), rq.j(), "code:"+string(report.Code))
	}
	secret, err := s.Store.OpenByPIN(r.Context(), rq.j(), id, pin, rq.place, s.Now())
	if civic.CodeOf(err) == "too_many_tries" {
		s.alarms.pinsClosed.Add(1)
		if s.limits.allow(limitAlarm, rq.j().String()) {
			s.Logger.WarnContext(r.Context(), "PINs are being guessed", "jurisdiction", rq.j().String(), "of", refusal(err).Args["of"])
		}
	}
	return secret, err
}

func (s *Server) toCase(w http.ResponseWriter, r *http.Request, report *civic.Report) error {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, "/r/"+string(report.Code), http.StatusSeeOther)
	return nil
}

func (s *Server) wrongPIN(w http.ResponseWriter, r *http.Request, rq *request, status int, report *civic.Report, message string) error {
	return s.showCase(w, r, rq, status, report, false, caseView{Errors: pageErrors{{"pin", "pin", message}}})
}

// retryOf is how many seconds whoever was refused waits.
func retryOf(e *civic.Error) string {
	if seconds, ok := e.Args["seconds"].(int); ok {
		return strconv.Itoa(seconds)
	}
	if e.Code == "too_many_tries" {
		return strconv.Itoa(tomorrow)
	}
	return retryAfter
}

// tomorrow is when a PIN that was tried too often may be tried again, in seconds.
const tomorrow = 24 * 3600
