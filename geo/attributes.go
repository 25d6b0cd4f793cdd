package geo

import "time"

// State is the state of a report. The numbers are packed into snapshots: do
// not reorder this list.
type State uint8

// The states, the open group first.
const (
	New State = iota
	Acknowledged
	Assigned
	InProgress
	Planned
	Waiting
	Resolved
	Closed
	Rejected
	StateCount = 9
)

// Closed tells whether the state belongs to the closed group of Open311.
func (s State) Closed() bool { return s >= Resolved }

// Limits of the packed fields.
const (
	MaxService = 1<<12 - 1
	MaxTeam    = 1<<12 - 1
	MaxArea    = 1<<10 - 1
	MaxChannel = 1<<4 - 1
)

// Service, Team, Area and Channel are small numbers that the caller gives to
// its ids. They are kept modulo their limit plus one.
type (
	Service uint16
	Team    uint16
	Area    uint16
	Channel uint8
)

// Attributes is what filters look at, packed into eight bytes. From the lowest
// bit: state 4, public 1, channel 4, service 12, team 12, area 10, day 16;
// 5 are spare.
type Attributes uint64

const (
	publicBit    = 4
	channelShift = 5
	serviceShift = 9
	teamShift    = 21
	areaShift    = 33
	dayShift     = 43
)

// Pack packs the attributes of a report.
func Pack(s State, public bool, c Channel, v Service, t Team, a Area, d Day) Attributes {
	p := Attributes(s & 15)
	if public {
		p |= 1 << publicBit
	}
	p |= Attributes(c&MaxChannel) << channelShift
	p |= Attributes(v&MaxService) << serviceShift
	p |= Attributes(t&MaxTeam) << teamShift
	p |= Attributes(a&MaxArea) << areaShift
	return p | Attributes(d)<<dayShift
}

// State returns the packed state.
func (a Attributes) State() State { return State(a & 15) }

// Public tells whether the public may see the report.
func (a Attributes) Public() bool { return a>>publicBit&1 == 1 }

// Channel returns the packed channel.
func (a Attributes) Channel() Channel { return Channel(a >> channelShift & MaxChannel) }

// Service returns the packed service.
func (a Attributes) Service() Service { return Service(a >> serviceShift & MaxService) }

// Team returns the packed team.
func (a Attributes) Team() Team { return Team(a >> teamShift & MaxTeam) }

// Area returns the packed area.
func (a Attributes) Area() Area { return Area(a >> areaShift & MaxArea) }

// Day returns the packed day of creation.
func (a Attributes) Day() Day { return Day(a >> dayShift) }

// withoutInside leaves out who works on the report and how it came, which only its
// town knows.
func (a Attributes) withoutInside() Attributes {
	return a &^ (MaxChannel<<channelShift | MaxTeam<<teamShift)
}

// class is the index of the four sums that are kept ready: public × group.
func (a Attributes) class() int {
	c := int(a>>publicBit&1) << 1
	if a.State().Closed() {
		c |= 1
	}
	return c
}

// Day counts days from 1 January 2000 to 2179, whose clock is its giver's.
type Day uint16

// epoch is 1 January 2000 as Unix seconds.
const epoch = 946684800

// DayOf returns the day of t in UTC, clamped to the range of Day.
func DayOf(t time.Time) Day {
	s := t.Unix() - epoch
	return Day(max(0, min(s, 65535*86400)) / 86400)
}

// Start returns the first instant of the day.
func (d Day) Start() time.Time { return time.Unix(epoch+int64(d)*86400, 0).UTC() }

// Instant counts seconds in UTC from 1 January 2000 to 2136.
type Instant uint32

// InstantOf returns t to the second, clamped to the range of Instant.
func InstantOf(t time.Time) Instant {
	return Instant(max(0, min(t.Unix()-epoch, 1<<32-1)))
}

// Time returns the instant as a time in UTC.
func (i Instant) Time() time.Time { return time.Unix(epoch+int64(i), 0).UTC() }

// Day returns the day of the instant.
func (i Instant) Day() Day { return Day(min(i/86400, 65535)) }
