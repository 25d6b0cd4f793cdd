// Command segnavia is the whole product: it serves towns, shows a demonstration,
// migrates, imports, and keeps users. It is the one place that wires storage
// into everything else.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	_ "time/tzdata" // towns have zones, machines may lack them
)

// version is set when the program is built.
var version = "dev"

type cli struct {
	LogLevel slog.Level       `help:"How much is logged: debug, info, warn or error." default:"info" env:"SEGNAVIA_LOG_LEVEL"`
	Version  kong.VersionFlag `help:"Print the version."`

	Serve   serveCmd   `cmd:"" help:"Serve the towns of a database."`
	Demo    demoCmd    `cmd:"" help:"Serve the demonstration town of Genova."`
	Migrate migrateCmd `cmd:"" help:"Bring a database up to this program's schema."`
	Import  importCmd  `cmd:"" help:"Import reports from a file."`
	User    userCmd    `cmd:"" help:"Add a person, set their password, let their devices in or out."`
	Key     keyCmd     `cmd:"" help:"Make, list and end the keys of other programs."`
	Backup  backupCmd  `cmd:"" help:"Write a backup of database and bucket into a folder."`
	Restore restoreCmd `cmd:"" help:"Put a backup into an empty installation, or look at one."`
	Loadgen loadgenCmd `cmd:"" help:"Put load on a running server of your own."`
}

// exitLater is the exit code of a command that was not understood, or that this
// version lacks.
const exitLater = 2

type exitError struct {
	code int
	text string
}

func (e *exitError) Error() string { return e.text }

func main() {
	var c cli
	parser, err := kong.New(&c, kong.Name("segnavia"), kong.Description("Reports of a town: pin, follow, answer, resolve."),
		kong.Vars{"version": version}, kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		panic(err)
	}
	command, err := parser.Parse(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "segnavia: "+err.Error())
		os.Exit(exitLater)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: c.LogLevel}))
	command.BindTo(ctx, (*context.Context)(nil))
	if err := command.Run(command, log); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "segnavia: "+oneLine(err))
		code := 1
		if exit, ok := errors.AsType[*exitError](err); ok {
			code = exit.code
		}
		stop()
		os.Exit(code) //nolint:gocritic // stop has run
	}
}

// oneLine is an error on one line, each of its sentences once: what was tried
// twice, with TLS and without, went wrong for one reason.
func oneLine(err error) string {
	var said []string
	for line := range strings.Lines(err.Error()) {
		if line = strings.TrimSpace(line); line != "" && !slices.ContainsFunc(said, func(s string) bool { return strings.HasSuffix(s, line) }) {
			said = append(said, line)
		}
	}
	return strings.Join(said, "; ")
}
