package sync

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"time"

	"segnavia/civic"
)

// frameKind reads what a frame is before anything else of it: an unknown kind is
// ignored whatever its fields hold.
func frameKind(raw []byte) (string, error) {
	var f struct {
		T string `json:"t"`
	}
	err := json.Unmarshal(raw, &f)
	if err == nil && f.T == "" {
		err = errors.New("no t")
	}
	return f.T, err
}

type helloFrame struct {
	Proto   int               `json:"proto"`
	Device  civic.DeviceID    `json:"device"`
	Token   string            `json:"token"`
	Epoch   *string           `json:"epoch"`
	Cursors map[string]*int64 `json:"cursors"`
}

type subFrame struct {
	Scopes map[string]*int64 `json:"scopes"`
}

type unsubFrame struct {
	Scopes []civic.Scope `json:"scopes"`
}

type pushFrame struct {
	N0    int64             `json:"n0"`
	Edits []json.RawMessage `json:"edits"`
}

type authFrame struct {
	Token string `json:"token"`
}

type limitsFrame struct {
	PushEdits int `json:"push_edits"`
	PushBytes int `json:"push_bytes"`
	EditBytes int `json:"edit_bytes"`
	PullOps   int `json:"pull_ops"`
}

type scopeFrame struct {
	Scope civic.Scope `json:"scope"`
	Head  int64       `json:"head"`
	Min   int64       `json:"min"`
	Mode  string      `json:"mode"`
}

type welcomeFrame struct {
	T       string        `json:"t"`
	Proto   int           `json:"proto"`
	Epoch   string        `json:"epoch"`
	Time    time.Time     `json:"time"`
	LastN   int64         `json:"last_n"`
	Offer   []civic.Scope `json:"offer"`
	Scopes  []scopeFrame  `json:"scopes"`
	Limits  limitsFrame   `json:"limits"`
	Expires int           `json:"token_expires_in"`
}

type subbedFrame struct {
	T      string       `json:"t"`
	Scopes []scopeFrame `json:"scopes"`
}

type deltaFrame struct {
	T     string      `json:"t"`
	Scope civic.Scope `json:"scope"`
	From  int64       `json:"from"`
	To    int64       `json:"to"`
	Ops   []civic.Op  `json:"ops"`
	Sum   civic.Sum   `json:"sum"`
}

type pokeFrame struct {
	T     string      `json:"t"`
	Scope civic.Scope `json:"scope"`
	Head  int64       `json:"head"`
}

type ackFrame struct {
	T       string         `json:"t"`
	N       int64          `json:"n"`
	Results []civic.Answer `json:"results"`
}

type dropFrame struct {
	T     string      `json:"t"`
	Scope civic.Scope `json:"scope"`
	Why   string      `json:"why"`
}

type hbFrame struct {
	T       string `json:"t"`
	Expires int    `json:"token_expires_in"`
}

// errorFrame tells what is wrong; with a close code it is the last frame. Args is
// never nil.
type errorFrame struct {
	T          string         `json:"t"`
	Code       string         `json:"code"`
	Args       map[string]any `json:"args"`
	LastN      *int64         `json:"last_n,omitempty"`
	Wipe       bool           `json:"wipe,omitempty"`
	Served     []int          `json:"served,omitempty"`
	RetryAfter float64        `json:"retry_after,omitempty"`

	close int
}

// failure makes an error frame. One that sends the client away says when to come
// back, spread so that not everybody does at once.
func failure(closeCode int, code string) *errorFrame {
	f := &errorFrame{T: "error", Code: code, Args: map[string]any{}, close: closeCode}
	if closeCode == closeAway {
		f.RetryAfter = 1 + 4*rand.Float64() // #nosec G404 -- no secret
	}
	return f
}

// unserved answers a client of a protocol that is not served.
func unserved() *errorFrame {
	f := failure(closeProtocol, "protocol")
	f.Served = []int{Protocol}
	return f
}

func delta(d civic.Delta) deltaFrame {
	ops := d.Ops
	if ops == nil {
		ops = []civic.Op{}
	}
	return deltaFrame{"delta", d.Scope, d.From, d.To, ops, d.Sum}
}

// encode writes a frame. All frames are made of values that marshal.
func encode(frame any) []byte {
	b, err := json.Marshal(frame)
	if err != nil {
		panic("sync: frame: " + err.Error())
	}
	return b
}
