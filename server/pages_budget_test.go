package server_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
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

// asset is one entry of the build's manifest.
type asset struct {
	File    string   `json:"file"`
	CSS     []string `json:"css"`
	Imports []string `json:"imports"`
}

// citizenAssets names what every citizens' page loads with its script.
func citizenAssets(t *testing.T) map[string]bool {
	t.Helper()
	raw, err := fs.ReadFile(web.Assets(), ".vite/manifest.json")
	if err != nil {
		t.Skip("the browser's part is not built: run make web")
	}
	var manifest map[string]asset
	if err := json.Unmarshal(raw, &manifest); err != nil {
		t.Fatal(err)
	}
	if _, ok := manifest["src/citizen/main.ts"]; !ok {
		t.Skip("the citizens' script is not built: run make web")
	}
	files := map[string]bool{}
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
	return files
}

var assetLink = regexp.MustCompile(`(?:src|href)="/(assets/[^"]+)"`)

// weigh adds up what a page makes a phone fetch, by kind.
func weigh(t *testing.T, body string, with map[string]bool) map[string]int {
	t.Helper()
	files := maps.Clone(with)
	for _, link := range assetLink.FindAllStringSubmatch(body, -1) {
		files[link[1]] = true
	}
	sizes := map[string]int{"html": compressed(t, []byte(body))}
	for name := range files {
		body, err := fs.ReadFile(web.Assets(), name)
		if err != nil {
			t.Fatalf("the page names %s: %v", name, err)
		}
		if kind := path.Ext(name); kind == ".woff2" {
			sizes[kind] += len(body)
		} else {
			sizes[kind] += compressed(t, body)
		}
	}
	sizes["cold"] = sizes["html"] + sizes[".js"] + sizes[".css"] + sizes[".woff2"]
	return sizes
}

func TestEveryPageIsLight(t *testing.T) {
	assets := citizenAssets(t)
	for _, one := range newPages(t, manyServices, asking).screens() {
		sizes := weigh(t, one.body, assets)
		t.Logf("%-22s HTML %5d, script %d, style %d, fonts %d, cold %d bytes",
			one.name, sizes["html"], sizes[".js"], sizes[".css"], sizes[".woff2"], sizes["cold"])
		for kind, limit := range map[string]int{"html": budgetHTML, ".js": budgetScript, ".css": budgetStyle, "cold": budgetCold} {
			if sizes[kind] == 0 || sizes[kind] > limit {
				t.Errorf("%s: %s is %d bytes, at most %d", one.name, kind, sizes[kind], limit)
			}
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
