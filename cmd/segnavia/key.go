package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/alecthomas/kong"

	"segnavia/civic"
)

type keyCmd struct {
	Add    keyAddCmd    `cmd:"" help:"Make a key for another program, and show it once."`
	List   keyListCmd   `cmd:"" help:"List the keys: whose, for what, until when."`
	Revoke keyRevokeCmd `cmd:"" help:"End a key at once."`
}

// keyTown says whose keys are meant.
type keyTown struct {
	where `embed:""`
	Town  string `help:"The town's short name, where the installation has several." env:"SEGNAVIA_TOWN"`
}

// within opens the database and finds the town.
func (c *keyTown) within(ctx context.Context, log *slog.Logger, do func(*stores, civic.JurisdictionID) error) error {
	s, err := c.open(ctx, log, false)
	if err != nil {
		return err
	}
	town, err := townOf(ctx, s, c.Town)
	if err == nil {
		err = do(s, town)
	}
	return errors.Join(err, s.close(context.WithoutCancel(ctx)))
}

// townOf finds a town by its short name, or the only one.
func townOf(ctx context.Context, s *stores, slug string) (civic.JurisdictionID, error) {
	towns, err := s.db.Towns(ctx)
	if err != nil {
		return civic.JurisdictionID{}, err
	}
	for _, t := range towns {
		if slug == t.Slug || slug == "" && len(towns) == 1 {
			return t.ID, nil
		}
	}
	return civic.JurisdictionID{}, errors.New("which town? use --town")
}

type keyAddCmd struct {
	keyTown `embed:""`
	Name    string   `arg:"" help:"The other program, such as fixmystreet: small letters, digits, dots and hyphens. A second key of one name follows the first."`
	Scope   []string `help:"What the key opens: requests makes reports, updates reads news and sends it about the program's own, every acts on each case that the public sees." enum:"requests,updates,every" default:"requests,updates"`
	Days    int      `help:"How many days it is good for." default:"365"`
}

var keyName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,59}$`)

// Run makes the key. It is on standard output alone, so that it can be piped.
func (c *keyAddCmd) Run(_ *kong.Context, ctx context.Context, log *slog.Logger) error {
	if !keyName.MatchString(c.Name) {
		return &exitError{exitLater, "key add: a name has small letters, digits, dots and hyphens, at most 60"}
	}
	if c.Days < 1 || c.Days > 3650 {
		return &exitError{exitLater, "key add: --days is between 1 and 3650"}
	}
	return c.within(ctx, log, func(s *stores, j civic.JurisdictionID) error {
		key, k, err := s.db.AddAPIKey(ctx, j, c.Name, c.Scope, time.Now().AddDate(0, 0, c.Days))
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "The key of %s, for %s, good until %s. It is not shown again:\n",
			k.Name, strings.Join(k.Scopes, " and "), k.Expires.Format(time.DateOnly))
		_, err = fmt.Println(key)
		return err
	})
}

type keyListCmd struct {
	keyTown `embed:""`
}

// Run lists the keys.
func (c *keyListCmd) Run(_ *kong.Context, ctx context.Context, log *slog.Logger) error {
	return c.within(ctx, log, func(s *stores, j civic.JurisdictionID) error {
		keys, err := s.db.APIKeys(ctx, j)
		if err != nil {
			return err
		}
		out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(out, "KEY\tNAME\tOPENS\tMADE\tUNTIL\tSTATE") // Flush tells
		for _, k := range keys {
			state := "good"
			switch {
			case !k.Revoked.IsZero():
				state = "revoked " + k.Revoked.Format(time.DateOnly)
			case !k.Live(time.Now()):
				state = "ended"
			}
			_, _ = fmt.Fprintf(out, "%s…\t%s\t%s\t%s\t%s\t%s\n", k.Prefix, k.Name, strings.Join(k.Scopes, ","),
				k.Created.Format(time.DateOnly), k.Expires.Format(time.DateOnly), state) // Flush tells
		}
		return out.Flush()
	})
}

type keyRevokeCmd struct {
	keyTown `embed:""`
	Key     string `arg:"" help:"What list shows of the key."`
}

// Run ends a key.
func (c *keyRevokeCmd) Run(_ *kong.Context, ctx context.Context, log *slog.Logger) error {
	return c.within(ctx, log, func(s *stores, j civic.JurisdictionID) error {
		k, err := s.db.RevokeAPIKey(ctx, j, strings.TrimSuffix(c.Key, "…"))
		if errors.Is(err, civic.ErrNotFound) {
			return errors.New("key revoke: the town has no such key")
		}
		if err == nil {
			_, err = fmt.Printf("The key %s… of %s opens nothing any more.\n", k.Prefix, k.Name)
		}
		return err
	})
}
