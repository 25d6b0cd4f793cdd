package server_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/web"
)

// What a citizen's phone fetches to report something, in bytes (docs: the web's
// budgets). Text is compressed, fonts are already.
const (
	budgetScript = 15_000
	budgetStyle  = 20_000
	budgetHTML   = 10_000
	budgetCold   = 80_000
)

func TestTheReportPageIsLight(t *testing.T) {
	built := web.Assets()
	raw, err := fs.ReadFile(built, ".vite/manifest.json")
	if err != nil {
		t.Skip("the browser's part is not built: run make web")
	}
	var manifest map[string]struct {
		File    string   `json:"file"`
		CSS     []string `json:"css"`
		Imports []string `json:"imports"`
	}
	if err := json.Unmarshal(raw, &manifest); err != nil {
		t.Fatal(err)
	}
	if _, ok := manifest["src/citizen/main.ts"]; !ok {
		t.Skip("the citizens' script is not built: run make web")
	}
	p := newPages(t, manyServices)
	page := p.get("/report")
	p.want(page, http.StatusOK)

	files := map[string]bool{}
	for _, link := range regexp.MustCompile(`(?:src|href)="/(assets/[^"]+)"`).FindAllStringSubmatch(page.body, -1) {
		files[link[1]] = true
	}
	var follow func(source string)
	follow = func(source string) {
		files[manifest[source].File] = true
		for _, style := range manifest[source].CSS {
			files[style] = true
		}
		for _, next := range manifest[source].Imports {
			follow(next)
		}
	}
	follow("src/citizen/main.ts")

	html := compressed(t, []byte(page.body))
	sizes := map[string]int{}
	for name := range files {
		body, err := fs.ReadFile(built, name)
		if err != nil {
			t.Fatalf("the page names %s: %v", name, err)
		}
		if kind := path.Ext(name); kind == ".woff2" {
			sizes[kind] += len(body)
		} else {
			sizes[kind] += compressed(t, body)
		}
	}
	cold := html + sizes[".js"] + sizes[".css"] + sizes[".woff2"]
	t.Logf("report page: HTML %d, script %d, style %d, fonts %d, cold %d bytes", html, sizes[".js"], sizes[".css"], sizes[".woff2"], cold)
	for _, c := range []struct {
		what      string
		is, limit int
	}{
		{"HTML", html, budgetHTML},
		{"script", sizes[".js"], budgetScript},
		{"style", sizes[".css"], budgetStyle},
		{"everything", cold, budgetCold},
	} {
		if c.is == 0 || c.is > c.limit {
			t.Errorf("%s: %d bytes, at most %d", c.what, c.is, c.limit)
		}
	}
}

// manyServices is a town as large as a real one: eleven groups, forty services.
func manyServices(b *civic.Blueprint) {
	groups := []string{
		"Acqua, allagamenti e fogne", "Ambiente", "Arredo urbano", "Disinfestazione, derattizzazione e randagi",
		"Igiene urbana", "Manutenzione immobili, barriere e cimiteri", "Ordine pubblico", "Parchi e verde",
		"Servizi del comune", "Sicurezza e degrado", "Strade e segnaletica",
	}
	for i := range 40 {
		code := fmt.Sprintf("kind.%02d", i)
		b.Services = append(b.Services, civic.Service{
			ID: civictest.ID[civic.Service](b.ID, code), Code: code, Name: fmt.Sprintf("Che cosa si è rotto, numero %d", i),
			Group: groups[i%len(groups)], Kind: "issue", Keywords: []string{"parola", "altra parola", fmt.Sprintf("terza %d", i)},
			Public: civic.PublishPhotos, Contact: "optional", Desk: b.Desks[0].ID,
		})
	}
}

func compressed(t *testing.T, body []byte) int {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

func TestManyGroupsStandUnderTheLastPicture(t *testing.T) {
	p := newPages(t, manyServices)
	form := p.get("/report").body
	if n := strings.Count(form, `name="group"`); n != 9 {
		t.Errorf("%d pictures, want eight and one for the rest", n)
	}
	if strings.Index(form, "Strade e segnaletica") > strings.Index(form, "Rifiuti e pulizia") {
		t.Error("what people report most does not come first")
	}
	rest := form[strings.Index(form, `value="other"`):]
	for _, part := range []string{"Non so. Decidete voi", `value="kind.01"`, `value="distress"`} {
		if !strings.Contains(rest, part) {
			t.Errorf("the last picture lacks %s", part)
		}
	}
}
