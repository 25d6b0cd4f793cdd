package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"segnavia/civic"
	"segnavia/demo"
	"segnavia/server"
)

type demoCmd struct {
	where     `embed:""`
	listening `embed:""`
	Seed      uint64 `help:"Seed of everything that is drawn." default:"1" env:"SEGNAVIA_SEED"`
	Reports   int    `help:"How many reports." default:"5000" env:"SEGNAVIA_REPORTS"`
	Crews     int    `help:"Further crews of one person, for trials of load." default:"0" env:"SEGNAVIA_CREWS"`
	From      string `help:"A table of somebody's cases to show instead of Genova; needs --map." type:"existingfile" env:"SEGNAVIA_FROM"`
	Map       string `help:"What the table's columns mean." type:"existingfile" env:"SEGNAVIA_MAP"`
	Practice  bool   `help:"A town to practise in (not in this version)." env:"SEGNAVIA_PRACTICE"`
}

// demoFile is what the demonstration tells programs of itself.
type demoFile struct {
	URL          string               `json:"url"`
	MetricsToken string               `json:"metrics_token,omitempty"`
	Jurisdiction civic.JurisdictionID `json:"jurisdiction"`
	Open311      demoOpen311          `json:"open311"`
	Users        []demoUser           `json:"users"`
	Devices      []demoDevice         `json:"devices"`
	Teams        []named[civic.Team]  `json:"teams"`
	Areas        []named[civic.Area]  `json:"areas"`
	Services     []demoService        `json:"services"`
}

// demoOpen311 is how another program connects.
type demoOpen311 struct {
	Endpoint string `json:"endpoint"`
	APIKey   string `json:"api_key"`
}

type demoUser struct {
	Role     civic.Role   `json:"role"`
	Login    string       `json:"login"`
	Password string       `json:"password"`
	Team     civic.TeamID `json:"team,omitzero"`
}

type demoDevice struct {
	ID    civic.DeviceID `json:"id"`
	Login string         `json:"login"`
	Team  civic.TeamID   `json:"team,omitzero"`
	Token string         `json:"token"`
}

type named[T any] struct {
	ID   civic.ID[T] `json:"id"`
	Name string      `json:"name"`
}

type demoService struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// deviceTTL is how long the tokens of the demonstration's devices live.
const deviceTTL = 24 * time.Hour

// Run makes the demonstration town, where there is none yet, and serves it.
func (c *demoCmd) Run(_ *kong.Context, ctx context.Context, log *slog.Logger) error {
	started := time.Now()
	switch {
	case c.Practice:
		return &exitError{exitLater, "demo --practice: this version does not have it yet"}
	case (c.From == "") != (c.Map == ""):
		return &exitError{exitLater, "demo: --from and --map come together"}
	}
	listener, err := c.listen(ctx)
	if err != nil {
		return err
	}
	defer listener.Close() //nolint:errcheck // the server has closed it
	s, err := c.open(ctx, log, true)
	if err != nil {
		return err
	}
	err = c.serve(ctx, s, listener, log, started)
	return errors.Join(err, s.close(context.WithoutCancel(ctx)))
}

func (c *demoCmd) serve(ctx context.Context, s *stores, listener net.Listener, log *slog.Logger, started time.Time) error {
	if c.MetricsToken == "" && c.MetricsListen == "" {
		c.MetricsToken = rand.Text()
	}
	fill, err := s.db.BecomeDemo(ctx)
	if err != nil {
		return err
	}
	if c.From != "" {
		return c.serveTable(ctx, s, listener, log, started, fill)
	}
	town := demo.Town()
	demo.WithCrews(town, c.Crews)
	town.Settings = civic.Settings{
		Phone: "010 555 1010", Attribution: demo.Attribution, Attributions: map[string]string{"en": demo.AttributionEnglish},
		Schematic: true, ReporterToCrew: true,
	}
	if file := os.Getenv("SEGNAVIA_DATA"); file != "" {
		streets, err := os.ReadFile(filepath.Join(file, "geo", "genova_streets.geojson")) // #nosec G304 G703 -- the operator's own folder
		if err == nil {
			err = demo.WithStreets(town, streets)
			town.Attribution, town.Attributions, town.Schematic = "Comune di Genova", nil, false
		}
		if err != nil {
			return fmt.Errorf("streets: %w", err)
		}
	}
	if fill {
		if err := c.build(ctx, s, town); err != nil {
			return fmt.Errorf("demonstration town: %w", err)
		}
	}
	n, err := newNode(s, c.listening, listener, log)
	if err != nil {
		return err
	}
	return n.run(ctx, func() error { return c.announce(ctx, s, town, n.url, started) })
}

// announce writes demo.json and prints how to get in.
func (c *demoCmd) announce(ctx context.Context, s *stores, town *civic.Blueprint, url string, started time.Time) error {
	password, err := c.password(ctx, s, town)
	if err != nil {
		return err
	}
	key, err := c.apiKey(ctx, s, town)
	if err != nil {
		return err
	}
	file := demoFile{URL: url, MetricsToken: c.MetricsToken, Jurisdiction: town.ID, Open311: demoOpen311{url + "/open311/v2/", key}}
	for _, u := range town.Users {
		var team civic.TeamID
		if len(u.Teams) > 0 {
			team = u.Teams[0]
		}
		file.Users = append(file.Users, demoUser{u.Role, u.Login, password, team})
		if u.Role == civic.RoleViewer {
			continue
		}
		t, err := s.db.AddDevice(ctx, town.ID, u.ID, "Telefono di prova", deviceTTL, time.Now())
		if err != nil {
			return err
		}
		file.Devices = append(file.Devices, demoDevice{t.Device, u.Login, team, t.Token})
	}
	for _, t := range town.Teams {
		file.Teams = append(file.Teams, named[civic.Team]{t.ID, t.Name})
	}
	for _, a := range town.Areas {
		file.Areas = append(file.Areas, named[civic.Area]{a.ID, a.Name})
	}
	for _, service := range town.Services {
		file.Services = append(file.Services, demoService{service.Code, service.Name})
	}
	raw, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return err
	}
	if err := writeWhole(c.sub("demo.json"), raw); err != nil {
		return err
	}
	c.print(town, url, password, started)
	return nil
}

// writeWhole replaces a file at once, so that nobody reads half of it.
func writeWhole(name string, raw []byte) error {
	if err := os.WriteFile(name+".new", raw, 0o600); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}

func (c *demoCmd) print(town *civic.Blueprint, url, password string, started time.Time) {
	var b strings.Builder
	fmt.Fprintf(&b, "\nSegnavia %s: %s, ready after %.1f s\n\n", version, town.Name, time.Since(started).Seconds())
	fmt.Fprintf(&b, "  citizens   %s\n  crew       %s/crew\n  desk       %s/desk\n  Open311    %s/open311/v2/\n\n", url, url, url, url)
	fmt.Fprintf(&b, "  sign in with the password %s as\n", password)
	for _, u := range town.Users {
		fmt.Fprintf(&b, "    %-16s %-11s %s\n", u.Login, u.Role, u.Display)
	}
	fmt.Fprintf(&b, "\n  all of it for programs: %s\n  stop with Ctrl-C; remove %s to begin anew\n\n", c.sub("demo.json"), c.DataDir)
	fmt.Print(b.String())
}

// before is what demo.json said at the last start.
func (c *demoCmd) before() (old demoFile) {
	if raw, err := os.ReadFile(c.sub("demo.json")); err == nil {
		_ = json.Unmarshal(raw, &old) // what cannot be read is made anew
	}
	return old
}

// apiKey is the demonstration's key for other programs: the one of the last start
// while it is good, which the database knows by its hash alone.
func (c *demoCmd) apiKey(ctx context.Context, s *stores, town *civic.Blueprint) (string, error) {
	if old := c.before().Open311.APIKey; old != "" {
		if k, err := s.db.APIKey(ctx, town.ID, old); err == nil && k.Live(time.Now().Add(deviceTTL)) {
			return old, nil
		}
	}
	key, _, err := s.db.AddAPIKey(ctx, town.ID, "demo", civic.KeyScopes, time.Now().AddDate(1, 0, 0))
	return key, err
}

// password is one for everybody, kept in demo.json between starts.
func (c *demoCmd) password(ctx context.Context, s *stores, town *civic.Blueprint) (string, error) {
	if old := c.before(); len(old.Users) > 0 && old.Users[0].Password != "" {
		return old.Users[0].Password, nil
	}
	password := strings.ToLower(rand.Text()[:12])
	hash, err := server.HashPassword(password)
	if err != nil {
		return "", err
	}
	for _, u := range town.Users {
		if err := s.db.SetPassword(ctx, town.ID, u.Login, hash); err != nil {
			return "", err
		}
	}
	return password, nil
}
