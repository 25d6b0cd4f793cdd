package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/mail"
	"strings"

	"github.com/google/uuid"

	"segnavia/civic"
)

// visitorCookie tells browsers apart, so that "me too" counts each once. It is
// given to those who say it, and to nobody else.
const visitorCookie = "v"

func (s *Server) visitor(w http.ResponseWriter, r *http.Request) (string, error) {
	if v, err := uuid.Parse(s.readCookie(r, visitorCookie)); err == nil && v.Version() == 4 {
		return v.String(), nil
	}
	v, err := uuid.NewRandom()
	if err != nil {
		return "", err
	}
	http.SetCookie(w, s.cookie(visitorCookie, v.String(), yearSeconds))
	return v.String(), nil
}

// followOf names the "me too" of a visitor about a report.
func (s *Server) followOf(rq *request, report civic.ReportID, who string) civic.Edit {
	return civic.Named(s.Store.TownKey(rq.j()), report, "follow:"+who, civic.Edit{Report: report})
}

// followOfContact names the "me too" of whoever has a contact. The contact itself is
// in no id: ids travel further than contacts may.
func (s *Server) followOfContact(rq *request, report civic.ReportID, c civic.Contact) civic.Edit {
	name := strings.ToLower(c.Email) + "\x00" + dialled(c.Phone)
	e := s.followOf(rq, report, "contact:"+name)
	e.Formerly = civic.DeriveID[civic.Edit](report, "follow:"+s.Store.OldContactName(report, name))
	return e
}

// followed reports whether a visitor has said "me too" before.
func followed(history []civic.Event, follows ...civic.Edit) bool {
	for i := range history {
		for _, f := range follows {
			if history[i].ID == f.ID || history[i].ID == f.Formerly {
				return true
			}
		}
	}
	return false
}

// postFollow says "me too" to a public report. With an e-mail or a telephone it
// also asks to hear of it. Saying it again counts nothing.
func (s *Server) postFollow(w http.ResponseWriter, r *http.Request, rq *request) error {
	if !s.limits.allow(limitFlood, rq.place) {
		return civic.Refuse("too_fast")
	}
	report, mine, err := s.caseOf(r, rq)
	if err == nil && !s.shown(rq, &report) {
		err = civic.ErrNotFound
	}
	if err != nil {
		return err
	}
	f, err := s.readForm(w, r, rq, 0, true)
	if err != nil {
		return err
	}
	contact := s.hearBy(rq, f)
	if len(f.errors) > 0 {
		return s.showCase(w, r, rq, http.StatusUnprocessableEntity, &report, mine, caseView{Errors: f.errors, HearEmail: contact.Email, HearPhone: contact.Phone})
	}
	if _, err := uuid.Parse(s.readCookie(r, visitorCookie)); err != nil &&
		!s.limits.allow(limitFollow, report.ID.String()+rq.place) {
		return civic.Refuse("too_fast")
	}
	who, err := s.visitor(w, r)
	if err != nil {
		return err
	}
	if err := s.follow(r.Context(), rq, &report, who, contact); err != nil {
		return err
	}
	what := "follow.done"
	if !contact.IsZero() {
		what = "follow.heard"
		id, err := wishOf(s, r.Context(), rq, report.ID, "hear:"+who)
		if err != nil {
			return err
		}
		if err := s.Store.SubscribeReport(r.Context(), rq.j(), id, report.ID, contact); err != nil {
			return err
		}
	}
	return s.done(w, r, &report, what)
}

func (s *Server) follow(ctx context.Context, rq *request, report *civic.Report, who string, contact civic.Contact) error {
	follows := []civic.Edit{s.followOf(rq, report.ID, who)}
	if !contact.IsZero() {
		follows = append(follows, s.followOfContact(rq, report.ID, contact))
	}
	history, err := s.Store.History(ctx, rq.j(), report.ID)
	if err != nil || followed(history, follows...) {
		return err
	}
	e := follows[len(follows)-1]
	if e.Args, err = json.Marshal(civic.FollowArgs{}); err != nil {
		return err
	}
	e.BaseRev, e.Kind, e.At, e.Actor = report.Rev, civic.KindFollow, s.Now(), civic.Actor{Role: civic.RoleCitizen}
	a, err := s.Store.Apply(ctx, rq.j(), e, 0)
	if err != nil {
		return err
	}
	return refused(a)
}

// wishOf names the wish of somebody to hear of something: by the id that it had
// before ids were keyed, where it is as old as that.
func wishOf[T any](s *Server, ctx context.Context, rq *request, of civic.ID[T], who string) (civic.SubscriptionID, error) {
	old := civic.DeriveID[civic.Subscription](of, who)
	_, err := s.Store.Subscription(ctx, rq.j(), old, s.Store.SubscriptionSecret(rq.j(), old))
	if errors.Is(err, civic.ErrNotFound) {
		return civic.KeyedID[civic.Subscription](s.Store.TownKey(rq.j()), of, who), nil
	}
	return old, err
}

// hearBy reads where news go: an e-mail, a telephone, or nowhere.
func (s *Server) hearBy(rq *request, f *form) civic.Contact {
	c := civic.Contact{Email: f.text("hear_email"), Phone: f.text("hear_phone")}
	if c.IsZero() {
		return c
	}
	if c.Email != "" {
		if address, err := mail.ParseAddress(c.Email); err != nil || address.Address != c.Email || len(c.Email) > civic.MaxContact {
			f.wrong("hear_email", "hear_email", s.Words.T(rq.lang, "page.error.email", nil))
		}
	}
	if c.Phone != "" && (len(dialled(c.Phone)) < 5 || len(c.Phone) > civic.MaxContact) {
		f.wrong("hear_phone", "hear_phone", s.Words.T(rq.lang, "page.error.phone", nil))
	}
	c.Lang = string(rq.lang)
	return c
}

// fillFollow says whether whoever reads may say "me too", or has said it.
func (s *Server) fillFollow(r *http.Request, rq *request, report *civic.Report, v *caseView) error {
	if v.Closed {
		return nil
	}
	if v.Followers = report.Followers; v.Mine {
		return nil
	}
	who, err := uuid.Parse(s.readCookie(r, visitorCookie))
	if err == nil {
		history, err := s.Store.History(r.Context(), rq.j(), report.ID)
		if err != nil {
			return err
		}
		v.Followed = followed(history, s.followOf(rq, report.ID, who.String()))
		id, err := wishOf(s, r.Context(), rq, report.ID, "hear:"+who.String())
		if err != nil {
			return err
		}
		secret := s.Store.SubscriptionSecret(rq.j(), id)
		_, err = s.Store.Subscription(r.Context(), rq.j(), id, secret)
		switch {
		case err == nil:
			v.Hears, v.Followed = subscriptionLink(id, secret), true
		case !errors.Is(err, civic.ErrNotFound):
			return err
		}
	}
	v.MayFollow = report.Status.Open() && !v.Followed
	v.MayHear = report.Status.Open() && v.Hears == ""
	return nil
}
