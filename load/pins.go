package load

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"segnavia/civic"
	"segnavia/sync/client"
)

// Pins measures the way of a report to the replica of a crew that is online: from
// the moment it is sent to the moment that the crew's client has applied it. The
// reports are sent one after the other, as citizens send them.
func Pins(ctx context.Context, s *Site, login, service string, count int, lon, lat float64) (*Stats, error) {
	var device client.Options
	for _, d := range s.Devices {
		if d.Login != login {
			continue
		}
		id, err := civic.ParseID[civic.Device](d.ID)
		if err != nil {
			return nil, err
		}
		device = client.Options{URL: s.URL, Device: id, Token: d.Token}
	}
	if device.Token == "" {
		return nil, fmt.Errorf("no device of %s", login)
	}
	arrivals := newArrivals()
	device.Changed = func(_ civic.Scope, ops []civic.Op) { arrivals.note(ops) }
	crew := client.New(device)
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	running.Go(func() { _ = crew.Run(ctx) }) // ends with ctx
	for len(crew.Scopes()) == 0 {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return run(ctx, "pin to crew", 1, count, func(ctx context.Context, _, n int) (int64, error) {
		id := uuid.Must(uuid.NewV7())
		arrived := arrivals.expect(civic.ReportID(id))
		if _, err := s.post(ctx, "/api/v1/reports", "", map[string]any{
			"id": id, "service": service, "title": fmt.Sprintf("Carico %d", n), "lon": lon, "lat": lat,
		}, nil); err != nil {
			return 0, err
		}
		select {
		case <-arrived:
			return 0, nil
		case <-time.After(10 * time.Second):
			return 0, errors.New("not within 10 s")
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}), nil
}

// arrivals tells when a report reaches a replica.
type arrivals struct {
	mu   sync.Mutex
	wait map[civic.ReportID]chan struct{}
}

func newArrivals() *arrivals { return &arrivals{wait: make(map[civic.ReportID]chan struct{})} }

func (a *arrivals) expect(id civic.ReportID) <-chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	ch := make(chan struct{})
	a.wait[id] = ch
	return ch
}

func (a *arrivals) note(ops []civic.Op) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, op := range ops {
		if ch, ok := a.wait[op.ID]; ok {
			close(ch)
			delete(a.wait, op.ID)
		}
	}
}
