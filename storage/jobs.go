package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"segnavia/civic"
)

// photoArgs ask the pipeline to look at an attachment's bytes, if they have
// come, and to say so in every report that names it.
type photoArgs struct {
	Jurisdiction civic.JurisdictionID `json:"jurisdiction"`
	SHA256       civic.SHA256         `json:"sha256"`
}

// Kind names the job in the queue.
func (photoArgs) Kind() string { return "photo" }

// eraseArgs ask to remove the bytes of an attachment that no report names.
type eraseArgs struct {
	Jurisdiction civic.JurisdictionID `json:"jurisdiction"`
	SHA256       civic.SHA256         `json:"sha256"`
}

// Kind names the job in the queue.
func (eraseArgs) Kind() string { return "erase_photo" }

// coverArgs ask to burn the boxes of a report's picture into what the public
// gets. Edit is the one that drew them.
type coverArgs struct {
	Jurisdiction civic.JurisdictionID `json:"jurisdiction"`
	Report       civic.ReportID       `json:"report"`
	SHA256       civic.SHA256         `json:"sha256"`
	Edit         civic.EditID         `json:"edit"`
}

// Kind names the job in the queue.
func (coverArgs) Kind() string { return "cover_photo" }

// ledgerArgs ask to note outside the database that an edit took something away.
type ledgerArgs struct {
	Jurisdiction civic.JurisdictionID `json:"jurisdiction"`
	Edit         civic.EditID         `json:"edit"`
}

// Kind names the job in the queue.
func (ledgerArgs) Kind() string { return "ledger" }

// sweepArgs ask to remove the bytes that no row of any town names.
type sweepArgs struct{}

// Kind names the job in the queue.
func (sweepArgs) Kind() string { return "sweep_bucket" }

// mediaArgs ask to fetch the pictures that another program named for a report.
type mediaArgs struct {
	Jurisdiction civic.JurisdictionID `json:"jurisdiction"`
	Report       civic.ReportID       `json:"report"`
}

// Kind names the job in the queue.
func (mediaArgs) Kind() string { return "fetch_media" }

// mediaTries is how often pictures are asked for: the waits grow with the fourth
// power of the try, eight tries take about two hours and a half.
const mediaTries = 8

// clockArgs ask to do what the clock has made due in every town.
type clockArgs struct{}

// Kind names the job in the queue.
func (clockArgs) Kind() string { return "clock" }

// upkeepArgs ask to make and drop partitions of the log.
type upkeepArgs struct{}

// Kind names the job in the queue.
func (upkeepArgs) Kind() string { return "upkeep" }

// prebuildArgs ask to put snapshots of large scopes into the bucket.
type prebuildArgs struct{}

// Kind names the job in the queue.
func (prebuildArgs) Kind() string { return "prebuild" }

// prebuildEvery is how often snapshots are looked at; a look that finds nothing
// to do is one query a town.
const prebuildEvery = 5 * time.Minute

// queue puts work beside the edit that asks for it, in the same transaction.
type queue struct {
	client *river.Client[pgx.Tx]
}

func newQueue(db *DB) (*queue, error) {
	client, err := river.NewClient(riverpgxv5.New(db.app.Pool), &river.Config{Schema: "river", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, fmt.Errorf("job queue: %w", err)
	}
	return &queue{client}, nil
}

// insert puts the jobs that follow from an edit.
func (q *queue) insert(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, e civic.Edit, effects []civic.Effect, media bool) error {
	var jobs []river.InsertManyParams
	if media {
		jobs = append(jobs, river.InsertManyParams{Args: mediaArgs{j, e.Report}, InsertOpts: &river.InsertOpts{MaxAttempts: mediaTries}})
	}
	if e.Kind == civic.KindAttach {
		var args civic.AttachArgs
		if json.Unmarshal(e.Args, &args) == nil {
			jobs = append(jobs, river.InsertManyParams{Args: photoArgs{j, args.SHA256}})
		}
	}
	if e.Kind.TakesAway() {
		jobs = append(jobs, river.InsertManyParams{Args: ledgerArgs{j, e.ID}})
	}
	for _, effect := range effects {
		switch effect.Kind {
		case civic.EffectErasePhoto:
			jobs = append(jobs, river.InsertManyParams{Args: eraseArgs{j, effect.SHA256}})
		case civic.EffectCoverPhoto:
			jobs = append(jobs, river.InsertManyParams{Args: coverArgs{j, e.Report, effect.SHA256, e.ID}})
		case civic.EffectSpreadPhoto:
			jobs = append(jobs, river.InsertManyParams{Args: spreadArgs{
				j, e.Report, effect.SHA256, e.ID, e.Kind, slices.Contains(effects, civic.Effect{Kind: civic.EffectErasePhoto, SHA256: effect.SHA256}),
			}})
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	if _, err := q.client.InsertManyFastTx(ctx, tx, jobs); err != nil {
		return fmt.Errorf("enqueue: %w", err)
	}
	return nil
}

// Workers are what does the jobs, one function a kind.
type Workers struct {
	Photo      func(context.Context, civic.JurisdictionID, civic.SHA256) error
	ErasePhoto func(context.Context, civic.JurisdictionID, civic.SHA256) error
	// CoverPhoto burns the boxes that an edit drew into what the public gets.
	CoverPhoto func(ctx context.Context, j civic.JurisdictionID, report civic.ReportID, hash civic.SHA256, drawn civic.EditID) error
	// Ledger notes outside the database that an edit took something away.
	Ledger   func(ctx context.Context, j civic.JurisdictionID, edit civic.EditID) error
	Clock    func(context.Context) error
	Prebuild func(context.Context) error
	// SweepBucket removes bytes without a row.
	SweepBucket func(context.Context) error
	// FetchMedia fetches the pictures that another program named for a report.
	// last says that it is not tried again.
	FetchMedia func(ctx context.Context, j civic.JurisdictionID, report civic.ReportID, last bool) error
}

// RunJobs does jobs until the context ends, then lets those under way finish.
func (db *DB) RunJobs(ctx context.Context, w Workers, log *slog.Logger) error {
	workers := river.NewWorkers()
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[photoArgs]) error {
		return w.Photo(ctx, job.Args.Jurisdiction, job.Args.SHA256)
	}))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[eraseArgs]) error {
		return w.ErasePhoto(ctx, job.Args.Jurisdiction, job.Args.SHA256)
	}))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[coverArgs]) error {
		a := job.Args
		return w.CoverPhoto(ctx, a.Jurisdiction, a.Report, a.SHA256, a.Edit)
	}))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[ledgerArgs]) error {
		return w.Ledger(ctx, job.Args.Jurisdiction, job.Args.Edit)
	}))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[sweepArgs]) error {
		return w.SweepBucket(ctx)
	}))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[mediaArgs]) error {
		return w.FetchMedia(ctx, job.Args.Jurisdiction, job.Args.Report, job.Attempt >= job.MaxAttempts)
	}))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[clockArgs]) error {
		return w.Clock(ctx)
	}))
	river.AddWorker(workers, river.WorkFunc(db.workVisibility))
	river.AddWorker(workers, river.WorkFunc(db.workSpread))
	river.AddWorker(workers, river.WorkFunc(db.workSpots))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[prebuildArgs]) error {
		return w.Prebuild(ctx)
	}))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[upkeepArgs]) error {
		return db.Upkeep(ctx)
	}))
	client, err := river.NewClient(riverpgxv5.New(db.jobs.Pool), &river.Config{
		Schema: "river", Workers: workers, Logger: log.With(slog.String("part", "jobs")),
		Queues:       map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}},
		PeriodicJobs: periodic(), ErrorHandler: jobErrors{log}, JobTimeout: 2 * time.Minute,
	})
	if err != nil {
		return fmt.Errorf("job queue: %w", err)
	}
	// The jobs under way outlive ctx: Stop lets them finish.
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("job queue: %w", err)
	}
	<-ctx.Done()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := client.Stop(stop); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

func periodic() []*river.PeriodicJob {
	every := func(d time.Duration, args river.JobArgs) *river.PeriodicJob {
		return river.NewPeriodicJob(river.PeriodicInterval(d), func() (river.JobArgs, *river.InsertOpts) {
			return args, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByPeriod: d}}
		}, &river.PeriodicJobOpts{RunOnStart: true})
	}
	return []*river.PeriodicJob{
		every(time.Minute, clockArgs{}), every(time.Hour, upkeepArgs{}), every(prebuildEvery, prebuildArgs{}), every(6*time.Hour, sweepArgs{}),
	}
}

// jobErrors says once, in the program's log, that a job did not succeed.
type jobErrors struct{ log *slog.Logger }

func (h jobErrors) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	h.log.WarnContext(ctx, "job not done", "kind", job.Kind, "job", job.ID, "attempt", job.Attempt, "err", err)
	return nil
}

func (h jobErrors) HandlePanic(ctx context.Context, job *rivertype.JobRow, panicked any, trace string) *river.ErrorHandlerResult {
	h.log.ErrorContext(ctx, "job panicked", "kind", job.Kind, "job", job.ID, "panic", fmt.Sprint(panicked), "trace", trace)
	return nil
}
