package server

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"segnavia/civic"
	"segnavia/photo"
)

// uploadRoutes are the resumable door: a picture survives a network that does not.
func (s *Server) uploadRoutes() {
	for pattern, h := range map[string]handlerFunc{
		"OPTIONS /media/uploads":      s.uploadOptions,
		"OPTIONS /media/uploads/{id}": s.uploadOptions,
		"POST /media/uploads":         s.tus(s.createUpload),
		"POST /media/uploads/{id}":    s.tus(s.overriddenUpload),
		"HEAD /media/uploads/{id}":    s.tus(s.headUpload),
		"PATCH /media/uploads/{id}":   s.tus(s.patchUpload),
		"DELETE /media/uploads/{id}":  s.tus(s.deleteUpload),
		"HEAD /media/sha256/{sha256}": s.headHash,
	} {
		s.handle(Route{Pattern: pattern, Allow: Anyone, Own: true}, photo.MaxBytes+1, h)
	}
	s.handle(Route{Pattern: "PUT /media/sha256/{sha256}/preview", Allow: Anyone, Own: true}, maxPreview, s.putPreview)
}

func (s *Server) uploadOptions(w http.ResponseWriter, _ *http.Request, _ *request) {
	h := w.Header()
	tusHeaders(h)
	h.Set("Tus-Version", tusVersion)
	h.Set("Tus-Extension", tusExtensions)
	h.Set("Tus-Checksum-Algorithm", tusAlgorithms)
	h.Set("Tus-Max-Size", strconv.Itoa(civic.MaxAttachmentBytes))
	w.WriteHeader(http.StatusNoContent)
}

// tus sends away who speaks another version. Nothing of such a request is done.
func (s *Server) tus(next handlerFunc) handlerFunc {
	return func(w http.ResponseWriter, r *http.Request, rq *request) {
		tusHeaders(w.Header())
		if r.Header.Get("Tus-Resumable") != tusVersion {
			if _, err := s.sender(r, rq); err != nil {
				s.fail(w, r, err) // a stranger is told that first
				return
			}
			w.Header().Set("Tus-Version", tusVersion)
			s.problem(w, r, 0, civic.Refuse("tus_version"))
			return
		}
		next(w, r, rq)
	}
}

// overriddenUpload serves networks that let POST through alone.
func (s *Server) overriddenUpload(w http.ResponseWriter, r *http.Request, rq *request) {
	switch r.Header.Get("X-HTTP-Method-Override") {
	case http.MethodPatch:
		s.patchUpload(w, r, rq)
	case http.MethodDelete:
		s.deleteUpload(w, r, rq)
	case http.MethodHead:
		s.headUpload(w, r, rq)
	default:
		w.Header().Set("Allow", "DELETE, HEAD, OPTIONS, PATCH")
		s.problem(w, r, 0, civic.Refuse(codeMethod))
	}
}

// ownToken says which paths look at a device's token themselves: one that has
// ended a short while ago still lets work in.
func ownToken(path string) bool {
	return strings.HasPrefix(path, "/sync") || strings.HasPrefix(path, "/media/uploads") || strings.HasPrefix(path, "/media/sha256/")
}

// sender finds out which person of the town hall asks. Somebody without a device
// and a session is nobody yet: a report's secret may make them a sender.
func (s *Server) sender(r *http.Request, rq *request) (civic.Sender, error) {
	actor := rq.actor
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		g, err := s.Store.Grant(r.Context(), rq.j(), token, s.Now())
		switch {
		case errors.Is(err, civic.ErrBadToken):
			return civic.Sender{}, civic.Refuse("token")
		case err != nil:
			return civic.Sender{}, errors.Join(civic.ErrBusy, err)
		case g.Revoked:
			return civic.Sender{}, g.Refusal()
		}
		actor = g.Actor
	}
	switch {
	case actor.Role == civic.RoleCitizen:
		if s.Open || slices.ContainsFunc(r.Cookies(), func(c *http.Cookie) bool { return strings.Contains(c.Name, "r-") }) {
			return civic.Sender{}, nil
		}
		return civic.Sender{}, civic.Refuse("sign_in")
	case !actor.Role.MayAttach() && !s.Open:
		return civic.Sender{}, civic.Refuse(civic.CodeForbidden)
	}
	return civic.Sender{User: actor.User}, nil
}

// reporter makes a sender of somebody who holds a report's secret.
func (s *Server) reporter(r *http.Request, rq *request, name string) (civic.Sender, civic.ReportID, error) {
	report, err := s.findReport(r.Context(), rq, name)
	if err != nil && !errors.Is(err, civic.ErrNotFound) {
		return civic.Sender{}, report.ID, err
	}
	if err != nil || !s.holdsSecret(r, rq, &report) {
		if err = s.codeAsked(rq, name); err == nil {
			err = civic.ErrNotFound // as if there were none
		}
		return civic.Sender{}, report.ID, err
	}
	return civic.Sender{Report: report.ID}, report.ID, nil
}

// createUpload begins an upload.
func (s *Server) createUpload(w http.ResponseWriter, r *http.Request, rq *request) {
	u, err := s.askedUpload(r, rq)
	if err != nil {
		s.failUpload(w, r, err)
		return
	}
	if u, err = s.Store.BeginUpload(r.Context(), rq.j(), u, s.Now()); err != nil {
		s.failUpload(w, r, err)
		return
	}
	if u.State == civic.UploadRefused {
		s.failUpload(w, r, civic.Refuse(u.Code))
		return
	}
	w.Header().Set("Location", "/media/uploads/"+u.ID.String())
	w.Header().Set("Upload-Expires", u.Expires.UTC().Format(http.TimeFormat))
	w.WriteHeader(http.StatusCreated)
}

// askedUpload reads what a creation asks for.
func (s *Server) askedUpload(r *http.Request, rq *request) (u civic.Upload, err error) {
	if u.Sender, err = s.sender(r, rq); err != nil {
		return u, err
	}
	if u.Sender.User.IsZero() && !s.limits.allow(limitPhoto, rq.place) {
		return u, civic.Refuse("too_fast")
	}
	if s.Room != nil && !s.Room() {
		return u, civic.Refuse("no_room")
	}
	if u.Bytes, err = parseSize(r.Header.Get("Upload-Length")); err != nil {
		return u, civic.Refuse("bad_request", "field", "Upload-Length")
	}
	switch {
	case u.Bytes == 0:
		return u, civic.Refuse(photo.CodeEmpty)
	case u.Bytes > civic.MaxAttachmentBytes:
		return u, civic.Refuse(photo.CodeTooLarge, "max_mb", civic.MaxAttachmentBytes/1_000_000)
	}
	u.ID = civic.UploadID(uuid.New())
	u.Metadata = r.Header.Get("Upload-Metadata")
	return u, s.fillUpload(r, rq, &u)
}

// fillUpload takes from the metadata what it knows; the rest is given back as it
// came.
func (s *Server) fillUpload(r *http.Request, rq *request, u *civic.Upload) error {
	said, err := parseMetadata(u.Metadata)
	if err != nil {
		return err
	}
	if kind := said["filetype"]; kind != "" && !photo.Takes(kind) {
		return &photo.Error{Code: photo.CodeType}
	}
	if u.Hash = civic.SHA256(said["sha256"]); u.Hash != "" && !u.Hash.Valid() {
		return civic.Refuse("bad_request", "field", "sha256")
	}
	if u.Sender.User.IsZero() {
		u.Sender, u.Report, err = s.reporter(r, rq, said["report"])
		return err
	}
	if said["report"] == "" {
		return nil
	}
	if u.Report, err = civic.ParseID[civic.Report](said["report"]); err != nil {
		return civic.Refuse("bad_request", "field", "report")
	}
	return nil
}

// ownUpload finds the upload of a path for its sender; to others there is none, and
// finding that out asks for the same things as where there is none.
func (s *Server) ownUpload(r *http.Request, rq *request) (u civic.Upload, err error) {
	sender, err := s.sender(r, rq)
	if err != nil {
		return u, err
	}
	id, err := civic.ParseID[civic.Upload](r.PathValue("id"))
	if err != nil {
		return u, civic.ErrNotFound
	}
	u, err = s.Store.Upload(r.Context(), rq.j(), id)
	if err != nil && !errors.Is(err, civic.ErrNotFound) {
		return u, err
	}
	there := err == nil
	if sender.User.IsZero() {
		report := u.Sender.Report
		if report.IsZero() { // none, or somebody's of the town hall
			report = civic.KeyedID[civic.Report](s.Store.TownKey(rq.j()), id, "no report")
		}
		if sender, _, err = s.reporter(r, rq, report.String()); err != nil && !s.Open {
			return u, err
		}
	}
	if !there || sender != u.Sender && !s.Open {
		return u, civic.ErrNotFound
	}
	if !s.Now().Before(u.Expires) {
		return u, civic.Refuse("upload_expired")
	}
	if u.State == civic.UploadRefused {
		return u, civic.Refuse(u.Code)
	}
	return u, nil
}

// headUpload tells how far an upload has come. One that is whole and was left so
// is put together first: whoever reads the full length takes it for done.
func (s *Server) headUpload(w http.ResponseWriter, r *http.Request, rq *request) {
	u, err := s.ownUpload(r, rq)
	if err == nil && u.State == civic.UploadOpen && u.Received == u.Bytes {
		err = s.FinishUpload(context.WithoutCancel(r.Context()), rq.j(), u.ID)
	}
	if err != nil {
		s.failUpload(w, r, err)
		return
	}
	h := w.Header()
	offsetHeaders(h, u)
	h.Set("Upload-Length", strconv.FormatInt(u.Bytes, 10))
	if u.Metadata != "" {
		h.Set("Upload-Metadata", u.Metadata)
	}
	w.WriteHeader(http.StatusOK)
}

func offsetHeaders(h http.Header, u civic.Upload) {
	h.Set("Upload-Offset", strconv.FormatInt(u.Received, 10))
	h.Set("Upload-Expires", u.Expires.UTC().Format(http.TimeFormat))
}

// deleteUpload ends an upload: what came of it is forgotten. A picture that the
// pipeline has already stays.
func (s *Server) deleteUpload(w http.ResponseWriter, r *http.Request, rq *request) {
	u, err := s.ownUpload(r, rq)
	if err == nil {
		err = s.DropUpload(r.Context(), rq.j(), u.ID)
	}
	if err != nil {
		s.failUpload(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// headHash says whether the bytes of a hash are here, to whoever attached it and
// to nobody else.
func (s *Server) headHash(w http.ResponseWriter, r *http.Request, rq *request) {
	w.Header().Set("Cache-Control", "no-store")
	hash := civic.SHA256(r.PathValue("sha256"))
	sender, err := s.sender(r, rq)
	if err == nil && sender.User.IsZero() {
		sender, _, err = s.reporter(r, rq, r.URL.Query().Get("report"))
	}
	has := false
	if err == nil && hash.Valid() {
		has, err = s.Store.HasAttached(r.Context(), rq.j(), sender, hash)
	}
	if err == nil && !has {
		err = civic.ErrNotFound
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// failUpload answers for an error. What is left of the body is not read: the
// connection goes with the answer.
func (s *Server) failUpload(w http.ResponseWriter, r *http.Request, err error) {
	if r.ContentLength != 0 {
		w.Header().Set("Connection", "close")
	}
	s.fail(w, r, err)
}

// uploadPatience is how long the bucket may take for what a sender has brought,
// whether or not they still wait for the answer.
const uploadPatience = time.Minute
