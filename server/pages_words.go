package server

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"segnavia/civic"
	"segnavia/text"
)

// reason is why a case ended as it did: somebody's words, or the sentence of the
// program's own.
func (s *Server) reason(lang text.Lang, said string) string {
	if said == civic.ReasonConfirmed {
		return s.Words.T(lang, "core."+said, nil)
	}
	return said
}

// hours says when the offices are open in an ordinary week: runs of days with
// the hours of their first day, and in brackets the days between that differ.
// It is "" when the calendar is never open.
func (s *Server) hours(c civic.Calendar, lang text.Lang) string {
	week := []time.Weekday{
		time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday,
	}
	var said []string
	for i := 0; i < len(week); {
		spans := c.Week[week[i]]
		if len(spans) == 0 {
			i++
			continue
		}
		last := i
		for k := i; k < len(week) && len(c.Week[week[k]]) > 0; k++ {
			if slices.Equal(c.Week[week[k]], spans) {
				last = k
			}
		}
		run := s.openDays(lang, week[i], week[last], spans)
		var others []string
		for _, day := range week[i:last] {
			if !slices.Equal(c.Week[day], spans) {
				others = append(others, s.openDays(lang, day, day, c.Week[day]))
			}
		}
		if len(others) > 0 {
			run = s.Words.T(lang, "page.hours.but", text.Args{"days": run, "others": strings.Join(others, ", ")})
		}
		said = append(said, run)
		i = last + 1
	}
	return strings.Join(said, "; ")
}

func (s *Server) openDays(lang text.Lang, from, to time.Weekday, spans []civic.Hours) string {
	args := text.Args{"from": s.Pages.Weekday(lang, from), "to": s.Pages.Weekday(lang, to), "spans": s.spans(spans, lang)}
	if from == to {
		return s.Words.T(lang, "page.hours.one", args)
	}
	return s.Words.T(lang, "page.hours.range", args)
}

func (s *Server) spans(spans []civic.Hours, lang text.Lang) string {
	said := ""
	for _, h := range spans {
		one := s.Words.T(lang, "page.hours.span", text.Args{"from": clockTime(h.From), "to": clockTime(h.To)})
		if said != "" {
			one = s.Words.T(lang, "page.hours.and", text.Args{"a": said, "b": one})
		}
		said = one
	}
	return said
}

// clockTime is minutes after midnight as people write them: "8", "8:30".
func clockTime(minutes int) string {
	if minutes%60 == 0 {
		return fmt.Sprint(minutes / 60)
	}
	return fmt.Sprintf("%d:%02d", minutes/60, minutes%60)
}

// dialled keeps of a written telephone number what is dialled.
func dialled(phone string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, phone)
}

// groupIcons find the picture of a group of services by a part of its name. What
// people report most comes first.
var groupIcons = []struct{ part, icon string }{
	{"strade", "road"},
	{"igiene", "waste"},
	{"rifiuti", "waste"},
	{"illumin", "light"},
	{"acqua", "water"},
	{"verde", "green"},
	{"disinfest", "animals"},
	{"arredo", "furniture"},
	{"immobili", "building"},
	{"sicurezza", "safety"},
	{"ambiente", "environment"},
	{"servizi", "services"},
	{"ordine", "order"},
}

const otherIcon = "other"

func groupIcon(group string) string {
	if i := groupRank(group); i < len(groupIcons) {
		return groupIcons[i].icon
	}
	return otherIcon
}

// groupRank orders groups as groupIcons does, the unknown ones last.
func groupRank(group string) int {
	for i, g := range groupIcons {
		if strings.Contains(strings.ToLower(group), g.part) {
			return i
		}
	}
	return len(groupIcons)
}

// groupName is a group in everyday words, or as the town calls it.
func (s *Server) groupName(lang text.Lang, group string) string {
	if key := "page.group." + groupIcon(group); s.Words.Has(lang, key) {
		return s.Words.T(lang, key, nil)
	}
	return group
}

// serviceName is a service's name as the town writes it. In another language it is
// the town's name for it, or the catalogue's, which knows the usual services; else
// lang names the town's own language.
func (s *Server) serviceName(rq *request, service civic.Service) (name, lang string) {
	locale, _, _ := strings.Cut(rq.town.Locale, "-")
	if locale == "" || locale == string(rq.lang) {
		return service.Name, ""
	}
	if name, given := service.NameIn(string(rq.lang)); given {
		return name, ""
	}
	if key := "page.service." + service.Code; s.Words.Has(rq.lang, key) {
		return s.Words.T(rq.lang, key, nil), ""
	}
	return service.Name, locale
}

// statusName is where a report stands, in plain words. month fills "planned".
func (s *Server) statusName(lang text.Lang, status civic.Status, planned *civic.Planned) string {
	if status != civic.StatusPlanned {
		return s.Words.T(lang, "page.status."+string(status), nil)
	}
	if planned == nil {
		return s.Words.T(lang, "page.status.planned.short", nil)
	}
	return s.Words.T(lang, "page.status.planned", text.Args{"month": s.Pages.Month(lang, planned.Month)})
}

// statusTone colours a status; words and a sign say it too.
func statusTone(status civic.Status) string {
	switch status {
	case civic.StatusResolved, civic.StatusClosed:
		return "good"
	case civic.StatusWaiting, civic.StatusRejected:
		return "warn"
	default:
		return "going"
	}
}

// statusWords are all statuses in short words, for the script.
func (s *Server) statusWords(lang text.Lang) string {
	all := make(map[civic.Status]string, len(civic.Statuses))
	for _, status := range civic.Statuses {
		all[status] = s.statusName(lang, status, nil)
	}
	raw, err := json.Marshal(all)
	if err != nil {
		return "{}"
	}
	return string(raw)
}

// who names the side that spoke, never the person.
func (s *Server) who(lang text.Lang, role civic.Role, mine bool) string {
	key := "page.who.office"
	switch {
	case role == civic.RoleCitizen && mine:
		key = "page.who.you"
	case role == civic.RoleCitizen:
		key = "page.who.citizen"
	case role == civic.RoleCrew || role == civic.RoleContractor:
		key = "page.who.crew"
	case role == civic.RoleService:
		key = "core.role.service"
	case role == civic.RoleSystem:
		key = "page.who.town"
	}
	return s.Words.T(lang, key, nil)
}
