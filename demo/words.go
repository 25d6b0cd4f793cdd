package demo

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

var (
	//go:embed data/words.json
	wordsJSON []byte
	//go:embed data/matters.json
	mattersJSON []byte
	//go:embed data/work.json
	workJSON []byte
)

// words are the sentences of the demonstration, as citizens and clerks write
// them. {via}, {civico}, {giorno} and {squadra} are filled in.
type words struct {
	Services map[string]topic
	Since, Where, Effect, Passage, Ask, Danger, Flood,
	Hello, Deadline, Who, After, Delay, Contests, Thanks,
	Weekdays, Months, Firstnames, Surnames []string
	Planned, Bodies   map[string][]string // by the group of the code, "" for the rest
	Questions, Reject [][2]string
	matters           map[string][]matter
	work              map[string]labour
}

// topic is what a service is like. Weight is its share of all reports, Hazard
// the share of its own in which somebody may get hurt; Subject names the
// pictures that fit.
type topic struct {
	Weight, Hazard float64
	Subject        string
	// Placeless services are about no place; Passage ones are about getting by.
	Placeless, Passage bool
}

// matter is one thing that people report to a service, and what the town does
// about it where that differs from the rest. Picture is "-" when the service's
// pictures do not show it.
type matter struct {
	Title   string
	Says    []string
	Picture string
	labour
}

// labour is how the town answers for one service: what it will do, what those
// who do it note down, what it says in the end and the typed reasons.
type labour struct{ Plans, Notes, Done, Reason []string }

func readWords() *words {
	w := &words{}
	parse(wordsJSON, w)
	parse(mattersJSON, &w.matters)
	parse(workJSON, &w.work)
	return w
}

// matter draws what is reported to a service, with all that is said and done
// about it.
func (w *words) matter(r *rand.Rand, code string) matter {
	m, rest := pick(r, w.matters[code]), w.work[code]
	for _, list := range []struct {
		own  *[]string
		rest []string
	}{{&m.Plans, rest.Plans}, {&m.Notes, rest.Notes}, {&m.Done, rest.Done}, {&m.Reason, rest.Reason}} {
		if len(*list.own) == 0 {
			*list.own = list.rest
		}
	}
	return m
}

// pick takes one of a list.
func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// day says a date as people do: "venerdì 14 marzo".
func (w *words) day(t time.Time) string {
	return fmt.Sprintf("%s %d %s", w.Weekdays[t.Weekday()], t.Day(), w.Months[t.Month()-1])
}

// tell is what a citizen writes.
func (w *words) tell(r *rand.Rand, says []string, about topic, hazard, flood bool) string {
	parts := []string{pick(r, says)}
	if flood {
		parts = append([]string{pick(r, w.Flood)}, parts...)
	}
	if !about.Placeless {
		if r.IntN(2) == 0 {
			parts = append(parts, pick(r, w.Where))
		}
		if !flood && r.IntN(5) < 3 {
			parts = append(parts, pick(r, w.Since))
		}
		switch n := r.IntN(10); {
		case n < 2:
			parts = append(parts, pick(r, w.Effect))
		case n < 5 && about.Passage:
			parts = append(parts, pick(r, w.Passage))
		}
	}
	if hazard {
		parts = append(parts, pick(r, w.Danger))
	}
	if r.IntN(2) == 0 {
		parts = append(parts, pick(r, w.Ask))
	}
	return sentences(parts...)
}

// answer is a first reply in plain words: what, by when, who, and then.
func (w *words) answer(r *rand.Rand, do labour, by time.Time, who string) string {
	return sentences(pick(r, w.Hello),
		pick(r, do.Plans)+" "+strings.ReplaceAll(pick(r, w.Deadline), "{giorno}", w.day(by))+".",
		strings.ReplaceAll(pick(r, w.Who), "{squadra}", who), pick(r, w.After))
}

// late is written before a promised day passes; an office has no rain and no
// spare parts to blame.
func (w *words) late(r *rand.Rand, by time.Time, who string, office bool) string {
	why := pick(r, w.Delay)
	if office {
		why = w.Delay[0]
	}
	return strings.NewReplacer("{giorno}", w.day(by), "{squadra}", who).Replace(why)
}

// sentences joins those that are not empty.
func sentences(parts ...string) string {
	kept := parts[:0:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " ")
}
