package web

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"

	"segnavia/text"
)

//go:embed all:templates
var templates embed.FS

// Pages are the citizens' pages, ready to be filled.
type Pages struct {
	words *text.Catalogue
	built manifest
	icons map[string]template.HTML
	pages map[string]*template.Template
}

// NewPages reads the templates. An error is a mistake in them. Pages whose
// style and script are not built yet are complete, only plain.
func NewPages(words *text.Catalogue) (*Pages, error) {
	p := &Pages{words: words, built: readManifest(Assets()), pages: make(map[string]*template.Template)}
	return p, p.parse()
}

// parse makes one template of each page and language, since the sentences are
// bound to the language when a template is read.
func (p *Pages) parse() error {
	var err error
	if p.icons, err = readIcons(); err != nil {
		return err
	}
	names, err := fs.Glob(templates, "templates/pages/*.html")
	if err != nil {
		return err
	}
	for _, lang := range text.Langs {
		shared, err := template.New("").Funcs(p.funcs(lang)).ParseFS(templates, "templates/shared/*.html")
		if err != nil {
			return fmt.Errorf("shared templates: %w", err)
		}
		for _, name := range names {
			page, err := shared.Clone()
			if err == nil {
				page, err = page.ParseFS(templates, name)
			}
			if err != nil {
				return fmt.Errorf("template %s: %w", name, err)
			}
			p.pages[strings.TrimSuffix(path.Base(name), ".html")+"."+string(lang)] = page
		}
	}
	return nil
}

// Render writes a page in a language. view is what the page's template reads.
func (p *Pages) Render(w io.Writer, page string, lang text.Lang, view any) error {
	t, ok := p.pages[page+"."+string(lang)]
	if !ok {
		return fmt.Errorf("no page %s", page)
	}
	return t.ExecuteTemplate(w, "layout", view)
}

// RenderPart writes one named part of a page, without the frame around it.
func (p *Pages) RenderPart(w io.Writer, page, part string, lang text.Lang, view any) error {
	t, ok := p.pages[page+"."+string(lang)]
	if !ok {
		return fmt.Errorf("no page %s", page)
	}
	return t.ExecuteTemplate(w, part, view)
}
