package main

import (
	"context"
	"errors"
	"net/url"
	"os"
	"time"

	"github.com/alecthomas/kong"

	"segnavia/load"
)

type loadgenCmd struct {
	Demo    string        `help:"demo.json of the running demonstration." default:"var/demo.json" type:"existingfile"`
	Clients int           `help:"How many at once." default:"8"`
	Count   int           `help:"How many requests." default:"2000"`
	Limit   time.Duration `help:"How long at most." default:"2m"`
	Seed    uint64        `help:"Seed." default:"1"`
	What    string        `arg:"" help:"What to do: reports, edits, tiles, pins, swarm, sync or first." enum:"reports,edits,tiles,pins,swarm,sync,first"`
	Zoom    []int         `help:"Zooms of tiles." default:"6,10,13"`
	Query   string        `help:"Filter of tiles, as in their address." default:""`
	Box     []float64     `help:"West, south, east, north of the tiles." default:"8.665,44.3785,9.096,44.521"`
	Service string        `help:"Service of the hot scope's reports." default:"strade.buca"`
	At      []float64     `help:"Where they lie: lon, lat." default:"8.93,44.41"`
	Crew    string        `help:"Whose replica pins are seen to reach." default:"squadra"`
	For     time.Duration `help:"How long a swarm or a sync edits." default:"20s"`

	Sockets int           `help:"Sockets of a sync, each of a device of its own." default:"1000"`
	Idle    time.Duration `help:"How long a sync is silent, to measure memory." default:"5s"`
	Cases   int           `help:"New cases for each team, before a sync." default:"0"`
	Rate    float64       `help:"Edits a second of a sync." default:"100"`
	Moves   float64       `help:"Share of those that moves a case to another team." default:"0.1"`
	Away    int           `help:"Devices of a sync that work without a network." default:"0"`
	Offline int           `help:"Edits that each of those makes." default:"200"`
	Storm   bool          `help:"Cut every connection of a sync at once."`
}

// Run puts the load and prints what it measured. It only ever talks to this
// machine.
func (c *loadgenCmd) Run(_ *kong.Context, ctx context.Context) error {
	site, err := load.OpenSite(c.Demo)
	if err != nil {
		return err
	}
	if u, err := url.Parse(site.URL); err != nil || u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1" && u.Hostname() != "::1" {
		return errors.New("load goes to a server on this machine only")
	}
	if len(c.Box) != 4 || len(c.At) != 2 {
		return errors.New("--box takes four numbers, --at two")
	}
	ctx, cancel := context.WithTimeout(ctx, c.Limit)
	defer cancel()
	switch c.What {
	case "reports":
		stats, err := load.Reports(ctx, site, c.Clients, c.Count, c.Seed)
		if err != nil {
			return err
		}
		stats.Write(os.Stdout)
	case "edits":
		stats, err := load.HotScope(ctx, site, c.Clients, c.Count, c.Service, c.At[0], c.At[1])
		if err != nil {
			return err
		}
		stats.Write(os.Stdout)
	case "pins":
		stats, err := load.Pins(ctx, site, c.Crew, c.Service, c.Count, c.At[0], c.At[1])
		if err != nil {
			return err
		}
		stats.Write(os.Stdout)
	case "swarm":
		return load.Swarm(ctx, site, c.Clients, c.For, c.Seed, os.Stdout)
	case "sync":
		return load.Sync(ctx, site, load.SyncPlan{
			Sockets: c.Sockets, Idle: c.Idle, Cases: c.Cases, Service: c.Service, At: [2]float64(c.At), Rate: c.Rate, Moves: c.Moves,
			For: c.For, Away: c.Away, Offline: c.Offline, Storm: c.Storm, Seed: c.Seed,
		}, os.Stdout)
	case "first":
		return load.First(ctx, site, os.Stdout)
	default:
		for _, z := range c.Zoom {
			load.Tiles(ctx, site, z, c.Clients, c.Count, c.Query, [4]float64(c.Box), c.Seed).Write(os.Stdout)
		}
	}
	return nil
}
