package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
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
	ways, left, err := g.Ways(raw)
	if err != nil {
		return err
	}
	names := make(map[string]bool)
	for _, w := range ways {
		names[w.Name] = true
	}
	fmt.Printf("%s: %d lines of %d streets, such as %q; %d features without a name or a line\n",
		c.File, len(ways), len(names), ways[0].Name, left)
	return c.into(ctx, log, g, func(s *stores, j civic.JurisdictionID) error {
		return s.db.SaveWays(ctx, j, g.Source, ways)
	})
}

func (c *importCmd) addresses(ctx context.Context, log *slog.Logger, g *table.Register, f io.Reader) error {
	doors, skipped, err := g.Doors(f)
	if err != nil {
		return err
	}
	if len(doors) == 0 {
		return fmt.Errorf("%s: no line can be used; the first: %w", c.File, first(skipped))
	}
	names := make(map[string]bool)
	for _, d := range doors {
		names[d.Street] = true
	}
	fmt.Printf("%s: %d house numbers in %d streets, such as %s %d%s; %d lines cannot be used\n",
		c.File, len(doors), len(names), doors[0].Street, doors[0].Number, doors[0].Suffix, len(skipped))
	if c.DryRun {
		return c.dry(skipped)
	}
	if err := c.report(&table.Survey{Skipped: skipped, Left: len(skipped)}, civic.Told{}); err != nil {
		return err
	}
	return c.into(ctx, log, g, func(s *stores, j civic.JurisdictionID) error {
		bar := newProgress("house numbers", len(doors))
		defer bar.done()
		err := s.db.SaveDoors(ctx, j, g.Source, g.EPSG, doors, bar.add)
		if refused, ok := errors.AsType[*civic.Error](err); ok && refused.Code == "bad_coordinates" {
			return fmt.Errorf("%s: the coordinates are not those of EPSG:%d: nothing was written", c.File, g.EPSG)
		}
		return err
	})
}

func first(skipped []table.SkippedError) error {
	if len(skipped) == 0 {
		return errors.New("it is empty")
	}
	return &skipped[0]
}

// into opens the stores and hands over the register's town; a dry run ends before.
func (c *importCmd) into(ctx context.Context, log *slog.Logger, g *table.Register, write func(*stores, civic.JurisdictionID) error) error {
	if c.DryRun {
		fmt.Println("a dry run: nothing was written")
		return nil
	}
	s, err := c.open(ctx, log, false)
	if err != nil {
		return err
	}
	started := time.Now()
	err = func() error {
		towns, err := s.db.Towns(ctx)
		if err != nil {
			return err
		}
		for i := range towns {
			if towns[i].Slug == g.Town {
				return write(s, towns[i].ID)
			}
		}
		return fmt.Errorf("no town %q here: import its cases first, or see town in %s", g.Town, c.Map)
	}()
	if err == nil {
		fmt.Printf("written in %.1f s; a running program shows it after its next start\n", time.Since(started).Seconds())
	}
	return errors.Join(err, s.close(context.WithoutCancel(ctx)))
}
