package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/sync/errgroup"

	"segnavia/channel/table"
	"segnavia/civic"
)

type importCmd struct {
	where  `embed:""`
	Format string `help:"What the file is: cases (csv), streets (GeoJSON) or house numbers (csv)." enum:"csv,streets,addresses" default:"csv"`
	Map    string `help:"Mapping: what the columns mean." required:"" type:"existingfile"`
	DryRun bool   `help:"Read and tell what was understood; write nothing."`
	File   string `arg:"" help:"The file; a table may be packed with gzip." type:"existingfile"`
}

// shownSkips is how many skipped lines are printed; all are in the file beside.
const shownSkips = 20

// Run reads a table of cases twice: once for its town, once for its cases.
func (c *importCmd) Run(_ *kong.Context, ctx context.Context, log *slog.Logger) error {
	if c.Format != "csv" {
		return c.register(ctx, log)
	}
	mapping, areas, err := c.mapping()
	if err != nil {
		return err
	}
	survey, err := c.look(mapping)
	if err != nil {
		return err
	}
	c.understood(mapping, survey, areas)
	switch {
	case survey.Rows == 0:
		return fmt.Errorf("%s: no line can be used; the first: %w", c.File, first(survey.Skipped))
	case c.DryRun:
		return c.dry(survey.Skipped)
	}
	s, err := c.open(ctx, log, false)
	if err != nil {
		return err
	}
	err = c.write(ctx, s, mapping, survey, areas)
	return errors.Join(err, s.close(context.WithoutCancel(ctx)))
}

func (c *importCmd) mapping() (*table.Mapping, []civic.ShapedArea, error) {
	f, err := os.Open(c.Map)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	m, err := table.ReadMapping(f)
	if err != nil || m.Town.Areas == "" {
		return m, nil, err
	}
	raw, err := os.ReadFile(filepath.Join(filepath.Dir(c.Map), m.Town.Areas)) // #nosec G304 -- the operator's own file
	if err != nil {
		return nil, nil, err
	}
	areas, err := m.ReadAreas(raw)
	return m, areas, err
}

func (c *importCmd) look(m *table.Mapping) (*table.Survey, error) {
	f, err := os.Open(c.File)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	return m.Look(f)
}

// importBatch is how many rows go into one transaction: one head bump each.
const importBatch = 2000

// importWriters is how many transactions write at once: they meet only at the
// heads, for a moment at their ends.
const importWriters = 3

func (c *importCmd) write(ctx context.Context, s *stores, m *table.Mapping, survey *table.Survey, areas []civic.ShapedArea) error {
	town := m.Blueprint(survey, areas)
	if err := s.db.SaveTown(ctx, town); err != nil {
		return err
	}
	started := time.Now()
	told, err := c.tell(ctx, s, m, town, survey.Rows)
	if err != nil {
		return err
	}
	took := time.Since(started)
	fmt.Printf("%s: %d new, %d known already, %d lines skipped, %d edits refused, in %.1f s (%.0f rows/s)\n",
		town.Name, told.New, told.Known, survey.Left, len(told.Refused), took.Seconds(),
		float64(survey.Rows)/took.Seconds())
	return c.report(survey, told)
}

// tell writes the cases while the next ones are read.
func (c *importCmd) tell(ctx context.Context, s *stores, m *table.Mapping, town *civic.Blueprint, rows int) (civic.Told, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	batches := make(chan []civic.Past, 2)
	read := make(chan error, 1)
	go func() { // ends with the file or with ctx; read is waited for below
		defer close(batches)
		read <- c.read(ctx, m, town, batches)
	}()
	bar := newProgress("reports", rows)
	defer bar.done()
	var mu sync.Mutex
	var all civic.Told
	group, ctx := errgroup.WithContext(ctx)
	for range importWriters {
		group.Go(func() error {
			for batch := range batches {
				told, err := s.db.IngestPast(ctx, town.ID, batch)
				if err != nil {
					cancel()
					for range batches { //nolint:revive // let the reader end
					}
					return err
				}
				mu.Lock()
				all.New, all.Known = all.New+told.New, all.Known+told.Known
				all.Refused = append(all.Refused, told.Refused...)
				mu.Unlock()
				bar.add(len(batch))
			}
			return nil
		})
	}
	err := group.Wait()
	if readErr := <-read; err == nil {
		err = readErr
	}
	return all, err
}

func (c *importCmd) read(ctx context.Context, m *table.Mapping, town *civic.Blueprint, batches chan<- []civic.Past) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	now := time.Now()
	batch := make([]civic.Past, 0, importBatch)
	send := func() error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case batches <- batch:
			batch = make([]civic.Past, 0, importBatch)
			return nil
		}
	}
	for row, err := range m.Rows(f) {
		if errors.As(err, new(*table.SkippedError)) {
			continue // the first reading has told of it
		}
		if err != nil {
			return err
		}
		if batch = append(batch, m.Past(town.ID, row, now)); len(batch) == importBatch {
			if err := send(); err != nil {
				return err
			}
		}
	}
	return send()
}

// dry shows the first lines that would be skipped, and writes no file.
func (c *importCmd) dry(skipped []table.SkippedError) error {
	for i, one := range skipped {
		if i == shownSkips {
			fmt.Printf("and %d more\n", len(skipped)-i)
			break
		}
		fmt.Printf("line %d: %s\n", one.Line, one.Why)
	}
	fmt.Println("a dry run: nothing was written")
	return nil
}

// report tells which lines and edits did not go in, and why: the first ones on
// the screen, all of them in a file beside the table's name.
func (c *importCmd) report(survey *table.Survey, told civic.Told) error {
	if len(survey.Skipped)+len(told.Refused) == 0 {
		return nil
	}
	name := filepath.Base(c.File) + ".skipped.txt"
	f, err := os.Create(name) // #nosec G304 -- beside where the operator stands
	if err != nil {
		return err
	}
	for i, skipped := range survey.Skipped {
		line := fmt.Sprintf("line %d: %s\n", skipped.Line, skipped.Why)
		if _, err := f.WriteString(line); err != nil {
			return errors.Join(err, f.Close())
		}
		if i < shownSkips {
			fmt.Print(line)
		}
	}
	for _, r := range told.Refused {
		if _, err := fmt.Fprintf(f, "line %d: %s refused: %s (report %s)\n", r.Line, r.Kind, r.Code, r.Report); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	fmt.Printf("all of them: %s\n", name)
	return f.Close()
}
