package chaos

import (
	"cmp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"segnavia/civic"
)

// history is what each phone sent and what it was told, with both times.
type history struct {
	mu       sync.Mutex
	began    time.Time
	edits    map[civic.EditID]*entry
	repeated int // answers that differ from the first
}

type entry struct {
	edit   civic.Edit
	phone  int
	sent   time.Duration
	told   time.Duration
	answer *civic.Answer
}

func newHistory() *history {
	return &history{began: time.Now(), edits: make(map[civic.EditID]*entry)}
}

func (h *history) sent(phone int, e civic.Edit) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.edits[e.ID] = &entry{edit: e, phone: phone, sent: time.Since(h.began)}
}

func (h *history) told(a civic.Answer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.edits[a.ID]
	if e.answer != nil {
		if e.answer.Status != a.Status || e.answer.Rev != a.Rev || e.answer.Code != a.Code {
			h.repeated++
		}
		return
	}
	e.answer, e.told = &a, time.Since(h.began)
}

func (h *history) tally() (edits, unanswered int, statuses map[civic.ResultStatus]int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	statuses = make(map[civic.ResultStatus]int)
	for _, e := range h.edits {
		if e.answer == nil {
			unanswered++
		} else {
			statuses[e.answer.Status]++
		}
	}
	return len(h.edits), unanswered, statuses
}

// counter is a report as the edits that change it see it: each raises its rev by
// one. Anything lost, done twice or done before its time has no order that fits.
var counter = porcupine.Model{
	Init: func() any { return int64(0) },
	Step: func(state, input, output any) (bool, any) {
		rev, a := state.(int64), output.(civic.Answer)
		if rev == 0 { // a route may take a new case further at once
			return input.(civic.Edit).Kind == civic.KindCreate, a.Rev
		}
		return a.Rev == rev+1, a.Rev
	},
}

// linearizable checks the edits of each report: those that changed it have one
// order that fits their times, and those that did not saw a rev that stood at
// some moment between their sending and their answer.
func (h *history) linearizable(t *testing.T) (reports int) {
	t.Helper()
	byReport := make(map[civic.ReportID][]porcupine.Operation)
	stood := make(map[civic.ReportID]map[int64]*entry) // who made a rev
	for _, e := range h.edits {
		if !e.answer.Changes() {
			continue
		}
		id := e.edit.Report
		byReport[id] = append(byReport[id], porcupine.Operation{
			ClientId: e.phone, Input: e.edit, Call: int64(e.sent), Output: *e.answer, Return: int64(e.told),
		})
		if stood[id] == nil {
			stood[id] = make(map[int64]*entry)
		}
		stood[id][e.answer.Rev] = e
	}
	for id, operations := range byReport {
		if r, _ := porcupine.CheckOperationsVerbose(counter, operations, time.Minute); r != porcupine.Ok {
			t.Errorf("report %s: %d edits have no order that fits: %s", id, len(operations), r)
		}
	}
	for id, e := range h.edits {
		if e.answer.Status != civic.Merged {
			continue
		}
		made, next := stood[e.edit.Report][e.answer.Rev], stood[e.edit.Report][e.answer.Rev+1]
		if made == nil || made.sent > e.told || next != nil && next.told < e.sent {
			t.Errorf("edit %s saw rev %d of %s out of its time", id, e.answer.Rev, e.edit.Report)
		}
	}
	return len(byReport)
}

// of lists the edits of a phone in the order in which it made them.
func (h *history) of(phone int) []civic.Edit {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []*entry
	for _, e := range h.edits {
		if e.phone == phone {
			list = append(list, e)
		}
	}
	slices.SortFunc(list, func(a, b *entry) int { return cmp.Compare(a.sent, b.sent) })
	edits := make([]civic.Edit, len(list))
	for i, e := range list {
		edits[i] = e.edit
	}
	return edits
}
