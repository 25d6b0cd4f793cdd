package load

import (
	"maps"
	"sync"
	"time"

	"segnavia/civic"
)

// marks keep when each edit left and was answered, and how long after that each
// other client had applied it. An answer leaves the server after the commit, so
// that the time from the sending is a little more than from the commit.
type marks struct {
	mu      sync.Mutex
	sent    map[civic.EditID]time.Time
	answers map[civic.EditID]int
	status  map[civic.ResultStatus]int
	acked   []time.Duration // sent -> answered
	applied []time.Duration // sent -> applied by another client
	ops     int
}

func newMarks() *marks {
	return &marks{
		sent: make(map[civic.EditID]time.Time), answers: make(map[civic.EditID]int), status: make(map[civic.ResultStatus]int),
	}
}

func (m *marks) leave(id civic.EditID) {
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent[id] = now
}

func (m *marks) answered(a civic.Answer) {
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answers[a.ID]++
	m.status[a.Status]++
	if at, ok := m.sent[a.ID]; ok {
		m.acked = append(m.acked, now.Sub(at))
	}
}

func (m *marks) arrived(_ civic.Scope, ops []civic.Op) {
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ops += len(ops)
	for _, op := range ops {
		if at, ok := m.sent[op.Edit]; ok {
			m.applied = append(m.applied, now.Sub(at))
		}
	}
}

// take empties what was measured, for the next part of a run; what was sent and
// answered stays known.
func (m *marks) take() (acked, applied []time.Duration, ops int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	acked, applied, ops = m.acked, m.applied, m.ops
	m.acked, m.applied, m.ops = nil, nil, 0
	return acked, applied, ops
}

// tally counts the edits that were sent, those that have no answer, those that have
// several, and the answers of each kind.
func (m *marks) tally() (sent, none, several int, status map[civic.ResultStatus]int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id := range m.sent {
		switch n := m.answers[id]; {
		case n == 0:
			none++
		case n > 1:
			several++
		}
	}
	return len(m.sent), none, several, maps.Clone(m.status)
}
