package web

import (
	"embed"
	"fmt"
	"html/template"
	"io"

	"segnavia/text"
)

//go:embed all:templates
var templates embed.FS

// Pages are the citizens' pages, ready to be filled.
type Pages struct {
	words *text.Catalogue
	pages map[string]*template.Template
}

// NewPages reads the templates. An error is a mistake in them.
func NewPages(words *text.Catalogue) (*Pages, error) {
	p := &Pages{words: words, pages: make(map[string]*template.Template)}
	return p, p.parse()
}

func (p *Pages) parse() error { return nil }

// Render writes a page in a language. view is what the page's template reads.
func (p *Pages) Render(w io.Writer, page string, lang text.Lang, view any) error {
	t, ok := p.pages[page+"."+string(lang)]
	if !ok {
		return fmt.Errorf("no page %s", page)
	}
	return t.Execute(w, view)
}
