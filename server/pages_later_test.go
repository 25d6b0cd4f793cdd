package server_test

import (
	"net/http"
	"net/url"
	"testing"
)

// TestTheWordsGoWhereThePhotosHaveNoRoom sends a report with a photo to a town that
// has no room for it: the report is taken, its page says what to do, and there the
// photo is taken.
func TestTheWordsGoWhereThePhotosHaveNoRoom(t *testing.T) {
	p := newPages(t)
	p.srv.WithBytes(100, 1<<20, 1<<20)
	photo := map[string][]byte{"buca.jpg": picture(t)}
	r, thanks := p.report(hole, photo)
	p.want(thanks, http.StatusOK, "Ricevuta. Grazie!", "Le parole sono arrivate, le foto no")
	if len(r.Photos) != 0 {
		t.Fatalf("%d photos were taken", len(r.Photos))
	}
	page := "/r/" + string(r.Code)
	p.want(p.send(page+"/message", nil, photo), http.StatusOK)
	if after, err := p.db.Report(t.Context(), p.town.ID, r.ID); err != nil || len(after.Photos) != 1 {
		t.Errorf("%d photos by the link, %v", len(after.Photos), err)
	}
	p.lacks(p.get(page), "Le parole sono arrivate")
}

// TestAPhotoOfTheLinkIsNeverDroppedUnsaid sends words and a photo by a report's link
// after too many photos: nothing is sent by halves, and nothing written is lost.
func TestAPhotoOfTheLinkIsNeverDroppedUnsaid(t *testing.T) {
	p := newPages(t)
	r, _ := p.report(hole, nil)
	for p.post("/api/v1/photos", nil).status != http.StatusTooManyRequests {
	}
	page := "/r/" + string(r.Code)
	said := p.send(page+"/message", url.Values{"text": {"Ecco la foto"}}, map[string][]byte{"buca.jpg": picture(t)})
	p.want(said, http.StatusUnprocessableEntity, "Ecco la foto</textarea>", "buca.jpg")
	after, err := p.db.Report(t.Context(), p.town.ID, r.ID)
	if err != nil || len(after.Photos) != 0 || len(after.Messages) != len(r.Messages) {
		t.Errorf("%d photos and %d messages were sent, %v", len(after.Photos), len(after.Messages), err)
	}
}
