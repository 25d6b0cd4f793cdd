package server

import (
	"encoding/json"
	"net/http"

	"segnavia/civic"
)

// reporter is who writes from the page of a report whose secret they hold.
var reporter = civic.Actor{Role: civic.RoleCitizen, Proof: civic.ProofSecret}

// say makes an edit of the reporter's. Its id follows from what was said at
// which rev, so that a form sent twice is one edit.
func (s *Server) say(r *http.Request, rq *request, report *civic.Report, kind civic.Kind, args any, once string) error {
	raw, err := json.Marshal(args)
	if err != nil {
		return err
	}
	a, err := s.Store.Apply(r.Context(), rq.j(), civic.Named(s.Store.TownKey(rq.j()), report.ID, string(kind)+":"+once, civic.Edit{
		Report: report.ID, BaseRev: report.Rev, Kind: kind, Args: raw, At: s.Now(), Actor: reporter,
	}), 0)
	if err != nil {
		return err
	}
	return refused(a)
}

// mine finds the report of a form that its reporter sends. Without the secret
// the page is shown again, asking for the PIN.
func (s *Server) mine(w http.ResponseWriter, r *http.Request, rq *request) (report civic.Report, ok bool, err error) {
	if !s.limits.allow(limitFlood, rq.place) {
		return report, false, civic.Refuse("too_fast")
	}
	report, ok, err = s.caseOf(r, rq)
	if err != nil || ok {
		return report, ok, err
	}
	return report, false, s.showCase(w, r, rq, http.StatusForbidden, &report, false, caseView{
		Errors: pageErrors{{"pin", "pin", s.Words.T(rq.lang, "page.error.secret", nil)}},
	})
}

func (s *Server) done(w http.ResponseWriter, r *http.Request, report *civic.Report, what string) error {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, "/r/"+string(report.Code)+"?done="+what, http.StatusSeeOther)
	return nil
}

// postMessage takes words, a photo, or both.
func (s *Server) postMessage(w http.ResponseWriter, r *http.Request, rq *request) error {
	report, ok, err := s.mine(w, r, rq)
	if err != nil || !ok {
		return err
	}
	f, err := s.readForm(w, r, rq, 1, true)
	if err != nil {
		return err
	}
	for i := range f.errors { // this page has one photo, and calls it so
		f.errors[i].Field, f.errors[i].At = "photo", "photo"
	}
	said := f.text("text")
	if said == "" && len(f.photos) == 0 && len(f.errors) == 0 {
		f.wrong("text", "text", s.Words.T(rq.lang, "page.error.text", nil))
	}
	if len(f.errors) == 0 && said != "" {
		err = s.say(r, rq, &report, civic.KindMessage, civic.TextArgs{Text: said, Channel: civic.ChannelWeb}, f.Get("rev")+":"+said)
	}
	if err == nil && len(f.errors) == 0 && len(f.photos) > 0 {
		err = s.attachAll(r.Context(), rq, reporter, newReport{ID: report.ID, Photos: f.photos})
	}
	if err != nil {
		if err = s.noteRefusal(rq, f, "text", err); err != nil {
			return err
		}
	}
	if len(f.errors) > 0 {
		return s.showCase(w, r, rq, http.StatusUnprocessableEntity, &report, true, caseView{Errors: f.errors, MessageText: said})
	}
	return s.done(w, r, &report, "sent")
}

// postContest opens a report again: it is not all right.
func (s *Server) postContest(w http.ResponseWriter, r *http.Request, rq *request) error {
	report, ok, err := s.mine(w, r, rq)
	if err != nil || !ok {
		return err
	}
	f, err := s.readForm(w, r, rq, 0, true)
	if err != nil {
		return err
	}
	said := f.text("text")
	if report.Status.Open() {
		// A page that stood open while the office took the case up again.
		if said != "" {
			err = s.say(r, rq, &report, civic.KindMessage, civic.TextArgs{Text: said, Channel: civic.ChannelWeb}, f.Get("rev")+":"+said)
		}
		if err != nil {
			if err = s.noteRefusal(rq, f, "contest-text", err); err != nil {
				return err
			}
			return s.showCase(w, r, rq, http.StatusUnprocessableEntity, &report, true, caseView{Errors: f.errors, ContestText: said})
		}
		return s.done(w, r, &report, "contest.open")
	}
	err = s.say(r, rq, &report, civic.KindContest, civic.ContestArgs{Text: said}, f.Get("rev")+":"+said)
	if err != nil {
		if err = s.noteRefusal(rq, f, "contest-text", err); err != nil {
			return err
		}
		return s.showCase(w, r, rq, http.StatusUnprocessableEntity, &report, true, caseView{Errors: f.errors, ContestText: said})
	}
	return s.done(w, r, &report, "contest.done")
}

// noteRefusal shows a refusal of the rules beside a field; what is our own
// failure stays an error.
func (s *Server) noteRefusal(rq *request, f *form, field string, err error) error {
	e := refusal(err)
	if statusOf(e.Code) >= http.StatusInternalServerError {
		return err
	}
	f.wrong(field, field, s.problemOf(rq.lang, 0, e).Detail)
	return nil
}

// postFine closes a resolved report: it is all right.
func (s *Server) postFine(w http.ResponseWriter, r *http.Request, rq *request) error {
	report, ok, err := s.mine(w, r, rq)
	if err != nil || !ok {
		return err
	}
	if report.Status == civic.StatusResolved {
		err = s.say(r, rq, &report, civic.KindTransition, civic.TransitionArgs{
			From: civic.StatusResolved, To: civic.StatusClosed,
		}, report.Closed.UTC().String())
		if err != nil {
			return err
		}
	} else if report.Status != civic.StatusClosed {
		return civic.Refuse(civic.CodeIllegalStep, "from", string(report.Status), "to", string(civic.StatusClosed))
	}
	return s.done(w, r, &report, "ok.thanks")
}
