package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
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
	mapping, err := c.mapping()
	if err != nil {
		return err
	}
	var s *stores
	// A dry run of areas or of projected coordinates asks PostGIS what they are.
	if !c.DryRun || mapping.Town.Areas != "" || mapping.Projected() {
		if s, err = c.open(ctx, log, false); err != nil {
			if !c.DryRun || mapping.Projected() {
				return err
			}
			fmt.Printf("areas are not compared with each other: %v\n", err)
			s = nil
		}
	}
	err = c.cases(ctx, s, mapping)
	if s != nil {
		err = errors.Join(err, s.close(context.WithoutCancel(ctx)))
	}
	return err
}

// cases tells what a table was taken for and writes it, unless the run is dry. s may
// be nil where nothing needs a database.
func (c *importCmd) cases(ctx context.Context, s *stores, mapping *table.Mapping) error {
	areas, told, err := c.areas(ctx, s, mapping)
	if err != nil {
		return err
	}
	read, err := c.table(ctx, s, mapping, areas)
	if err != nil {
		return err
	}
	survey, err := read.Look()
	if err != nil {
		return err
	}
	c.understood(read, mapping, survey, areas, told)
	switch {
	case survey.Rows == 0:
		return fmt.Errorf("%s: no line can be used; the first: %w", c.File, first(survey.Skipped))
	case c.DryRun:
		return c.dry(survey.Skipped, survey.Noted)
	}
	return c.write(ctx, s, read, mapping, survey, areas)
}

func (c *importCmd) mapping() (*table.Mapping, error) {
	f, err := os.Open(c.Map)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	m, err := table.ReadMapping(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Map, err)
	}
	return m, nil
}

// areas reads the areas that the mapping names, mends them and tells what was done.
func (c *importCmd) areas(ctx context.Context, s *stores, m *table.Mapping) (areas []civic.ShapedArea, told []string, err error) {
	if m.Town.Areas == "" {
		return nil, nil, nil
	}
	raw, err := os.ReadFile(filepath.Join(filepath.Dir(c.Map), m.Town.Areas)) // #nosec G304 -- the operator's own file
	if err != nil {
		return nil, nil, err
	}
	areas, told, err = m.ReadAreas(raw, s.projector(ctx))
	if err != nil {
		return nil, told, fmt.Errorf("%s: %w", m.Town.Areas, err)
	}
	if s == nil {
		return areas, told, nil
	}
	areas, mended, err := s.db.MendAreas(ctx, areas)
	return areas, append(told, mended...), err
}

// projector turns coordinates by the database's PostGIS; nil without a database.
func (s *stores) projector(ctx context.Context) table.Projector {
	if s == nil {
		return nil
	}
	return func(epsg int, at []civic.Position) error {
		err := s.db.Project(ctx, epsg, at)
		if refused, ok := errors.AsType[*civic.Error](err); ok && refused.Code == "bad_coordinates" {
			return fmt.Errorf("PostGIS knows no reference system EPSG:%d", epsg)
		}
		return err
	}
}

// table opens the file and finds its heading.
func (c *importCmd) table(ctx context.Context, s *stores, m *table.Mapping, areas []civic.ShapedArea) (*table.Table, error) {
	f, err := os.Open(c.File)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	t, err := m.Open(f, table.Reading{Now: time.Now(), Areas: areas, Project: s.projector(ctx)})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.File, err)
	}
	return t, nil
}

// importBatch is how many rows go into one transaction: one head bump each.
const importBatch = 2000

// importWriters is how many transactions write at once: they meet only at the
// heads, for a moment at their ends.
const importWriters = 3

func (c *importCmd) write(ctx context.Context, s *stores, t *table.Table, m *table.Mapping, survey *table.Survey, areas []civic.ShapedArea) error {
	town := m.Blueprint(survey, areas)
	if err := s.db.SaveTown(ctx, town); err != nil {
		return err
	}
	started := time.Now()
	told, err := c.tell(ctx, s, t, m, town, survey.Rows)
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
func (c *importCmd) tell(ctx context.Context, s *stores, t *table.Table, m *table.Mapping, town *civic.Blueprint, rows int) (civic.Told, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	batches := make(chan []civic.Past, 2)
	read := make(chan error, 1)
	go func() { // ends with the file or with ctx; read is waited for below
		defer close(batches)
		read <- c.read(ctx, t, m, town, batches)
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

func (c *importCmd) read(ctx context.Context, t *table.Table, m *table.Mapping, town *civic.Blueprint, batches chan<- []civic.Past) error {
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
	for row, err := range t.Rows() {
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
func (c *importCmd) dry(skipped, noted []table.SkippedError) error {
	for _, list := range [][]table.SkippedError{skipped, noted} {
		for i, one := range list {
			if i == shownSkips {
				fmt.Printf("and %d more\n", len(list)-i)
				break
			}
			fmt.Printf("%s %d: %s\n", c.unit(), one.Line, one.Why)
		}
	}
	fmt.Println("a dry run: nothing was written")
	return nil
}

// unit is what is numbered in the file.
func (c *importCmd) unit() string {
	if c.Format == "streets" {
		return "feature"
	}
	return "line"
}

// report tells which lines and edits did not go in, and why: the first ones on
// the screen, all of them in a file beside the table's name.
func (c *importCmd) report(survey *table.Survey, told civic.Told) error {
	if len(survey.Skipped)+len(survey.Noted)+len(told.Refused) == 0 {
		return nil
	}
	name := filepath.Base(c.File) + ".skipped.txt"
	var all strings.Builder
	for i, skipped := range survey.Skipped {
		line := fmt.Sprintf("%s %d: %s\n", c.unit(), skipped.Line, skipped.Why)
		all.WriteString(line)
		if i < shownSkips {
			fmt.Print(line)
		}
	}
	for i, noted := range survey.Noted {
		line := fmt.Sprintf("line %d, read: %s\n", noted.Line, noted.Why)
		all.WriteString(line)
		if i < shownSkips {
			fmt.Print(line)
		}
	}
	for _, r := range told.Refused {
		fmt.Fprintf(&all, "line %d: %s refused: %s (report %s)\n", r.Line, r.Kind, r.Code, r.Report)
	}
	if err := os.WriteFile(name, []byte(all.String()), 0o600); err != nil { // #nosec G703 -- beside where the operator stands
		return err
	}
	fmt.Printf("all of them: %s\n", name)
	return nil
}
