package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"time"

	"segnavia/channel/table"
	"segnavia/civic"
)

// maxRegister bounds a register of streets, which is read whole.
const maxRegister = 512 << 20

// register imports streets or house numbers into a town that is there already.
func (c *importCmd) register(ctx context.Context, log *slog.Logger) error {
	mapping, err := os.Open(c.Map)
	if err != nil {
		return err
	}
	defer mapping.Close() //nolint:errcheck // only read
	g, err := table.ReadRegister(mapping)
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	if c.Format == "streets" {
		return c.streets(ctx, log, g, f)
	}
	return c.addresses(ctx, log, g, f)
}

func (c *importCmd) streets(ctx context.Context, log *slog.Logger, g *table.Register, f io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(f, maxRegister))
	if err != nil {
		return err
	}
	return c.into(ctx, log, g, func(s *stores, town civic.JurisdictionID, near civic.Bounds) error {
		w, err := g.Ways(raw, s.projector(ctx), near)
		if err != nil {
			return fmt.Errorf("%s: %w", c.File, err)
		}
		names := make(map[string]bool)
		for _, way := range w.Ways {
			names[way.Name] = true
		}
		fmt.Printf("%s, %s, EPSG:%d: %d lines of %d streets, such as %q; %d features that are none\n",
			c.File, w.Encoding, w.EPSG, len(w.Ways), len(names), w.Ways[0].Name, len(w.Skipped))
		if c.DryRun {
			return c.dry(w.Skipped, nil)
		}
		if err := c.report(&table.Survey{Skipped: w.Skipped}, civic.Told{}); err != nil {
			return err
		}
		return s.db.SaveWays(ctx, town, g.Source, w.Ways)
	})
}

func (c *importCmd) addresses(ctx context.Context, log *slog.Logger, g *table.Register, f io.Reader) error {
	d, err := g.Doors(f)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	if len(d.Doors) == 0 {
		return fmt.Errorf("%s: no line can be used; the first: %w", c.File, first(d.Skipped))
	}
	return c.into(ctx, log, g, func(s *stores, town civic.JurisdictionID, near civic.Bounds) error {
		epsg := d.EPSG
		if err := d.Settle(s.projector(ctx), near); err != nil {
			return fmt.Errorf("%s: the coordinates are not those of EPSG:%d: nothing was written: %w", c.File, epsg, err)
		}
		names := make(map[string]bool)
		for _, door := range d.Doors {
			names[door.Street] = true
		}
		fmt.Printf("%s, %s, cells divided by %q: %d lines: %d house numbers in %d streets, such as %s %s; %d lines cannot be used, %d are empty\n",
			c.File, d.Encoding, d.Delimiter, d.Lines, len(d.Doors), len(names), d.Doors[0].Street, d.Doors[0].HouseNumber, len(d.Skipped), d.EmptyLines)
		if c.DryRun {
			return c.dry(d.Skipped, nil)
		}
		if err := c.report(&table.Survey{Skipped: d.Skipped}, civic.Told{}); err != nil {
			return err
		}
		bar := newProgress("house numbers", len(d.Doors))
		defer bar.done()
		return s.db.SaveDoors(ctx, town, g.Source, d.EPSG, d.Doors, bar.add)
	})
}

func first(skipped []table.SkippedError) error {
	if len(skipped) == 0 {
		return errors.New("it is empty")
	}
	return &skipped[0]
}

// into opens the stores and hands over the register's town and where it lies. A dry
// run does without them where it must: it then does not say what is far from the town.
func (c *importCmd) into(ctx context.Context, log *slog.Logger, g *table.Register, write func(*stores, civic.JurisdictionID, civic.Bounds) error) error {
	s, err := c.open(ctx, log, false)
	if err != nil && c.DryRun {
		fmt.Printf("not compared with the town: %v\n", err)
		return write(nil, civic.JurisdictionID{}, civic.Bounds{})
	}
	if err != nil {
		return err
	}
	started := time.Now()
	err = func() error {
		towns, err := s.db.Towns(ctx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(towns, func(j civic.TownSite) bool { return j.Slug == g.Town })
		switch {
		case at >= 0:
			near, err := s.db.Surroundings(ctx, towns[at].ID)
			if err != nil {
				return err
			}
			return write(s, towns[at].ID, near)
		case c.DryRun:
			fmt.Printf("not compared with the town: no %q here yet\n", g.Town)
			return write(s, civic.JurisdictionID{}, civic.Bounds{})
		}
		return fmt.Errorf("no town %q here: import its cases first, or see town in %s", g.Town, c.Map)
	}()
	if err == nil && !c.DryRun {
		fmt.Printf("written in %.1f s; a running program shows it after its next start\n", time.Since(started).Seconds())
	}
	return errors.Join(err, s.close(context.WithoutCancel(ctx)))
}
