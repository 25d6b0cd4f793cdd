package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"segnavia/civic"
	"segnavia/server"
)

type userCmd struct {
	where  `embed:""`
	Login  string   `arg:"" help:"What the person signs in as: small letters, digits, dots and hyphens."`
	Town   string   `help:"The town's short name, where the installation has several."`
	Role   string   `help:"Add the person in this role, or change who they are: operator, foreman, crew, contractor, planner, viewer or admin." enum:",operator,foreman,crew,contractor,planner,viewer,admin" default:""`
	Name   string   `help:"Their name, with --role."`
	Team   []string `help:"Their teams by name, with --role."`
	Desk   []string `help:"Their desks by name, with --role."`
	Enrol  bool     `help:"Print a code that makes one phone the person's device; it lives a day. A terminal gets it as a QR code too." xor:"what"`
	URL    string   `help:"Address that people see, for the QR code of --enrol." default:"http://localhost:8311" env:"SEGNAVIA_PUBLIC_URL" name:"public-url"`
	Revoke bool     `help:"End the person's devices, which forget what they hold, and sign them out." xor:"what"`

	SignOut bool `help:"Sign the person out everywhere. Their devices keep what was not sent until they are back." xor:"what"`
	Disable bool `help:"Keep the person out; their devices forget what they hold." xor:"what"`
	Enable  bool `help:"Let the person in again, with the password that they had." xor:"what"`
}

// enrolmentLife is how long a code waits for its phone.
const enrolmentLife = 24 * time.Hour

// loginShape is what somebody may sign in as.
var loginShape = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,59}$`)

// Run adds a person, sets a password, or lets their devices in or out.
func (c *userCmd) Run(_ *kong.Context, ctx context.Context, log *slog.Logger) error {
	if !loginShape.MatchString(c.login()) {
		return &exitError{exitLater, "user: a login has small letters, digits, dots and hyphens"}
	}
	do := c.wanted()
	if c.Role != "" {
		if do != nil {
			return &exitError{exitLater, "user: --role goes with --name, --team and --desk alone"}
		}
		do = c.add
	}
	if do == nil {
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

// wanted is what a flag asks for, or nil.
func (c *userCmd) wanted() func(context.Context, *stores, civic.JurisdictionID) error {
	switch {
	case c.Enrol:
		return c.enrol
	case c.Revoke:
		return c.revoke
	case c.SignOut:
		return c.signOut
	case c.Disable, c.Enable:
		return c.disable
	}
	return nil
}

// add puts the person into the town; their password is set by another call.
func (c *userCmd) add(ctx context.Context, s *stores, j civic.JurisdictionID) error {
	towns, err := s.db.Towns(ctx)
	if err != nil {
		return err
	}
	u := civic.User{ID: civic.DeriveID[civic.User](j, "user:"+c.login()), Login: c.login(), Display: c.Name, Role: civic.Role(c.Role)}
	if old, _, err := s.db.PasswordOf(ctx, j, c.login()); err == nil {
		u.ID = old.ID
		u.Display = cmp.Or(u.Display, old.Display)
	}
	if u.Display == "" {
		return errors.New("user: a new person needs --name")
	}
	town := towns[slices.IndexFunc(towns, func(t civic.TownSite) bool { return t.ID == j })]
	for _, name := range c.Team {
		i := slices.IndexFunc(town.Teams, func(t civic.Team) bool { return t.Name == name })
		if i < 0 {
			return fmt.Errorf("user: no team %q", name)
		}
		u.Teams = append(u.Teams, town.Teams[i].ID)
	}
	for _, name := range c.Desk {
		i := slices.IndexFunc(town.Desks, func(d civic.Desk) bool { return d.Name == name })
		if i < 0 {
			return fmt.Errorf("user: no desk %q", name)
		}
		u.Desks = append(u.Desks, town.Desks[i].ID)
	}
	if err := s.db.SaveUser(ctx, j, u); err != nil {
		return err
	}
	fmt.Printf("%s is %s in %s; the password: segnavia user %s\n", u.Display, u.Role, town.Name, u.Login)
	return nil
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

// enrol prints a code alone, for another program; a person at a terminal sees the
// address too, as a picture that a phone reads.
func (c *userCmd) enrol(ctx context.Context, s *stores, j civic.JurisdictionID) error {
	u, _, err := s.db.PasswordOf(ctx, j, c.login())
	if err != nil {
		return err
	}
	code, err := s.db.AddEnrolment(ctx, j, u.ID, time.Now().Add(enrolmentLife))
	if err != nil {
		return err
	}
	fmt.Println(code)
	if info, err := os.Stderr.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil // nobody looks
	}
	address := server.EnrolURL(strings.TrimRight(c.URL, "/"), code)
	drawn, err := server.QRText(address)
	if err == nil {
		fmt.Fprintf(os.Stderr, "%s%s\n", drawn, address)
	}
	return err
}

func (c *userCmd) revoke(ctx context.Context, s *stores, j civic.JurisdictionID) error {
	u, _, err := s.db.PasswordOf(ctx, j, c.login())
	if err != nil {
		return err
	}
	devices, err := s.db.RevokeUser(ctx, j, u.ID)
	return ended(devices, "ended", err)
}

func (c *userCmd) signOut(ctx context.Context, s *stores, j civic.JurisdictionID) error {
	u, _, err := s.db.PasswordOf(ctx, j, c.login())
	if err != nil {
		return err
	}
	devices, err := s.db.SignOutEverywhere(ctx, j, civic.UserID{}, u.ID)
	return ended(devices, "signed out", err)
}

func (c *userCmd) disable(ctx context.Context, s *stores, j civic.JurisdictionID) error {
	devices, err := s.db.SetDisabled(ctx, j, c.login(), c.Disable)
	if c.Enable && err == nil {
		fmt.Printf("%s may sign in\n", c.login())
		return nil
	}
	return ended(devices, "ended", err)
}

func ended(devices int, how string, err error) error {
	if err == nil {
		fmt.Printf("%d devices %s\n", devices, how)
	}
	return err
}
