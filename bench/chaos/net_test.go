package chaos

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
)

// network is the wire between the phones and the program.
type network struct {
	t     *testing.T
	proxy *toxiproxy.Proxy
}

func newNetwork(t *testing.T, to string) *network {
	t.Helper()
	zerolog.SetGlobalLevel(zerolog.Disabled) // each toxic tells of every byte
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	p := toxiproxy.NewProxy(server, "phones", "127.0.0.1:0", to)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return &network{t, p}
}

// toxic is one bad thing that happens to a connection.
type toxic struct {
	what, kind, stream string
	attributes         map[string]any
}

// toxics: up is from the phone to the program. The first two swallow what is sent
// until somebody gives up, the next two hold it back: a dead zone, one way.
var toxics = []toxic{
	{"swallowed, up", "timeout", "upstream", map[string]any{"timeout": 800}},
	{"swallowed, down", "timeout", "downstream", map[string]any{"timeout": 800}},
	{"held back, up", "latency", "upstream", map[string]any{"latency": 5000}},
	{"held back, down", "latency", "downstream", map[string]any{"latency": 5000}},
	{"reset", "reset_peer", "downstream", map[string]any{"timeout": 50}},
	{"slow and uneven", "latency", "downstream", map[string]any{"latency": 200, "jitter": 200}},
	{"in crumbs", "slicer", "downstream", map[string]any{"average_size": 30, "size_variation": 20, "delay": 200}},
	{"a trickle", "bandwidth", "upstream", map[string]any{"rate": 1}},
	{"cut after so many bytes", "limit_data", "downstream", map[string]any{"bytes": 3000}},
}

// spoil lets one bad thing happen for a while.
func (n *network) spoil(rng *rand.Rand) (what string) {
	n.t.Helper()
	x := toxics[rng.IntN(len(toxics))]
	raw, err := json.Marshal(map[string]any{"name": "x", "type": x.kind, "stream": x.stream, "toxicity": 1, "attributes": x.attributes})
	if err != nil {
		n.t.Fatal(err)
	}
	if _, err := n.proxy.Toxics.AddToxicJson(strings.NewReader(string(raw))); err != nil {
		n.t.Fatalf("%s: %v", x.what, err)
	}
	time.Sleep(time.Duration(200+rng.IntN(1500)) * time.Millisecond)
	n.proxy.Toxics.ResetToxics(n.t.Context())
	return x.what
}
