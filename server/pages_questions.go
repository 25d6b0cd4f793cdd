package server

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"segnavia/civic"
	"segnavia/text"
)

// questionsView are the extra questions of one service. Code goes back with the
// answers, so that the server knows which questions were seen.
type questionsView struct {
	Code, Lang string
	List       []questionView
}

type questionView struct {
	civic.Attribute
	ID, Field string
	Value     string // of a question without a list
	Options   []optionView
	Wrong     wrong
}

// asks reports whether a service has something to ask or to say.
func asks(service civic.Service) bool { return len(service.Attributes) > 0 }

// questions are a service's questions with what was answered so far, or nil.
func (s *Server) questions(rq *request, service civic.Service, f *form) *questionsView {
	if !asks(service) {
		return nil
	}
	v := &questionsView{Code: service.Code}
	if locale, _, _ := strings.Cut(rq.town.Locale, "-"); locale != string(rq.lang) {
		v.Lang = locale
	}
	for _, a := range service.Attributes {
		q := questionView{Attribute: a, ID: "q-" + a.Code, Field: "attribute[" + a.Code + "]"}
		given := f.Values[q.Field]
		if len(given) > 0 {
			q.Value = given[0]
		}
		for _, one := range a.Values {
			q.Options = append(q.Options, optionView{one.Key, one.Name, slices.Contains(given, one.Key)})
		}
		if q.Wrong = f.errors.Wrong(q.Field); q.Wrong.Message != "" {
			q.Wrong.ID = q.ID
		}
		v.List = append(v.List, q)
	}
	return v
}

// answers reads what was answered and notes what is to be corrected.
func (s *Server) answers(rq *request, service civic.Service, f *form) map[string][]string {
	given := map[string][]string{}
	for _, a := range service.Attributes {
		field := "attribute[" + a.Code + "]"
		list := slices.DeleteFunc(slices.Clone(f.Values[field]), func(v string) bool { return strings.TrimSpace(v) == "" })
		if a.Informs {
			continue
		}
		key := ""
		if len(list) == 0 && a.Required {
			key = "page.error.answer"
		} else if e := a.Check(list); e != nil {
			key = "page.error.answer." + a.Datatype
			if e.Code == civic.CodeTooLong {
				f.wrong(field, "q-"+a.Code, s.Words.T(rq.lang, "page.error.long", text.Args{"max": civic.MaxAnswer}))
				continue
			}
		}
		if key != "" {
			if !s.Words.Has(rq.lang, key) {
				key = "page.error.answer"
			}
			f.wrong(field, "q-"+a.Code, s.Words.T(rq.lang, key, nil))
		}
		if len(list) > 0 {
			given[a.Code] = list
		}
	}
	if len(given) == 0 {
		return nil
	}
	return given
}

// getQuestions is the part of the form that a script fetches when a kind is
// chosen; without script it comes as a second step.
func (s *Server) getQuestions(w http.ResponseWriter, r *http.Request, rq *request) error {
	var b bytes.Buffer
	if v := s.questions(rq, s.serviceOf(rq, r.URL.Query().Get("service")), &form{}); v != nil {
		if err := s.Pages.RenderPart(&b, "report", "questions", rq.lang, v); err != nil {
			return err
		}
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Add("Vary", "Cookie, Accept-Language")
	_, _ = w.Write(b.Bytes()) // a reader that has gone
	return nil
}
