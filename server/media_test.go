package server_test

import (
	"image"
	"image/jpeg"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// minimalPDF is a document of one empty page.
func minimalPDF() []byte {
	const b = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
	return []byte(b + "xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R /Size 3 >>\nstartxref\n" +
		strconv.Itoa(len(b)) + "\n%%EOF\n")
}

// ask asks with headers, as a browser does.
func (p *pages) ask(path string, headers ...string) answer {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.http.URL+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return p.do(req)
}

// render does what the jobs do with what came for a report, and reads it again.
func (p *pages) render(id civic.ReportID) civic.Report {
	p.t.Helper()
	r, err := p.db.Report(p.t.Context(), p.town.ID, id)
	if err != nil {
		p.t.Fatal(err)
	}
	for hash := range r.Photos {
		waiting, err := p.db.WaitingFor(p.t.Context(), p.town.ID, hash)
		if err == nil {
			err = p.srv.RenderPhoto(p.t.Context(), p.town.ID, hash, waiting)
		}
		if err != nil {
			p.t.Fatal(err)
		}
	}
	if r, err = p.db.Report(p.t.Context(), p.town.ID, id); err != nil {
		p.t.Fatal(err)
	}
	return r
}

func TestADocumentIsSavedByItsSenderAndSeenByNobodyElse(t *testing.T) {
	p := newPages(t)
	r, _ := p.report(hole, map[string][]byte{"verbale di Ada Verdi.pdf": minimalPDF()})
	r = p.render(r.ID)
	hash := civic.InOrder(r.Photos)[0]
	if one := r.Photos[hash]; one.State != civic.PhotoReady || one.Mime != civic.MimePDF {
		t.Fatalf("%+v", one)
	}
	path := "/media/reports/" + string(r.Code) + "/" + hash.PublicID() + "/document.pdf"
	p.want(p.get("/r/"+string(r.Code)), http.StatusOK, path, "Scarica il documento 1 (PDF, 1 kB)")
	a := p.get(path)
	p.want(a, http.StatusOK)
	if a.body != string(minimalPDF()) {
		t.Error("the document is not what was sent")
	}
	for name, want := range map[string]string{
		"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, no-store",
		"Content-Disposition": `attachment; filename="` + string(r.Code) + "-" + hash.PublicID()[:8] + `.pdf"`,
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	for _, other := range []string{"1280.jpg", "320.jpg", "original", "document.jpg"} {
		p.want(p.get(strings.Replace(path, "document.pdf", other, 1)), http.StatusNotFound)
	}
	if a := p.ask(path, "Range", "bytes=0-7"); a.status != http.StatusPartialContent || a.body != "%PDF-1.4" {
		t.Errorf("a part: %d %q", a.status, a.body)
	}
	p.refused("operator", r.ID, civic.KindPublish, civic.TargetArgs{Target: civic.TargetPhoto, ID: string(hash)})
	p.forget()
	p.want(p.get(path), http.StatusNotFound)
	p.lacks(p.get("/r/"+string(r.Code)), "document.pdf", hash.PublicID())
}

// edit is one of the operator's, with an id of its own.
func (p *pages) edit(login string, report civic.ReportID, kind civic.Kind, args any) civic.Edit {
	p.t.Helper()
	return civictest.Edit(civictest.Actor(p.town, login), report, 1000, kind, args)
}

func (p *pages) put(e civic.Edit) {
	p.t.Helper()
	if a, err := p.db.Apply(p.t.Context(), p.town.ID, e, 0); err != nil || a.Status != civic.Applied {
		p.t.Fatalf("%s: %+v %v", e.Kind, a, err)
	}
}

func (p *pages) refused(login string, report civic.ReportID, kind civic.Kind, args any) {
	p.t.Helper()
	if a, err := p.db.Apply(p.t.Context(), p.town.ID, p.edit(login, report, kind, args), 0); err != nil || a.Status != civic.Refused {
		p.t.Errorf("%s: %+v %v", kind, a, err)
	}
}

// TestThePublicNeverGetsWhatIsCovered walks a photo through being published,
// covered, covered otherwise and uncovered.
func TestThePublicNeverGetsWhatIsCovered(t *testing.T) {
	p := newPages(t)
	r, _ := p.report(hole, map[string][]byte{"a.jpg": picture(t)})
	p.apply("operator", r.ID, civic.KindPublish, civic.TargetArgs{Target: civic.TargetReport})
	r = p.render(r.ID)
	hash := civic.InOrder(r.Photos)[0]
	point := civic.TargetArgs{Target: civic.TargetPhoto, ID: string(hash)}
	plain := "/media/reports/" + string(r.Code) + "/" + hash.PublicID() + "/1280.jpg"
	p.forget()
	p.want(p.get(plain), http.StatusNotFound)
	p.apply("operator", r.ID, civic.KindPublish, point)
	open := p.get(plain)
	p.want(open, http.StatusOK)
	if got := open.header.Get("Cache-Control"); got != "public, no-cache" {
		t.Errorf("Cache-Control: %s", got)
	}
	if again := p.ask(plain, "If-None-Match", open.header.Get("ETag")); again.status != http.StatusNotModified {
		t.Errorf("not changed: %d", again.status)
	}

	seen := map[string]bool{open.header.Get("ETag"): true}
	for i, boxes := range [][]civic.Box{{{0, 0, 1, 0.5}}, {{0, 0, 0.5, 1}, {0.6, 0.6, 0.1, 0.1}}} {
		point.Boxes = boxes
		edit := p.edit("operator", r.ID, civic.KindRedact, point)
		p.put(edit)
		// Not yet burnt in: there is nothing to see, at no address.
		p.want(p.get(plain), http.StatusNotFound)
		p.lacks(p.get("/r/"+string(r.Code)), hash.PublicID())
		if err := p.srv.CoverPhoto(t.Context(), p.town.ID, r.ID, hash, edit.ID); err != nil {
			t.Fatal(err)
		}
		named := strings.Replace(plain, "1280.jpg", "1280-"+civic.CoverOf(boxes)+".jpg", 1)
		p.want(p.get("/r/"+string(r.Code)), http.StatusOK, named)
		for _, path := range []string{"/r/" + string(r.Code), "/api/v1/reports/" + string(r.Code), "/open311/v2/requests/" + string(r.Code) + ".json", "/reports"} {
			p.lacks(p.get(path), string(hash)) // with it anybody could attach the open picture to a report of their own
		}
		for _, path := range []string{plain, named, strings.Replace(named, "1280-", "320-", 1)} {
			a := p.get(path)
			p.want(a, http.StatusOK)
			if seen[a.header.Get("ETag")] || a.header.Get("ETag") == "" {
				t.Errorf("%d: %s has a tag that was used: %s", i, path, a.header.Get("ETag"))
			}
			m, err := jpeg.Decode(strings.NewReader(a.body))
			if err != nil {
				t.Fatal(err)
			}
			if left := brightest(m, boxes[0]); left > 12 {
				t.Errorf("%d: %s shows %d under the box", i, path, left)
			}
		}
		seen[p.get(plain).header.Get("ETag")] = true
		if old := p.ask(plain, "If-None-Match", open.header.Get("ETag")); old.status != http.StatusOK {
			t.Errorf("%d: the uncovered picture is still good: %d", i, old.status)
		}
	}
	p.want(p.get(strings.Replace(plain, "1280.jpg", "1280-"+civic.CoverOf([]civic.Box{{0, 0, 1, 0.5}})+".jpg", 1)), http.StatusNotFound)
	point.Boxes = []civic.Box{}
	p.put(p.edit("operator", r.ID, civic.KindRedact, point))
	p.want(p.get(plain), http.StatusNotFound)
}

func brightest(m image.Image, b civic.Box) int {
	w, h := float64(m.Bounds().Dx()), float64(m.Bounds().Dy())
	most := 0
	for x := int(b[0] * w); x < int((b[0]+b[2])*w); x++ {
		for y := int(b[1] * h); y < int((b[1]+b[3])*h); y++ {
			red, green, blue, _ := m.At(x, y).RGBA()
			most = max(most, int(max(red, green, blue)>>8)) // #nosec G115 -- 16 bits
		}
	}
	return most
}

func TestPhotosStayInTheirOrder(t *testing.T) {
	p := newPages(t)
	first, second := picture(t), append(picture(t), 0) // other bytes, the same picture
	r, _ := p.report(hole, map[string][]byte{"1.jpg": first})
	p.apply("crew", r.ID, civic.KindAttach, civic.AttachArgs{SHA256: civic.SHA256(strings.Repeat("c", 64)), Bytes: 9, Mime: "image/jpeg", Stage: civic.StageAfter})
	a := p.send("/r/"+string(r.Code)+"/message", map[string][]string{"text": {"Ecco un'altra"}}, map[string][]byte{"2.jpg": second})
	p.want(a, http.StatusOK)
	r, err := p.db.Report(t.Context(), p.town.ID, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, hash := range civic.InOrder(r.Photos) {
		got = append(got, r.Photos[hash].Stage)
	}
	if strings.Join(got, " ") != "report report after" {
		t.Errorf("%v", got)
	}
}

// TestMediaHeadersByKindAndReader is the table of what each answer says of itself.
func TestMediaHeadersByKindAndReader(t *testing.T) {
	p := newPages(t)
	r, _ := p.report(hole, map[string][]byte{"a.jpg": picture(t), "b.pdf": minimalPDF()})
	r = p.render(r.ID)
	reporter := p.jar
	token, err := p.db.AddSession(t.Context(), p.town.ID, civictest.Actor(p.town, "operator").User, "")
	if err != nil {
		t.Fatal(err)
	}
	staff := []string{"Cookie", "session=" + token}
	names := map[bool]string{}
	for hash := range r.Photos {
		one := r.Photos[hash]
		names[one.Document()] = hash.PublicID()
		if !one.Document() {
			p.apply("operator", r.ID, civic.KindPublish, civic.TargetArgs{Target: civic.TargetReport})
		}
	}
	base := "/media/reports/" + string(r.Code) + "/"
	photo, document := base+names[false]+"/320.jpg", base+names[true]+"/document.pdf"
	check := func(who, path string, a answer, cache string) {
		t.Helper()
		p.want(a, http.StatusOK)
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
			"Cache-Control": cache, "Vary": "Cookie, Authorization",
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s of %s: %s is %q, want %q", path, who, name, got, want)
			}
		}
		if attached := strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment;"); attached != strings.HasSuffix(path, ".pdf") {
			t.Errorf("%s of %s: %q", path, who, a.header.Get("Content-Disposition"))
		}
		if a.header.Get("ETag") == "" || strings.Contains(a.header.Get("Set-Cookie"), "=") {
			t.Errorf("%s of %s: tag %q, cookie %q", path, who, a.header.Get("ETag"), a.header.Get("Set-Cookie"))
		}
	}
	check("the reporter", photo, p.get(photo), "private, max-age=300")
	check("the reporter", document, p.get(document), "private, no-store")
	p.forget()
	check("the office", photo, p.ask(photo, staff...), "private, max-age=300")
	check("the office", document, p.ask(document, staff...), "private, no-store")
	for hash := range r.Photos {
		if one := r.Photos[hash]; !one.Document() {
			p.apply("operator", r.ID, civic.KindPublish, civic.TargetArgs{Target: civic.TargetPhoto, ID: string(hash)})
		}
	}
	check("anybody", photo, p.get(photo), "public, no-cache")
	p.want(p.get(document), http.StatusNotFound)
	if a := p.ask(photo, "Range", "bytes=0-2"); a.status != http.StatusPartialContent || a.body != "\xff\xd8\xff" {
		t.Errorf("a part: %d %q", a.status, a.body)
	}
	if a := p.ask(photo, "Range", "bytes=99999999-"); a.status != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("a part beyond the end: %d", a.status)
	}
	p.apply("operator", r.ID, civic.KindHide, civic.TargetArgs{Target: civic.TargetReport})
	p.want(p.get(photo), http.StatusNotFound)
	p.jar = reporter
	p.want(p.get(photo), http.StatusOK)
}
