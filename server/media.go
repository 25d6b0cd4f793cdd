package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"segnavia/civic"
)

// getMedia serves a rendition to whoever may see the case, or to anybody once a
// person has looked at the photo and published it.
func (s *Server) getMedia(w http.ResponseWriter, r *http.Request, rq *request) {
	hash := civic.SHA256(r.PathValue("sha256"))
	size := strings.TrimSuffix(r.PathValue("size"), ".jpg")
	if !hash.Valid() || (size != "320" && size != "1280") {
		s.problem(w, r, 0, civic.Refuse("not_found"))
		return
	}
	report, err := s.findReport(r.Context(), rq, r.PathValue("report"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	public, ok := s.maySeePhoto(r, rq, &report, hash)
	if !ok {
		// What is not public looks like what is not there.
		s.problem(w, r, 0, civic.Refuse("not_found"))
		return
	}
	body, err := s.Bucket.Get(r.Context(), PhotoKey(rq.j(), hash, size+".jpg"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer body.Close() //nolint:errcheck // only read
	h := w.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("ETag", `"`+string(hash)+"-"+size+`"`)
	if public {
		h.Set("Cache-Control", "public, max-age=300")
	} else {
		h.Set("Cache-Control", "private, max-age=300")
	}
	http.ServeContent(w, r, "", time.Time{}, body)
}

// maySeePhoto tells whether the photo is of the report and may be seen; public
// says that anybody may.
func (s *Server) maySeePhoto(r *http.Request, rq *request, report *civic.Report, hash civic.SHA256) (public, ok bool) {
	p, attached := report.Photos[hash]
	if !attached || p.State != civic.PhotoReady {
		return false, false
	}
	if visible, ok := civic.Public(report, s.service(rq, report.Service), "", time.UTC); ok {
		for _, one := range visible.Photos {
			if one.SHA256 == hash {
				return true, true
			}
		}
	}
	if s.mayRead(rq, report) || rq.actor.Role == civic.RolePlanner {
		return false, true
	}
	return false, s.holdsSecret(r, rq, report)
}

// secretCookie keeps the secret of a report in its reporter's browser.
func secretCookie(code civic.Code) string { return "r-" + string(code) }

// holdsSecret reports whether the browser that asks holds the report's secret.
func (s *Server) holdsSecret(r *http.Request, rq *request, report *civic.Report) bool {
	secret := s.readCookie(r, secretCookie(report.Code))
	if secret == "" {
		return false
	}
	ok, err := s.Store.OpenBySecret(r.Context(), rq.j(), report.ID, secret)
	return err == nil && ok
}

// RenderPhoto does the work that follows an upload or an attach: it makes the
// renditions, once, and tells every report that waits for the photo. The bytes
// may not have come yet; their coming asks again.
func (s *Server) RenderPhoto(ctx context.Context, j civic.JurisdictionID, hash civic.SHA256, waiting []civic.ReportID) error {
	return renderPhoto(ctx, s.Store, s.Bucket, s.Photos, j, hash, waiting)
}
