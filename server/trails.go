package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
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
// out of each, where and when they were taken. What is left at the end of its time is
// for the next stroke of the clock.
func (s *Server) StripTrails(ctx context.Context, j civic.JurisdictionID) error {
	for end := time.Now().Add(trailsFor); time.Now().Before(end); {
		list, err := s.Store.Trails(ctx, j, trailsAtOnce)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, p := range list {
			if err := s.stripTrail(ctx, j, p); err != nil {
				return fmt.Errorf("strip %s: %w", p.SHA256, err)
			}
		}
	}
	return nil
}

func (s *Server) stripTrail(ctx context.Context, j civic.JurisdictionID, p civic.StoredPhoto) error {
	key := PhotoKey(j, p.SHA256, "original")
	body, err := s.Bucket.Get(ctx, key)
	if errors.Is(err, civic.ErrNotFound) {
		return s.Store.TrailGone(ctx, j, p.SHA256)
	}
	if err != nil {
		return err
	}
	defer body.Close() //nolint:errcheck // only read
	f, err := os.CreateTemp("", "segnavia-photo-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // a temporary file
	_, err = io.Copy(f, body)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	err = s.putBare(ctx, key, f.Name(), p.Mime)
	var bad *photo.Error
	if errors.As(err, &bad) && bad.Code != photo.CodeUnavailable {
		// No decoder reads it, so nobody ever saw it; what it tells cannot be told apart.
		err = s.put(ctx, key, http.NoBody, 0, p.Mime)
	}
	if err != nil {
		return err
	}
	return s.Store.TrailGone(ctx, j, p.SHA256)
}
