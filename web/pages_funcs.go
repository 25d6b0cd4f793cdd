package web

import (
	"encoding/xml"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
	"time"

	"segnavia/text"
)

// funcs are what the templates of a language may call.
func (p *Pages) funcs(lang text.Lang) template.FuncMap {
	return template.FuncMap{
		"lang": func() string { return string(lang) },
		// t is the sentence of a key; pairs of name and value fill it.
		"t": func(key string, pairs ...any) (string, error) {
			args, err := fill(pairs)
			return p.words.T(lang, key, args), err
		},
		"icon":    p.icon,
		"built":   p.built.file,
		"fonts":   p.built.fonts,
		"styles":  p.built.styles,
		"day":     func(t time.Time) string { return p.Day(lang, t) },
		"long":    func(t time.Time) string { return p.LongDay(lang, t) },
		"moment":  func(t time.Time) string { return p.moment(lang, t) },
		"machine": func(t time.Time) string { return t.Format(time.RFC3339) },
		"add":     func(a, b int) int { return a + b },
	}
}

func fill(pairs []any) (text.Args, error) {
	if len(pairs)%2 != 0 {
		return nil, errors.New("a sentence is filled by pairs of name and value")
	}
	args := make(text.Args, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("%v is no name", pairs[i])
		}
		args[name] = pairs[i+1]
	}
	return args, nil
}

func (p *Pages) icon(name string) (template.HTML, error) {
	drawn, ok := p.icons[name]
	if !ok {
		return "", fmt.Errorf("no icon %s", name)
	}
	return drawn, nil
}

// Day is the day of t, in its own zone: "21 novembre 2026".
func (p *Pages) Day(lang text.Lang, t time.Time) string {
	return p.words.T(lang, "page.date.day", text.Args{"day": t.Day(), "month": p.month(lang, t.Month()), "year": t.Year()})
}

// LongDay is the day of t as a promise names it: "lunedì 23 novembre".
func (p *Pages) LongDay(lang text.Lang, t time.Time) string {
	return p.words.T(lang, "page.date.long", text.Args{
		"weekday": p.Weekday(lang, t.Weekday()), "day": t.Day(), "month": p.month(lang, t.Month()),
	})
}

// Month is a month written "2027-03" in words: "marzo 2027".
func (p *Pages) Month(lang text.Lang, month string) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return p.month(lang, t.Month()) + " " + strconv.Itoa(t.Year())
}

// Weekday names a day of the week.
func (p *Pages) Weekday(lang text.Lang, d time.Weekday) string {
	return p.words.T(lang, "page.weekday."+strconv.Itoa(int(d)), nil)
}

func (p *Pages) moment(lang text.Lang, t time.Time) string {
	return p.words.T(lang, "page.date.moment", text.Args{
		"day": t.Day(), "month": p.month(lang, t.Month()), "time": t.Format("15:04"),
	})
}

func (p *Pages) month(lang text.Lang, m time.Month) string {
	return p.words.T(lang, "page.month."+strconv.Itoa(int(m)), nil)
}

// readIcons reads the symbols of the one file that holds them all. They are
// written into the page: no request, and they take the colour of the text.
func readIcons() (map[string]template.HTML, error) {
	raw, err := templates.ReadFile("templates/symbols.svg")
	if err != nil {
		return nil, err
	}
	var sprite struct {
		Symbols []struct {
			ID    string `xml:"id,attr"`
			Drawn string `xml:",innerxml"`
		} `xml:"symbol"`
	}
	if err := xml.NewDecoder(strings.NewReader(string(raw))).Decode(&sprite); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("symbols.svg: %w", err)
	}
	icons := make(map[string]template.HTML, len(sprite.Symbols))
	for _, s := range sprite.Symbols {
		icons[s.ID] = template.HTML(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">` + strings.TrimSpace(s.Drawn) + `</svg>`) // #nosec G203 -- a file of our own
	}
	return icons, nil
}
