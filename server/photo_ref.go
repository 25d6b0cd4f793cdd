package server

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"strings"

	"segnavia/civic"
)

// photoRef names bytes to whoever has sent them: their hash, and a proof of this town
// that they were sent. Others may know the hash, of a case that they work on or have
// worked on; they are not given the reference.
func (s *Server) photoRef(rq *request, hash civic.SHA256) string {
	return string(hash) + "." + base64.RawURLEncoding.EncodeToString(s.Store.TownKey(rq.j()).Sum("photo", []byte(hash))[:20])
}

// referred finds the photo of a reference. A hash alone is one for the person of the
// town hall who sent the bytes. Anything else is civic.ErrNotFound, whether or not
// such bytes are here.
func (s *Server) referred(ctx context.Context, rq *request, ref string) (civic.StoredPhoto, error) {
	name, proof, _ := strings.Cut(ref, ".")
	hash := civic.SHA256(name)
	if !hash.Valid() {
		return civic.StoredPhoto{}, civic.ErrNotFound
	}
	proven := proof != "" && hmac.Equal([]byte(ref), []byte(s.photoRef(rq, hash)))
	if from := (civic.Sender{User: rq.actor.User}); !proven && !from.User.IsZero() {
		var err error
		if proven, err = s.Store.BroughtBy(ctx, rq.j(), from, hash); err != nil {
			return civic.StoredPhoto{}, err
		}
	}
	if !proven {
		return civic.StoredPhoto{}, civic.ErrNotFound
	}
	return s.Store.Photo(ctx, rq.j(), hash)
}
