package server

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"segnavia/civic"
)

// media is one thing that the media door gives, and to whom.
type media struct {
	key, kind string // in the bucket; its type
	etag      string
	public    bool
	attached  string // the name under which it is saved, for what is never shown inline
}

// getMedia serves a rendition to whoever may see the case, or to anybody once a
// person has looked at the photo and published it; a document to the office, the
// crew at work and its sender, to be saved.
func (s *Server) getMedia(w http.ResponseWriter, r *http.Request, rq *request) {
	report, err := s.findReport(r.Context(), rq, r.PathValue("report"))
	if err != nil && !errors.Is(err, civic.ErrNotFound) {
		s.fail(w, r, err)
		return
	}
	hash := attachmentOf(&report, r.PathValue("sha256"))
	m, ok := s.mediaOf(r, rq, &report, hash, r.PathValue("size"))
	if !ok {
		// What is not public looks like what is not there. Only codes that lead nowhere
		// are counted: a page shows many pictures, to many behind one address.
		if !s.shown(rq, &report) {
			if err := s.codeAsked(rq, r.PathValue("report")); err != nil {
				s.fail(w, r, err)
				return
			}
		}
		s.fail(w, r, civic.ErrNotFound)
		return
	}
	if err := s.look(r.Context(), rq, &report); err != nil {
		s.fail(w, r, err)
		return
	}
	body, err := s.Bucket.Get(r.Context(), m.key)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer body.Close() //nolint:errcheck // only read
	m.headers(w.Header())
	http.ServeContent(w, r, "", time.Time{}, body)
}

// attachmentOf finds an attachment by its hash, as staff know it, or by the id that
// the public knows; "" where there is none.
func attachmentOf(report *civic.Report, name string) civic.SHA256 {
	for hash := range report.Photos {
		if name == string(hash) || name == hash.PublicID() {
			return hash
		}
	}
	return ""
}

// headers say what it is, that it runs nothing, and who may keep it. What is
// public is asked for again each time, so that a photo which is taken back or
// covered is gone at once from every cache.
func (m media) headers(h http.Header) {
	h.Set("Content-Type", m.kind)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("ETag", m.etag)
	h.Set("Vary", "Cookie, Authorization")
	switch {
	case m.attached != "":
		h.Set("Content-Disposition", `attachment; filename="`+m.attached+`"`)
		h.Set("Cache-Control", "private, no-store")
	case m.public:
		h.Set("Cache-Control", "public, no-cache")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin") // other programs show it: Open311
	default:
		h.Set("Cache-Control", "private, max-age=300")
	}
}

// mediaOf finds what is asked for by its last name, "320.jpg", "1280-COVER.jpg" or
// "document.pdf", as whoever asks may see it. Only the office and the crew at
// work see what is under the boxes.
func (s *Server) mediaOf(r *http.Request, rq *request, report *civic.Report, hash civic.SHA256, name string) (media, bool) {
	p, attached := report.Photos[hash]
	if attached && p.State == civic.PhotoWaiting && name == previewName {
		return media{
			key: previewKey(rq.j(), hash, p.By), kind: "image/jpeg", etag: `"` + hash.PublicID() + `-preview"`,
		}, s.mayRead(rq, report)
	}
	if !attached || p.State != civic.PhotoReady {
		return media{}, false
	}
	if p.Document() {
		ok := name == "document.pdf" && (s.mayRead(rq, report) || s.holdsSecret(r, rq, report) && reportersOwn(&p))
		return media{
			key: PhotoKey(rq.j(), hash, "original"), kind: civic.MimePDF, etag: `"` + hash.PublicID() + `"`,
			attached: string(report.Code) + "-" + hash.PublicID()[:8] + ".pdf",
		}, ok
	}
	size, cover, named := strings.Cut(strings.TrimSuffix(name, ".jpg"), "-")
	if !strings.HasSuffix(name, ".jpg") || size != "320" && size != "1280" {
		return media{}, false
	}
	inside := s.mayRead(rq, report) || rq.actor.Role == civic.RolePlanner && !report.Confidential
	public := s.isPublic(rq, report, hash)
	if named || !inside { // without the cover's name too the public gets the covered one
		if named && cover != p.Cover || civic.CoverOf(p.Boxes) != p.Cover {
			return media{}, false
		}
		cover = p.Cover
	}
	if allowed := inside || public || reportersOwn(&p) && s.holdsSecret(r, rq, report); !allowed {
		return media{}, false
	}
	file := strings.TrimSuffix(size+"-"+cover, "-")
	return media{
		key: PhotoKey(rq.j(), hash, file+".jpg"), kind: "image/jpeg", etag: `"` + hash.PublicID() + "-" + file + `"`,
		public: public && cover == p.Cover && (named || !inside),
	}, true
}

// isPublic reports whether anybody may see a photo.
func (s *Server) isPublic(rq *request, report *civic.Report, hash civic.SHA256) bool {
	visible, ok := civic.Public(report, s.service(rq, report.Service), "", time.UTC)
	return ok && slices.ContainsFunc(visible.Photos, func(p civic.PublicPhoto) bool { return p.SHA256 == hash })
}

// reportersOwn tells what a reporter sees of their own case: what they sent, and
// what the town made for them.
func reportersOwn(p *civic.Photo) bool {
	switch p.Stage {
	case civic.StageReport, civic.StageReply:
		return true
	case civic.StageAfter:
		return !p.Document() // a delivery note is the town's own business
	}
	return p.From == civic.RoleCitizen
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
