package tiles

import "segnavia/geo"

// Access is what a reader may see.
type Access uint8

// The two views of a town. They never share a cache entry.
const (
	Public Access = iota // visible reports only
	Staff                // every report
)

// statuses are the words of geo.State, in its order.
func statuses() [geo.StateCount]string {
	return [...]string{
		"new", "acknowledged", "assigned", "in_progress", "planned", "waiting",
		"resolved", "closed", "rejected",
	}
}

func statusOf(word string) (geo.State, bool) {
	for i, w := range statuses() {
		if w == word {
			return geo.State(i), true
		}
	}
	return 0, false
}

// channels are the words of geo.Channel from 1 on; 0 is a channel not listed.
func channels() [7]string {
	return [...]string{"web", "app", "phone", "counter", "email", "open311", "staff"}
}

func channelOf(word string) (geo.Channel, bool) {
	for i, w := range channels() {
		if w == word {
			return geo.Channel(i + 1), true
		}
	}
	return 0, false
}
