package client

import (
	"context"
	"io"
	"time"
)

// watchdog ends a request that stands still. A long answer may take as long as it
// likes while bytes keep coming.
type watchdog struct {
	timer  *time.Timer
	cancel context.CancelFunc
	most   time.Duration
}

// watched is a context that ends when the watchdog has not been patted for most.
func watched(ctx context.Context, most time.Duration) (context.Context, *watchdog) {
	ctx, cancel := context.WithCancel(ctx)
	return ctx, &watchdog{time.AfterFunc(most, cancel), cancel, most}
}

func (w *watchdog) pat() { w.timer.Reset(w.most) }

func (w *watchdog) end() {
	w.timer.Stop()
	w.cancel()
}

// patientBody is an answer under a watchdog.
type patientBody struct {
	io.ReadCloser
	watch *watchdog
}

func (b *patientBody) Read(p []byte) (int, error) {
	b.watch.pat()
	return b.ReadCloser.Read(p)
}

func (b *patientBody) Close() error {
	err := b.ReadCloser.Close()
	b.watch.end()
	return err
}
