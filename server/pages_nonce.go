package server

import (
	"context"
	"crypto/rand"
	"encoding/base64"

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
		in.ID = civic.KeyedID[civic.Report](s.Store.TownKey(rq.j()), rq.j(), "nonce:"+string(in.Nonce[:]))
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
