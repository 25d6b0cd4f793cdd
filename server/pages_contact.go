package server

import (
	"net/mail"
	"slices"
	"strings"

	"segnavia/civic"
	"segnavia/text"
)

// answerWays are the ways to be answered, as the form lists them.
var answerWays = []string{"phone", "sms", "email", "letter", "none"}

// contactView is the part of the form about who writes.
type contactView struct {
	Phone, Email, Name, Surname string
	Postal, Hours, For          string
	Deaf, More                  bool
	Prefers, Langs              []optionView
}

func (s *Server) contactView(rq *request, f *form) contactView {
	v := contactView{
		Phone: f.text("phone"), Email: f.text("email"), Name: f.text("name"), Surname: f.text("surname"),
		Postal: f.text("postal"), Hours: f.text("hours"), For: f.text("for"), Deaf: f.text("deaf") != "",
	}
	for _, way := range answerWays {
		v.Prefers = append(v.Prefers, optionView{way, s.Words.T(rq.lang, "page.report.prefers."+way, nil), f.text("prefers") == way})
	}
	chosen := f.text("answer_lang")
	for _, lang := range text.Langs {
		v.Langs = append(v.Langs, optionView{
			string(lang), s.Words.T(rq.lang, "page.language."+string(lang), nil),
			chosen == string(lang) || chosen == "" && lang == rq.lang,
		})
	}
	v.More = v.Deaf || v.Hours != "" || chosen != "" && chosen != string(rq.lang)
	return v
}

// contactOf reads how to answer, where the service wants to know. A wish that
// cannot be kept is to be corrected.
func (s *Server) contactOf(rq *request, f *form, service civic.Service) civic.Contact {
	if service.Contact == civic.ContactNone {
		return civic.Contact{}
	}
	c := civic.Contact{
		Name: f.text("name"), Email: f.text("email"), Phone: f.text("phone"), Prefers: f.text("prefers"),
		Hours: f.text("hours"), For: f.text("for"),
	}
	wrong := func(field, key string) { f.wrong(field, field, s.Words.T(rq.lang, "page.error."+key, nil)) }
	if c.Prefers != "" && !slices.Contains(answerWays, c.Prefers) {
		wrong("prefers", "prefers")
	}
	if c.Email != "" {
		if address, err := mail.ParseAddress(c.Email); err != nil || address.Address != c.Email {
			wrong("email", "email")
		}
	} else if c.Prefers == "email" {
		wrong("email", "email.wanted")
	}
	if (c.Prefers == "phone" || c.Prefers == "sms") && len(dialled(c.Phone)) < 5 {
		wrong("phone", "phone")
	}
	if f.text("deaf") != "" {
		c.Note = s.Words.T(rq.lang, "page.report.deaf.note", nil)
		if c.Prefers == "phone" {
			wrong("prefers", "deaf")
		}
	}
	if c.Prefers == "letter" {
		if c.Postal = oneLine(f.text("postal")); c.Postal == "" {
			wrong("postal", "postal")
		}
	}
	if service.Contact == civic.ContactVerified && !c.Reachable() && f.errors.Wrong("phone").Message == "" {
		wrong("phone", "contact")
	}
	if c.IsZero() {
		return c
	}
	c.Lang = string(rq.lang)
	if asked := text.Lang(f.text("answer_lang")); slices.Contains(text.Langs, asked) {
		c.Lang = string(asked)
	}
	return c
}

// oneLine writes an address of several lines in one.
func oneLine(address string) string {
	lines := strings.FieldsFunc(address, func(r rune) bool { return r == '\n' || r == '\r' })
	for i := range lines {
		lines[i] = strings.Trim(lines[i], " ,")
	}
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return l == "" }), ", ")
}
