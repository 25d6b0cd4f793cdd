package server

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/http"

	"github.com/google/uuid"

	"segnavia/civic"
)

// newNonce draws what the sender of a report proves themselves by.
func newNonce() string {
	var b [24]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// bornWith reads what a form's report was born with: a script mints id and nonce, a
// page without script has the nonce alone, and an old page or draft has no nonce.
func (s *Server) bornWith(ctx context.Context, rq *request, f *form) (in newReport, err error) {
	if in.Nonce, err = civic.ParseNonce(f.text("nonce")); err != nil {
		return in, err
	}
	if in.ID, err = civic.ParseID[civic.Report](f.text("id")); err == nil && in.ID.Reserved() {
		return in, civic.Refuse(civic.CodeBadEdit, "field", "id", "why", "reserved")
	}
	switch {
	case err == nil && !in.ID.IsZero():
		return in, nil
	case !in.Nonce.IsZero():
		in.ID = s.reportOfNonce(rq, in.Nonce)
		sent, err := s.Store.SentWith(ctx, rq.j(), in.ID, in.Nonce)
		if sent { // whoever sends it again need not be shown their own report
			f.Set("seen", "1")
		}
		return in, err
	}
	fresh, err := uuid.NewV7()
	in.ID = civic.ReportID(fresh)
	return in, err
}

// reportOfNonce is the id of the report that a page without script sends.
func (s *Server) reportOfNonce(rq *request, nonce civic.NonceHash) civic.ReportID {
	return civic.KeyedID[civic.Report](s.Store.TownKey(rq.j()), rq.j(), "nonce:"+string(nonce[:]))
}

// sentCookie keeps, in a browser without script, the nonce of what it sent last: a page
// that is not kept anywhere is asked for anew on the way back, with another nonce, and
// browsers put into it again what was written.
const sentCookie = "sent"

const sentSeconds = 3600

func (s *Server) keepSent(w http.ResponseWriter, f *form) {
	if nonce := f.text("nonce"); nonce != "" && f.text("id") == "" {
		http.SetCookie(w, s.cookie(sentCookie, nonce, sentSeconds))
	}
}

// sentBefore gives the receipt of the report that this browser sent last, where a page
// without script sends the same words again. Other words are another report; the
// limits count it once.
func (s *Server) sentBefore(r *http.Request, rq *request, f *form, in *newReport) (receipt civic.Receipt, sent bool, err error) {
	nonce, err := civic.ParseNonce(s.readCookie(r, sentCookie))
	if err != nil || nonce.IsZero() || f.text("id") != "" {
		return receipt, false, nil
	}
	old := s.reportOfNonce(rq, nonce)
	if sent, err = s.Store.SentWith(r.Context(), rq.j(), old, nonce); err != nil || !sent {
		return receipt, false, err
	}
	if err := s.admit(rq, in); err != nil {
		return receipt, false, err
	}
	again := *in
	again.ID, again.Nonce = old, nonce
	receipt, _, err = s.take(r.Context(), rq, again)
	if civic.CodeOf(err) != "" {
		return receipt, false, nil // other words
	}
	return receipt, err == nil, err
}
