package server

import (
	"net/http"
	"net/url"

	"segnavia/civic"
)

func subscriptionLink(id civic.SubscriptionID, secret string) string {
	return "/subscriptions/" + id.String() + "?" + url.Values{"k": {secret}}.Encode()
}

// hearView asks for news of an area. Done says that it is kept, and how it ends.
type hearView struct {
	Errors       pageErrors
	Areas        []optionView
	Email, Phone string
	Done, End    string
}

// Wrong is what is to be corrected in a field.
func (v hearView) Wrong(field string) wrong { return v.Errors.Wrong(field) }

func (s *Server) getHear(w http.ResponseWriter, r *http.Request, rq *request) error {
	return s.showHear(w, r, rq, http.StatusOK, hearView{}, r.URL.Query().Get("area"))
}

func (s *Server) showHear(w http.ResponseWriter, r *http.Request, rq *request, status int, v hearView, area string) error {
	for _, a := range rq.town.Areas {
		if !a.Outside {
			v.Areas = append(v.Areas, optionView{a.ID.String(), a.Name, a.ID.String() == area})
		}
	}
	return s.show(w, r, rq, status, pageView{Name: "hear", Title: s.Words.T(rq.lang, "page.hear.title", nil), Private: true, V: v})
}

// postHear keeps a wish to hear of an area. The same browser asking twice is one
// wish.
func (s *Server) postHear(w http.ResponseWriter, r *http.Request, rq *request) error {
	if !s.limits.allow(limitFlood, rq.place) {
		return civic.Refuse("too_fast")
	}
	f, err := s.readForm(w, r, rq, 0, true)
	if err != nil {
		return err
	}
	contact := s.hearBy(rq, f)
	area, err := civic.ParseID[civic.Area](f.text("area"))
	name := s.areaName(rq, area)
	if err != nil || name == "" {
		f.wrong("area", "area", s.Words.T(rq.lang, "page.error.area", nil))
	}
	if contact.IsZero() {
		f.wrong("hear_email", "hear_email", s.Words.T(rq.lang, "page.error.hear", nil))
	}
	v := hearView{Errors: f.errors, Email: contact.Email, Phone: contact.Phone}
	if len(f.errors) > 0 {
		return s.showHear(w, r, rq, http.StatusUnprocessableEntity, v, f.text("area"))
	}
	who, err := s.visitor(w, r)
	if err != nil {
		return err
	}
	id, err := wishOf(s, r.Context(), rq, area, "hear:"+who+":"+contact.Email+":"+dialled(contact.Phone))
	if err != nil {
		return err
	}
	if err := s.Store.Subscribe(r.Context(), rq.j(), id, area, contact); err != nil {
		return err
	}
	v.Done, v.End = name, subscriptionLink(id, s.Store.SubscriptionSecret(rq.j(), id))
	return s.showHear(w, r, rq, http.StatusOK, v, "")
}

// endView ends a wish. The secret travels on in a form: opening a link, as a
// reader of mail may by itself, changes nothing.
type endView struct {
	ID     civic.SubscriptionID
	Secret string
	Spoken string // of the report
	Area   string
	Ended  bool
}

func (s *Server) getEnd(w http.ResponseWriter, r *http.Request, rq *request) error {
	v, err := s.endOf(r, rq, civic.UntailLink(r.URL.Query().Get("k")))
	if err != nil {
		return err
	}
	return s.showEnd(w, r, rq, v)
}

func (s *Server) endOf(r *http.Request, rq *request, secret string) (endView, error) {
	id, err := civic.ParseID[civic.Subscription](r.PathValue("id"))
	if err != nil {
		return endView{}, civic.ErrNotFound
	}
	// The secret is looked at before the database: guessing costs nothing.
	one, err := s.Store.Subscription(r.Context(), rq.j(), id, secret)
	v := endView{ID: id, Secret: secret, Area: s.areaName(rq, one.Area)}
	if one.Code != "" {
		v.Spoken = one.Code.Spoken()
	}
	return v, err
}

func (s *Server) showEnd(w http.ResponseWriter, r *http.Request, rq *request, v endView) error {
	return s.show(w, r, rq, http.StatusOK, pageView{Name: "end", Title: s.Words.T(rq.lang, "page.end.title", nil), Private: true, V: v})
}

func (s *Server) postEnd(w http.ResponseWriter, r *http.Request, rq *request) error {
	secret := r.PostFormValue("k")
	v, err := s.endOf(r, rq, secret)
	if e := refusal(err); err != nil && e.Code != "not_found" {
		return err
	}
	// A form sent twice ends what has ended: Unsubscribe looks at the secret.
	id, parsed := civic.ParseID[civic.Subscription](r.PathValue("id"))
	if parsed != nil {
		return civic.ErrNotFound
	}
	if err := s.Store.Unsubscribe(r.Context(), rq.j(), id, secret); err != nil {
		return err
	}
	v.Ended = true
	return s.showEnd(w, r, rq, v)
}
