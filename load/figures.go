package load

import (
	"time"

	"segnavia/civic"
)

// Figures are what a trial of the sync measured, for tables.
type Figures struct {
	LiveSeconds    float64                    `json:"liveSeconds"` // until every device holds what it follows
	Writes         int                        `json:"writes"`
	WriteSeconds   float64                    `json:"writeSeconds"`
	Applied        int                        `json:"applied"` // ops, by all devices together
	Latency        Spread                     `json:"latency"` // sent -> applied by each device, in ms
	BytesPerOp     float64                    `json:"receivedPerApplied"`
	Offline        int                        `json:"offlineMade"` // edits without a network
	OfflineSeconds float64                    `json:"offlineSeconds"`
	Statuses       map[civic.ResultStatus]int `json:"statuses"`
	Unanswered     int                        `json:"unanswered"`
	Doubled        int                        `json:"doubled"` // edits with several answers
	Replicas       int                        `json:"replicas"`
	Different      int                        `json:"different"` // replicas that are not what the server would give
}

// Spread is a distribution of times in milliseconds.
type Spread struct {
	N   int     `json:"n"`
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
}

func spread(list []time.Duration) Spread {
	s := Stats{Times: list}
	ms := func(q float64) float64 { return float64(s.Quantile(q)) / float64(time.Millisecond) }
	return Spread{len(list), ms(0.5), ms(0.95), ms(0.99)}
}
