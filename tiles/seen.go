package tiles

// seen remembers which values a layer has written. A table that is emptied by
// counting up costs a tenth of a map for tiles of twenty features.
type seen struct {
	slots [seenSlots]struct {
		name  uint64
		index uint32
		turn  uint32
	}
	turn, used uint32
}

// seenSlots is a power of two. A fuller table only repeats values, which the
// specification allows.
const (
	seenSlots = 1024
	seenUsed  = seenSlots * 3 / 4
)

func (s *seen) reset() {
	s.turn++
	s.used = 0
	if s.turn == 0 {
		*s = seen{turn: 1}
	}
}

// put returns the index under which name is known, else gives it next.
func (s *seen) put(name uint64, next uint32) (uint32, bool) {
	i := name * 0x9e3779b97f4a7c15 >> 54
	for {
		slot := &s.slots[i]
		if slot.turn != s.turn {
			if s.used < seenUsed {
				s.used++
				slot.name, slot.index, slot.turn = name, next, s.turn
			}
			return next, false
		}
		if slot.name == name {
			return slot.index, true
		}
		i = (i + 1) % seenSlots
	}
}
