package geo

import "math/bits"

// Set is a set of small numbers below 4096.
type Set [64]uint64

// Add puts n, below 4096, into the set.
func (s *Set) Add(n uint16) { s[n>>6&63] |= 1 << (n & 63) }

// Has tells whether n is in the set.
func (s *Set) Has(n uint16) bool { return s[n>>6&63]>>(n&63)&1 == 1 }

// Filter says which reports count. All its conditions hold together.
type Filter struct {
	Public   bool   // only what the public may see
	States   uint16 // one bit a state; 0 means all
	Channels uint16 // one bit a channel; 0 means all
	Services *Set   // nil means all
	Teams    *Set   // nil means all
	Area     Area   // 0 means all
	From, To Day    // both included; a zero To means no end
}

// The two groups as States.
const (
	OpenStates   uint16 = 1<<Resolved - 1
	ClosedStates uint16 = 1<<StateCount - 1 - OpenStates
	allStates    uint16 = 1<<16 - 1
)

// Query is a filter made ready for scanning. It does not change.
type Query struct {
	mask, want Attributes
	states     uint64
	channels   uint64
	from, span uint64
	services   *Set
	teams      *Set
	sets       uint8 // not 0 when a set is left
	wants      wants // the tests that the mask leaves

	// classes has a bit for each ready sum that the filter asks for; ready
	// says that those sums answer the filter exactly.
	classes uint8
	ready   bool
}

// Query makes the filter ready for scanning. The sets stay shared.
func (f *Filter) Query() Query {
	m := Query{
		states: uint64(f.States), channels: uint64(f.Channels),
		from: uint64(f.From), span: uint64(f.To) - uint64(f.From),
		services: f.Services, teams: f.Teams,
	}
	if f.To == 0 {
		m.span = uint64(^Day(0)) - m.from
	}
	if f.To != 0 && f.To < f.From {
		m.states, m.span = 0, 0
		m.decide(f)
		return m
	}
	if f.States == 0 {
		m.states = uint64(allStates)
	}
	if f.Channels == 0 {
		m.channels = 1<<16 - 1
	}
	if f.Public {
		m.mask, m.want = 1<<publicBit, 1<<publicBit
	}
	if f.Area != 0 {
		m.mask |= MaxArea << areaShift
		m.want |= Attributes(f.Area&MaxArea) << areaShift
	}
	m.narrow(&m.states, 0, 1<<StateCount-1)
	m.narrow(&m.channels, channelShift, 1<<(MaxChannel+1)-1)
	m.narrowSet(&m.services, serviceShift)
	m.narrowSet(&m.teams, teamShift)
	if m.services != nil || m.teams != nil {
		m.sets = 1
	}
	m.decide(f)
	m.choose(f)
	return m
}

// narrow moves a choice of one value into the mask, whose test comes first and
// alone turns most rows away.
func (m *Query) narrow(set *uint64, shift int, known uint64) {
	if v := *set & known; bits.OnesCount64(v) == 1 {
		m.mask |= 15 << shift
		m.want |= Attributes(bits.TrailingZeros64(v)) << shift
	}
}

func (m *Query) narrowSet(set **Set, shift int) {
	if *set == nil {
		return
	}
	n, value := 0, 0
	for i, w := range *set {
		if w != 0 {
			n += bits.OnesCount64(w)
			value = i<<6 + bits.TrailingZeros64(w)
		}
	}
	if n == 1 {
		m.mask |= MaxService << shift
		m.want |= Attributes(value) << shift
		*set = nil
	}
}

// choose finds out whether the ready sums answer the filter.
func (m *Query) choose(f *Filter) {
	known := uint16(1<<StateCount - 1)
	states := uint16(m.states) & known
	group := uint8(0)
	if states&OpenStates == OpenStates {
		group |= 1
	}
	if states&ClosedStates == ClosedStates {
		group |= 2
	}
	whole := states == known || states == OpenStates || states == ClosedStates
	m.ready = whole && f.Channels == 0 && f.Services == nil && f.Teams == nil && f.Area == 0 &&
		f.From == 0 && f.To == 0
	m.classes = group << 2
	if !f.Public {
		m.classes |= group
	}
}

func (m *Query) match(a Attributes) bool { return a&m.mask == m.want && m.rest(a) }

// rest tests what the mask does not.
func (m *Query) rest(a Attributes) bool {
	if m.states>>(a&15)&1 == 0 || uint64(a>>dayShift)-m.from > m.span ||
		m.channels>>(a>>channelShift&MaxChannel)&1 == 0 {
		return false
	}
	return m.sets == 0 || m.inSets(a)
}

func (m *Query) inSets(a Attributes) bool {
	if m.services != nil && !m.services.Has(uint16(a.Service())) {
		return false
	}
	return m.teams == nil || m.teams.Has(uint16(a.Team()))
}

// Match tells whether a report with these attributes counts.
func (f *Filter) Match(a Attributes) bool {
	m := f.Query()
	return m.match(a)
}
