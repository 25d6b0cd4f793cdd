package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// TestKnowingAHashIsNotHavingThePicture names a picture that somebody else sent, at
// every door that takes a hash, as everybody; then brings its bytes.
func TestKnowingAHashIsNotHavingThePicture(t *testing.T) {
	u := newTus(t)
	secret := append(picture(t), "of another"...)
	hash := hashOf(secret)
	// The other crew's, of a case that this one does not see.
	other := civictest.Actor(u.a, "crew2")
	if err := u.db.SavePhoto(t.Context(), u.a.ID, civic.StoredPhoto{
		SHA256: hash, Mime: "image/jpeg", Bytes: int64(len(secret)), W: 400, H: 300,
	}, civic.Sender{User: other.User}); err != nil {
		t.Fatal(err)
	}
	unknown := civic.SHA256(strings.Repeat("0", 64))

	// A report names photos by what their sender was given.
	for _, c := range u.callers {
		if c.name == "crew2" { // who sent it; the planners make no reports
			continue
		}
		for _, ref := range []string{string(hash), string(hash) + ".", string(hash) + "." + strings.Repeat("A", 27)} {
			post := func(ref string) (int, string) {
				return u.ask(c, "a.test", "POST", "/api/v1/reports", fmt.Sprintf(`{"id":"{new}","service":"pothole","lon":8.85,"lat":44.45,"photos":[%q]}`, ref))
			}
			status, said := post(ref)
			nothing, alike := post(strings.Replace(ref, string(hash), string(unknown), 1))
			if status < 400 || status != nothing || said != alike {
				t.Errorf("a report with %.70s as %s: %d %s; with one that nobody knows: %d %s", ref, c.name, status, said, nothing, alike)
			}
		}
		// A page shown again keeps what its reader sent, and nobody else's. As if nobody
		// had ever brought it.
		for _, ref := range []string{string(hash), string(hash) + "." + strings.Repeat("A", 27)} {
			for _, ref := range []string{ref, strings.Replace(ref, string(hash), string(unknown), 1)} {
				status, page := u.sendForm(c, "service", "pothole", "lon", "8.85", "lat", "44.45", "seen", "1", "hazard", "no", "kept", ref)
				want := http.StatusUnprocessableEntity
				if c.bearer {
					want = http.StatusUnauthorized
				}
				if status != want || strings.Contains(page, `name="kept"`) {
					t.Errorf("a form that keeps %.70s as %s: %d", ref, c.name, status)
				}
			}
		}
	}

	// A crew attaches it: the case waits for bytes, and has none of the other's.
	u.apply(civictest.Edit(civictest.Actor(u.a, "crew"), u.report, 99, civic.KindAttach, civic.AttachArgs{
		SHA256: hash, Bytes: int64(len(secret)), Mime: "image/jpeg", Stage: civic.StageAfter,
	}))
	if waiting, err := u.db.WaitingFor(t.Context(), u.a.ID, hash); err != nil || len(waiting) != 0 {
		t.Errorf("the pipeline looks at it for %v %v", waiting, err)
	}
	if a := u.send("HEAD", "/media/sha256/"+string(hash), nil); a.status != http.StatusNotFound {
		t.Errorf("its bytes are said to be here: %d", a.status)
	}
	path := u.begin(len(secret), "Upload-Metadata", said("sha256", string(hash)))
	if n := u.offset(path); n != 0 {
		t.Fatalf("%d bytes are taken for sent", n)
	}
	// With the bytes it is the crew's own.
	if a := u.patch(path, 0, secret); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if waiting, err := u.db.WaitingFor(t.Context(), u.a.ID, hash); err != nil || len(waiting) != 1 {
		t.Errorf("the pipeline looks at it for %v %v", waiting, err)
	}
	if a := u.send("HEAD", "/media/sha256/"+string(hash), nil); a.status != http.StatusOK {
		t.Errorf("its bytes are here: %d", a.status)
	}
}

// TestAPhotoIsNamedByWhoSentIt sends bytes and a report that names them, as anybody
// and as somebody of the town hall, who may name their own by the hash alone.
func TestAPhotoIsNamedByWhoSentIt(t *testing.T) {
	f := newTowns(t, false)
	for _, name := range []string{"anonymous", "operator"} {
		var c caller
		for _, one := range f.callers {
			if one.name == name {
				c = one
			}
		}
		status, raw := f.sendPhoto(c, append(picture(t), name...))
		var got struct{ SHA256, Ref string }
		if err := json.Unmarshal([]byte(raw), &got); err != nil || status != http.StatusCreated || !strings.HasPrefix(got.Ref, got.SHA256+".") {
			t.Fatalf("%s: %d %s", name, status, raw)
		}
		for ref, want := range map[string]int{got.Ref: http.StatusCreated, got.SHA256: http.StatusUnprocessableEntity} {
			if name == "operator" {
				want = http.StatusCreated
			}
			status, raw := f.ask(c, "a.test", "POST", "/api/v1/reports", fmt.Sprintf(`{"id":"{new}","service":"pothole","lon":8.85,"lat":44.45,"photos":[%q]}`, ref))
			if status != want {
				t.Errorf("%s names %.70s: %d %s", name, ref, status, raw)
			}
		}
		// A form keeps it too, its own alone.
		if status, page := f.sendForm(c, "service", "pothole", "lon", "8.85", "lat", "44.45", "seen", "1", "hazard", "no", "kept", got.Ref); status != http.StatusSeeOther {
			t.Errorf("a form of %s keeps its photo: %d %.600s", name, status, page)
		}
		if status, _ := f.ask(c, "b.test", "POST", "/api/v1/reports", fmt.Sprintf(`{"id":"{new}","service":"pothole","lon":8.85,"lat":44.45,"photos":[%q]}`, got.Ref)); status != http.StatusUnprocessableEntity {
			t.Errorf("%s names it in the other town: %d", name, status)
		}
	}
}

func (f *towns) sendPhoto(c caller, picture []byte) (int, string) {
	f.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", "a.jpg")
	if err == nil {
		_, err = part.Write(picture)
	}
	if err != nil || w.Close() != nil {
		f.t.Fatal(err)
	}
	return f.ask(c, "a.test", "POST", "/api/v1/photos", b.String(), "Content-Type", w.FormDataContentType())
}

// sendForm fills in the page of a new report, as a browser sends it: names and values
// in turn.
func (f *towns) sendForm(c caller, fields ...string) (int, string) {
	f.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			f.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		f.t.Fatal(err)
	}
	return f.ask(c, "a.test", "POST", "/report", b.String(), "Content-Type", w.FormDataContentType())
}
