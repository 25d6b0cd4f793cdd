package server

import (
	"strings"
	"unicode/utf8"

	"segnavia/civic"
	"segnavia/text"
)

// maxAssistance bounds the details of a request for assistance, in characters:
// the official form's.
const maxAssistance = 600

// assistOf makes a request for assistance of a form: who asks, how to answer,
// and what for. It has no place.
func (s *Server) assistOf(rq *request, f *form, service civic.Service, args *civic.CreateArgs) {
	wrong := func(field, key string) {
		if f.errors.Wrong(field).Message == "" {
			f.wrong(field, field, s.Words.T(rq.lang, key, nil))
		}
	}
	args.Address, args.Hazard = "", false
	name, surname := f.text("name"), f.text("surname")
	if name == "" {
		wrong("name", "page.error.name")
	}
	if surname == "" {
		wrong("surname", "page.error.surname")
	}
	args.Contact.Name = strings.TrimSpace(name + " " + surname)
	if args.Contact.Email == "" && len(dialled(args.Contact.Phone)) < 5 && args.Contact.Postal == "" {
		wrong("phone", "page.error.reach")
	}
	if args.Description == "" {
		wrong("description", "page.error.assist.details")
	}
	if utf8.RuneCountInString(args.Description) > maxAssistance {
		f.wrong("description", "description", s.Words.T(rq.lang, "page.error.long", text.Args{"max": maxAssistance}))
	}
	if args.Title == "" {
		args.Title = service.Name
	}
}
