package server_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"segnavia/photo"
	"segnavia/photo/phototest"
)

// TestUploadsAreNotHeldUpByRendering sends photos through the door while others
// are drawn all the time, two at once and more waiting. An upload never waits for
// its turn to be drawn.
func TestUploadsAreNotHeldUpByRendering(t *testing.T) {
	g := newGauntlet(t)
	const uploads = 20
	send := func(round string) []time.Duration {
		took := make([]time.Duration, 0, uploads)
		for i := range uploads {
			f := phototest.File{Name: "a.jpg", Bytes: append(phototest.JPEG(640, 480), fmt.Sprint(round, i)...)}
			began := time.Now()
			if _, code, _ := g.upload(f, "it"); code != "" {
				t.Fatal(code)
			}
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		return took
	}
	send("warm")
	quiet := send("quiet")

	ctx, stop := context.WithCancel(t.Context())
	var drawn sync.WaitGroup
	p := photo.New(t.TempDir())
	u, err := p.Inspect(ctx, bytes.NewReader(phototest.JPEG(4000, 3000)))
	if err != nil {
		t.Fatal(err)
	}
	for range 6 {
		drawn.Go(func() {
			for ctx.Err() == nil {
				_, _ = g.srv.Photos.Render(ctx, u.Path) // its end is the test's
			}
		})
	}
	time.Sleep(200 * time.Millisecond) // the slots are taken
	busy := send("busy")
	stop()
	drawn.Wait()
	at := func(all []time.Duration) time.Duration { return all[int(math.Ceil(0.95*uploads))-1] }
	t.Logf("p95 of an upload: %v with nothing drawn, %v while six are drawn", at(quiet), at(busy))
	// A turn to be drawn takes seconds with six before it; sharing a core does not.
	if at(busy) > time.Second && at(busy) > 10*at(quiet) {
		t.Error("uploads wait for renditions")
	}
}
