package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/alecthomas/kong"
)

type migrateCmd struct {
	where `embed:""`
	Check bool `help:"Compare tables with heads, and write what the log lacks."`
}

// Run migrates, and with --check compares.
func (c *migrateCmd) Run(_ *kong.Context, ctx context.Context, log *slog.Logger) error {
	s, err := c.open(ctx, log, false)
	if err != nil {
		return err
	}
	if c.Check {
		err = check(ctx, s)
	}
	return errors.Join(err, s.close(context.WithoutCancel(ctx)))
}

func check(ctx context.Context, s *stores) error {
	towns, err := s.db.Towns(ctx)
	if err != nil {
		return err
	}
	for _, t := range towns {
		found, err := s.db.CheckLog(ctx, t.ID)
		if err != nil {
			return fmt.Errorf("town %s: %w", t.Slug, err)
		}
		fmt.Printf("%s: %d scopes, %d members, %d ops written, %d heads mended\n", t.Slug, found.Scopes, found.Members, found.Ops, found.Heads)
	}
	return nil
}
