package server_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/photo"
	"segnavia/photo/phototest"
	"segnavia/text"
)

// gauntlet is a server whose photo door is tried, by somebody of the office, whose
// photos are not counted.
type gauntlet struct {
	*pages
	words  *text.Catalogue
	cookie *http.Cookie
	taken  []civic.SHA256
	of     map[civic.SHA256]phototest.File
	refs   map[civic.SHA256]string
	ends   map[string]int
}

func newGauntlet(t *testing.T) *gauntlet {
	t.Helper()
	p := newPages(t)
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	token, err := p.db.AddSession(t.Context(), p.town.ID, civictest.Actor(p.town, "operator").User, "")
	if err != nil {
		t.Fatal(err)
	}
	return &gauntlet{
		pages: p, words: words, cookie: &http.Cookie{Name: "session", Value: token},
		of: map[civic.SHA256]phototest.File{}, refs: map[civic.SHA256]string{}, ends: map[string]int{},
	}
}

// upload sends a file through the door and gives the problem's code and words.
func (g *gauntlet) upload(f phototest.File, lang string) (hash civic.SHA256, code, detail string) {
	g.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", f.Name)
	if err == nil {
		_, err = part.Write(f.Bytes)
	}
	if err != nil || w.Close() != nil {
		g.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(g.t.Context(), http.MethodPost, g.http.URL+"/api/v1/photos", &b)
	if err != nil {
		g.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Accept-Language", lang)
	req.AddCookie(g.cookie)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		g.t.Fatalf("%s: the server is gone: %v", f.Name, err)
	}
	defer res.Body.Close() //nolint:errcheck // only read
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	g.clean("upload "+f.Name, raw)
	var body struct {
		SHA256            civic.SHA256 `json:"sha256"`
		Ref, Code, Detail string
	}
	if err := json.Unmarshal(raw, &body); err != nil || res.StatusCode >= http.StatusInternalServerError {
		g.t.Fatalf("%s: %d %s", f.Name, res.StatusCode, raw)
	}
	g.refs[body.SHA256] = body.Ref
	return body.SHA256, body.Code, body.Detail
}

// try sends a file in both languages: it is taken, or told why not in each.
func (g *gauntlet) try(f phototest.File) {
	g.t.Helper()
	hash, code, it := g.upload(f, "it")
	if code == "" {
		if _, known := g.of[hash]; !known {
			g.taken = append(g.taken, hash)
		}
		g.of[hash] = f
		return
	}
	_, again, en := g.upload(f, "en")
	if code != again || it == "" || en == "" || it == en {
		g.t.Errorf("%s: %s «%s», %s «%s»", f.Name, code, it, again, en)
	}
	g.ended(f, code)
}

// ended notes what became of a file, and that it has a sentence of its own.
func (g *gauntlet) ended(f phototest.File, code string) {
	g.t.Helper()
	g.ends[code]++
	if f.Want != phototest.Any && string(f.Want) != code {
		g.t.Errorf("%s: %q, want %q", f.Name, code, f.Want)
	}
	for _, lang := range []text.Lang{"it", "en"} {
		own := strings.HasPrefix(code, "photo_") || strings.HasPrefix(code, "document_") || code == string(f.Want)
		if code != "" && (!own || !strings.HasSuffix(g.words.ErrorKey(lang, code), "."+code)) {
			g.t.Errorf("%s: no sentence in %s for %q", f.Name, lang, code)
		}
	}
}

// clean looks for what stands in the corpus' metadata, as words and as Exif's
// numbers.
func (g *gauntlet) clean(where string, raw []byte) {
	g.t.Helper()
	for hash := range g.of {
		if bytes.Contains(raw, []byte(hash)) && !strings.HasPrefix(where, "upload ") {
			g.t.Errorf("%s tells the hash of what was sent", where)
		}
	}
	for _, mark := range phototest.Sentinels {
		if bytes.Contains(raw, []byte(mark)) {
			g.t.Errorf("%s: %q gets out", where, mark)
		}
	}
	for _, n := range []uint32{2566800, 336294} { // the seconds of 44.40713 and 8.93415, in hundred-thousandths
		if bytes.Contains(raw, binary.LittleEndian.AppendUint32(nil, n)) && bytes.Contains(raw, []byte("Exif")) {
			g.t.Errorf("%s: the position gets out as numbers", where)
		}
	}
}

// settle makes reports of all that was taken, draws it, publishes it, and looks
// at each byte that the public then gets.
func (g *gauntlet) settle() {
	g.t.Helper()
	for group := range slices.Chunk(g.taken, civic.MaxAttachments) {
		id := civictest.NewID[civic.Report]()
		lon, lat := 8.85, 44.42
		var refs []string
		for _, hash := range group {
			refs = append(refs, g.refs[hash])
		}
		raw, err := json.Marshal(map[string]any{"id": id, "service": "pothole", "lon": lon, "lat": lat, "photos": refs})
		if err != nil {
			g.t.Fatal(err)
		}
		req, err := http.NewRequestWithContext(g.t.Context(), http.MethodPost, g.http.URL+"/api/v1/reports", bytes.NewReader(raw))
		if err != nil {
			g.t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		if a := g.do(req); a.status != http.StatusCreated {
			g.t.Fatalf("%d %s", a.status, a.body)
		}
		r := g.render(id)
		if len(r.Photos) != len(group) {
			g.t.Fatalf("%d of %d attachments", len(r.Photos), len(group))
		}
		g.put(g.edit("operator", id, civic.KindPublish, civic.TargetArgs{Target: civic.TargetReport}))
		for hash := range r.Photos {
			g.look(&r, hash)
		}
		code := string(r.Code)
		for _, path := range []string{
			"/r/" + code, "/api/v1/reports/" + code, "/open311/v2/requests/" + code + ".json?extensions=true", "/open311/v2/requests/" + code + ".xml",
		} {
			a := g.get(path)
			if a.status != http.StatusOK {
				g.t.Errorf("%s: %d", path, a.status)
			}
			g.clean(path, []byte(a.body))
		}
	}
	for _, path := range []string{"/reports", "/reports?view=map", "/api/v1/reports", "/open311/v2/requests.json", "/open311/v2/requests.xml", "/", "/tiles/reports/0/0/0.mvt", "/api/v1/near?lon=8.85&lat=44.42"} {
		g.clean(path, []byte(g.get(path).body))
	}
}

// look follows one attachment to its end.
func (g *gauntlet) look(r *civic.Report, hash civic.SHA256) {
	g.t.Helper()
	p, f := r.Photos[hash], g.of[hash]
	g.ended(f, p.Code)
	base := "/media/reports/" + string(r.Code) + "/" + string(hash) + "/"
	for _, name := range []string{"original", "document.pdf", "1280.jpg", "320.jpg"} {
		if a := g.get(base + name); a.status != http.StatusNotFound {
			g.t.Errorf("%s: %s is served to anybody: %d", f.Name, name, a.status)
		}
	}
	switch {
	case p.State == civic.PhotoWaiting:
		g.t.Errorf("%s was never looked at", f.Name)
	case p.State == civic.PhotoReady && !p.Document():
		g.put(g.edit("operator", r.ID, civic.KindPublish, civic.TargetArgs{Target: civic.TargetPhoto, ID: string(hash)}))
		for _, name := range []string{"1280.jpg", "320.jpg"} {
			a := g.get(base + name)
			if a.status != http.StatusOK || !strings.HasPrefix(a.body, "\xff\xd8\xff") || a.header.Get("Content-Type") != "image/jpeg" {
				g.t.Errorf("%s: %s is answered %d", f.Name, name, a.status)
			}
			g.clean(f.Name+" "+name, []byte(a.body))
			for _, mark := range []string{"Exif", "xmpmeta", "Photoshop", "ICC_PROFILE", "script", "PK\x03\x04", "%PDF"} {
				if strings.Contains(a.body, mark) {
					g.t.Errorf("%s: %q in %s", f.Name, mark, name)
				}
			}
		}
	}
}

// TestHostileFilesAtTheDoor sends the whole corpus through the door of a real
// server with a real bucket: it lives, each file gets a clean rendition or a
// sentence of its own in both languages, and nothing of what it carried gets out.
func TestHostileFilesAtTheDoor(t *testing.T) {
	g := newGauntlet(t)
	corpus := phototest.Corpus()
	for _, f := range corpus {
		g.try(f)
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	g.settle()
	if a := g.get("/healthz"); a.status != http.StatusOK {
		t.Errorf("health: %d", a.status)
	}
	t.Logf("%d files, ends %v, heap from the system %d MB", len(corpus), g.ends, memory.HeapSys>>20)
	if memory.HeapSys > 1<<30 {
		t.Errorf("the corpus took %d MB", memory.HeapSys>>20)
	}
}

// TestRealPhotosAtTheDoor sends real photos: every orientation, metadata of many
// cameras, HEIC.
func TestRealPhotosAtTheDoor(t *testing.T) {
	dir := os.Getenv("SEGNAVIA_DATA")
	if dir == "" {
		t.Skip("SEGNAVIA_DATA is unset: no real photos")
	}
	g := newGauntlet(t)
	n := 0
	err := filepath.WalkDir(filepath.Join(dir, "photos"), func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n++
		g.try(phototest.File{Name: e.Name(), Bytes: raw, Want: phototest.Any})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	g.settle()
	t.Logf("%d photos, ends %v", n, g.ends)
}

// TestTheCitizensFormSaysWhatIsWrongWithAFile reads the sentence where a citizen
// does, in both languages.
func TestTheCitizensFormSaysWhatIsWrongWithAFile(t *testing.T) {
	corpus := phototest.Corpus()
	for _, lang := range []string{"it", "en"} {
		p := newPages(t)
		words, err := text.Load()
		if err != nil {
			t.Fatal(err)
		}
		done := map[phototest.Want]bool{}
		for _, f := range corpus {
			if f.Want == phototest.Taken || f.Want == phototest.Any || f.Want == "photo_empty" || f.Want == "bad_request" || done[f.Want] || strings.HasSuffix(f.Name, ".png") {
				continue // an empty file is an input left empty; a damaged PNG may be seen only later
			}
			done[f.Want] = true
			a := p.send("/report?lang="+lang, changed(hole, "seen", "1"), map[string][]byte{"file": f.Bytes})
			most := photo.MaxPixels
			if strings.HasSuffix(f.Name, ".jpg") {
				most = photo.MaxJPEGPixels
			}
			said := words.T(text.Lang(lang), words.ErrorKey(text.Lang(lang), string(f.Want)), text.Args{"max_mb": 15, "max_megapixels": most / 1_000_000})
			if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, strings.ReplaceAll(said, "'", "&#39;")) {
				t.Errorf("%s in %s: %d lacks «%s»", f.Name, lang, a.status, said)
			}
		}
		if len(done) < 6 {
			t.Errorf("only %s", fmt.Sprint(done))
		}
	}
}
