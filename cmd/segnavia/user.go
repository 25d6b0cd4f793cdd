package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"segnavia/server"
)

type userCmd struct {
	where `embed:""`
	Login string `arg:"" help:"Login of a person who is already in the town's settings."`
	Town  string `help:"The town's short name, where the installation has several."`
}

// Run sets a password, read from standard input so that no list of processes
// ever shows it.
func (c *userCmd) Run(_ *kong.Context, ctx context.Context, log *slog.Logger) error {
	fmt.Fprintln(os.Stderr, "New password, then Enter:")
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	password := strings.TrimRight(line, "\r\n")
	if err != nil && password == "" {
		return fmt.Errorf("password: %w", err)
	}
	if len(password) < 10 {
		return errors.New("password: at least 10 characters")
	}
	hash, err := server.HashPassword(password)
	if err != nil {
		return err
	}
	s, err := c.open(ctx, log, false)
	if err != nil {
		return err
	}
	return errors.Join(c.set(ctx, s, hash), s.close(context.WithoutCancel(ctx)))
}

func (c *userCmd) set(ctx context.Context, s *stores, hash string) error {
	town, err := townOf(ctx, s, c.Town)
	if err != nil {
		return err
	}
	return s.db.SetPassword(ctx, town, strings.ToLower(c.Login), hash)
}
