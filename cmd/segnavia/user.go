package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"segnavia/civic"
	"segnavia/server"
)

type userCmd struct {
	where  `embed:""`
	Login  string `arg:"" help:"Login of a person who is already in the town's settings."`
	Town   string `help:"The town's short name, where the installation has several."`
	Enrol  bool   `help:"Print a code that makes one phone the person's device; it lives a day." xor:"what"`
	Revoke bool   `help:"End the person's devices, which forget what they hold, and sign them out." xor:"what"`
}

// enrolmentLife is how long a code waits for its phone.
const enrolmentLife = 24 * time.Hour

// Run sets a password, or lets a person's devices in or out.
func (c *userCmd) Run(_ *kong.Context, ctx context.Context, log *slog.Logger) error {
	do := c.enrol
	switch {
	case c.Revoke:
		do = c.revoke
	case !c.Enrol:
		hash, err := newPassword()
		if err != nil {
			return err
		}
		do = func(ctx context.Context, s *stores, j civic.JurisdictionID) error {
			return s.db.SetPassword(ctx, j, c.login(), hash)
		}
	}
	s, err := c.open(ctx, log, false)
	if err != nil {
		return err
	}
	j, err := townOf(ctx, s, c.Town)
	if err == nil {
		err = do(ctx, s, j)
	}
	if errors.Is(err, civic.ErrNotFound) {
		err = fmt.Errorf("nobody signs in as %q there", c.login())
	}
	return errors.Join(err, s.close(context.WithoutCancel(ctx)))
}

func (c *userCmd) login() string { return strings.ToLower(c.Login) }

// newPassword reads from standard input, so that no list of processes ever shows
// a password.
func newPassword() (hash string, err error) {
	fmt.Fprintln(os.Stderr, "New password, then Enter:")
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	password := strings.TrimRight(line, "\r\n")
	if err != nil && password == "" {
		return "", fmt.Errorf("password: %w", err)
	}
	if len(password) < 10 {
		return "", errors.New("password: at least 10 characters")
	}
	return server.HashPassword(password)
}

// enrol prints a code alone, for a program that draws it.
func (c *userCmd) enrol(ctx context.Context, s *stores, j civic.JurisdictionID) error {
	u, _, err := s.db.PasswordOf(ctx, j, c.login())
	if err != nil {
		return err
	}
	code, err := s.db.AddEnrolment(ctx, j, u.ID, time.Now().Add(enrolmentLife))
	if err == nil {
		fmt.Println(code)
	}
	return err
}

func (c *userCmd) revoke(ctx context.Context, s *stores, j civic.JurisdictionID) error {
	u, _, err := s.db.PasswordOf(ctx, j, c.login())
	if err != nil {
		return err
	}
	devices, err := s.db.RevokeUser(ctx, j, u.ID)
	if err == nil {
		fmt.Printf("%d devices ended\n", devices)
	}
	return err
}
