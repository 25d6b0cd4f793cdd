package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"
)

// SyncPlan says what a trial of the sync does. A part is left out where its
// number is zero.
type SyncPlan struct {
	Sockets int           // devices, each with a socket of its own
	Idle    time.Duration // how long nobody does anything, to measure memory
	Cases   int           // new cases for each team, before anything else
	Service string        // theirs
	At      [2]float64    // where they lie: lon, lat
	Rate    float64       // edits a second
	Moves   float64       // the share of them that moves a case to another team, 0..1
	For     time.Duration // how long edits go on
	Away    int           // devices that work without a network
	Offline int           // edits that each of those makes
	Storm   bool          // cut every connection at once
	Restart func() error  // ends the program without warning and starts it again; nil leaves it alone
	Seed    uint64

	Seeded  func()            // called when the cases are there and nobody follows, where it is not nil
	Figures *Figures          // filled as the trial goes, where it is not nil
	After   func(part string) // called after idle, edits, offline, storm, restart and rest, where it is not nil
}

// trial is a plan on its way.
type trial struct {
	SyncPlan
	fleet  *fleet
	rng    *rand.Rand
	out    io.Writer
	before usage
}

// Sync lets a fleet follow and edit, and prints what was measured: memory for
// each idle socket, the time from the sending of an edit until each client has
// applied it, bytes for each op, processor for each thousand deltas, how long a
// crowd takes to come back, and at the end whether every replica equals the
// server's rows and every edit has one answer. It fails when they do not.
func Sync(ctx context.Context, s *Site, p SyncPlan, out io.Writer) error {
	if p.Figures == nil {
		p.Figures = &Figures{}
	}
	if p.Cases > 0 {
		if err := s.seedCases(ctx, p.Cases, p.Service, p.At[0], p.At[1]); err != nil {
			return fmt.Errorf("cases: %w", err)
		}
	}
	if p.Seeded != nil {
		p.Seeded()
	}
	before, err := s.usage(ctx)
	if err != nil {
		return err
	}
	f, err := s.newFleet(ctx, p.Sockets)
	if err != nil {
		return err
	}
	signedIn, err := s.usage(ctx)
	if err != nil {
		return err
	}
	before = before.least(signedIn)                                                                     // signing in takes memory for a moment
	t := &trial{SyncPlan: p, fleet: f, rng: rand.New(rand.NewPCG(p.Seed, 2)), out: out, before: before} // #nosec G404 -- load, no secret
	ctx, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	began := time.Now()
	if err := f.start(ctx, &running); err != nil {
		return err
	}
	t.Figures.LiveSeconds = time.Since(began).Seconds()
	fmt.Fprintf(out, "sync: %d sockets, all live after %.1f s\n", p.Sockets, t.Figures.LiveSeconds)
	return t.parts(ctx)
}

func (t *trial) parts(ctx context.Context) error {
	for _, part := range []struct {
		name string
		run  func(context.Context) error
	}{{"idle", t.idle}, {"edits", t.edits}, {"offline", t.offline}, {"storm", t.storm}, {"restart", t.restart}, {"rest", t.atRest}} {
		if err := part.run(ctx); err != nil {
			return err
		}
		if t.After != nil {
			t.After(part.name)
		}
	}
	return nil
}

// idle measures what silent sockets cost.
func (t *trial) idle(ctx context.Context) error {
	if t.Idle == 0 {
		return nil
	}
	from, err := t.fleet.site.usage(ctx)
	if err != nil {
		return err
	}
	pause(ctx, t.Idle)
	now, err := t.fleet.site.usage(ctx)
	if err != nil {
		return err
	}
	n, kib := float64(t.Sockets), 1024.0
	fmt.Fprintf(t.out, "idle: %.1f KiB a socket in the program (heap %.1f, stacks %.1f), %.1f KiB resident, %.1f goroutines; processor %.1f %% of one core\n",
		(now.program()-t.before.program())/n/kib, (now.heap-t.before.heap)/n/kib, (now.stack-t.before.stack)/n/kib,
		(now.resident-t.before.resident)/n/kib, (now.goroutines-t.before.goroutines)/n, 100*(now.cpu-from.cpu)/t.Idle.Seconds())
	return nil
}

// edits lets crews edit at a steady rate.
func (t *trial) edits(ctx context.Context) error {
	if t.Rate == 0 || t.For == 0 {
		return nil
	}
	f := t.fleet
	f.marks.take()
	from, err := f.site.usage(ctx)
	if err != nil {
		return err
	}
	bytes, began, pushed := f.wire.Load(), time.Now(), 0
	for ; time.Since(began) < t.For && ctx.Err() == nil; pushed++ {
		if err := t.edit(t.rng.Float64() < t.Moves); err != nil {
			return err
		}
		pause(ctx, time.Until(began.Add(time.Duration(float64(pushed+1)/t.Rate*float64(time.Second)))))
	}
	took := time.Since(began).Seconds()
	if err := f.answered(ctx); err != nil {
		return err
	}
	now, err := f.site.usage(ctx)
	if err != nil {
		return err
	}
	acked, applied, ops := f.marks.take()
	if ops == 0 {
		return errors.New("no op was applied")
	}
	t.Figures.Writes, t.Figures.WriteSeconds, t.Figures.Applied = pushed, took, ops
	t.Figures.Latency, t.Figures.BytesPerOp = spread(applied), float64(f.wire.Load()-bytes)/float64(ops)
	fmt.Fprintf(t.out, "edits: %d in %.1f s (%.0f/s, %.0f %% moves), %d ops applied\n", pushed, took, float64(pushed)/took, 100*t.Moves, ops)
	fmt.Fprintf(t.out, "edits: sent to answered %s; sent to applied by each client %s\n", quantiles(acked), quantiles(applied))
	fmt.Fprintf(t.out, "edits: %d B received for each op applied, all frames counted; %.3f s of processor for 1,000 ops\n",
		(f.wire.Load()-bytes)/int64(ops), 1000*(now.cpu-from.cpu)/float64(ops))
	return nil
}

// edit lets one client, drawn, change a field of a case of its team or move it to
// another's.
func (t *trial) edit(move bool) error {
	clients := t.fleet.clients
	for range len(clients) {
		c := clients[t.rng.IntN(len(clients))]
		mine, id, rev, ok := aCase(c)
		if !ok {
			continue
		}
		e := oneField(t.rng, id)
		if other, _, _, _ := aCase(clients[t.rng.IntN(len(clients))]); move && other != mine && other != "" {
			e = toTeam(id, rev, other)
		}
		t.fleet.marks.leave(e.ID)
		c.Push(e)
		return nil
	}
	return errors.New("no team has a case: give --cases")
}

// offline lets some devices work without a network, and come back.
func (t *trial) offline(ctx context.Context) error {
	if t.Offline == 0 || t.Away == 0 {
		return nil
	}
	gone := t.fleet.clients[:min(t.Away, len(t.fleet.clients))]
	pushed := 0
	for _, c := range gone {
		c.Away(true)
		for range t.Offline {
			if _, id, rev, ok := aCase(c); ok {
				e := aNote(t.rng, id, rev)
				t.fleet.marks.leave(e.ID)
				c.Push(e)
				pushed++
			}
		}
	}
	began := time.Now()
	for _, c := range gone {
		c.Away(false)
	}
	if err := t.fleet.answered(ctx); err != nil {
		return err
	}
	took := time.Since(began).Seconds()
	t.Figures.Offline, t.Figures.OfflineSeconds = pushed, took
	fmt.Fprintf(t.out, "offline: %d devices come back with %d edits, all answered after %.1f s (%.0f/s)\n",
		len(gone), pushed, took, float64(pushed)/took)
	return nil
}

// storm cuts every connection and waits until everybody is back.
func (t *trial) storm(ctx context.Context) error {
	if !t.Storm {
		return nil
	}
	t.fleet.cut()
	began := time.Now()
	pause(ctx, 200*time.Millisecond) // until the clients know
	if err := t.fleet.live(ctx); err != nil {
		return err
	}
	fmt.Fprintf(t.out, "storm: %d cut at once, all caught up after %.1f s\n", len(t.fleet.clients), time.Since(began).Seconds())
	return nil
}

// restart ends the program while edits are on their way and waits until everybody
// is back and has its answers.
func (t *trial) restart(ctx context.Context) error {
	if t.Restart == nil {
		return nil
	}
	for range t.Away {
		if err := t.edit(false); err != nil {
			return err
		}
	}
	began := time.Now()
	if err := t.Restart(); err != nil {
		return err
	}
	ready := time.Now()
	if err := t.fleet.live(ctx); err != nil {
		return err
	}
	if err := t.fleet.answered(ctx); err != nil {
		return err
	}
	fmt.Fprintf(t.out, "restart: ready again after %.1f s; all %d caught up and %d edits answered %.1f s later\n",
		ready.Sub(began).Seconds(), len(t.fleet.clients), t.Away, time.Since(ready).Seconds())
	return nil
}

// atRest compares answers and replicas with what they should be.
func (t *trial) atRest(ctx context.Context) error {
	v, err := t.fleet.verdict(ctx, "at rest", t.out)
	t.Figures.Unanswered, t.Figures.Doubled, t.Figures.Statuses = v.none, v.several, v.status
	t.Figures.Replicas, t.Figures.Different = v.replicas, v.different
	if err != nil {
		return err
	}
	u, err := t.fleet.site.usage(ctx)
	if err == nil && u.mismatches > t.before.mismatches {
		err = fmt.Errorf("%.0f mismatches were told to the server", u.mismatches-t.before.mismatches)
	}
	return err
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

func quantiles(list []time.Duration) string {
	s := Stats{Times: list}
	return fmt.Sprintf("p50 %s p95 %s p99 %s", round(s.Quantile(0.5)), round(s.Quantile(0.95)), round(s.Quantile(0.99)))
}
