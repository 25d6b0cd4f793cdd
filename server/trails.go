package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"segnavia/civic"
	"segnavia/photo"
)

// How much of the clock's minute goes to old pictures of a town.
const (
	trailsAtOnce = 20
	trailsFor    = 20 * time.Second
)

// StripTrails takes out of originals of people at work, which came before it was taken
// out of each, where and when they were taken. What is left at the end of its time, or
// could not be read, is for the next stroke of the clock: the error is the first one's.
func (s *Server) StripTrails(ctx context.Context, j civic.JurisdictionID) error {
	var first error
	var after civic.SHA256
	for end := time.Now().Add(trailsFor); time.Now().Before(end); {
		list, err := s.Store.Trails(ctx, j, after, trailsAtOnce)
		if err != nil || len(list) == 0 {
			return errors.Join(first, err)
		}
		for _, p := range list {
			after = p.SHA256
			// One picture must not hold up the others.
			if err := s.stripTrail(ctx, j, p); err != nil && first == nil {
				first = fmt.Errorf("strip %s: %w", p.SHA256, err)
			}
		}
	}
	return first
}

func (s *Server) stripTrail(ctx context.Context, j civic.JurisdictionID, p civic.StoredPhoto) error {
	key := PhotoKey(j, p.SHA256, "original")
	err := withOriginal(ctx, s.Bucket, j, p.SHA256, func(path string) error { return s.putBare(ctx, key, path, p.Mime) })
	if noPicture(err) {
		// No decoder reads it, so nobody ever saw it; what it tells cannot be told apart.
		err = s.put(ctx, key, http.NoBody, 0, p.Mime)
	}
	if err != nil && !errors.Is(err, civic.ErrNotFound) { // without an original nothing tells
		return err
	}
	return s.Store.TrailGone(ctx, j, p.SHA256)
}

// noPicture reports whether bytes are none that anybody can open, on any machine. One that
// takes this machine too long, or too much, may be opened another time.
func noPicture(err error) bool {
	var bad *photo.Error
	if !errors.As(err, &bad) {
		return false
	}
	switch bad.Code {
	case photo.CodeEmpty, photo.CodeType, photo.CodeBroken, photo.CodeTooManyPixels:
		return true
	}
	return false
}
