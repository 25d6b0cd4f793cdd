package client

import (
	"slices"
	"time"

	"segnavia/civic"
)

// reofferDays is how long an answered edit is kept, in case a restore lost it
// (sync protocol 1, Epoch).
const reofferDays = 7

// item is one edit with the epoch in which it was made, "" before the first
// welcome, and when it was answered.
type item struct {
	edit     civic.Edit
	epoch    string
	answered time.Time
}

// wire is the edit as it is sent: one of another epoch says so, since its revs
// count for nothing in this one.
func (i item) wire(epoch string) civic.Edit {
	e := i.edit
	e.Epoch = ""
	if i.epoch != "" && i.epoch != epoch {
		e.Epoch = i.epoch
	}
	return e
}

// reoffer puts the edits that were answered lately back before those that wait, in
// their order: the database is of another age and may have lost them.
func (c *Client) reoffer(now time.Time) {
	var again []item
	for _, i := range c.answered {
		if now.Sub(i.answered) <= reofferDays*24*time.Hour {
			again = append(again, i)
		}
	}
	c.counts.Reoffered += len(again)
	c.outbox = append(again, c.outbox...)
	c.answered = nil
}

// remember keeps what was answered, and lets go of what is old.
func (c *Client) remember(list []item, now time.Time) {
	for _, i := range list {
		i.answered = now
		c.answered = append(c.answered, i)
	}
	old := 0
	for old < len(c.answered) && now.Sub(c.answered[old].answered) > reofferDays*24*time.Hour {
		old++
	}
	if c.answered = c.answered[old:]; cap(c.answered) > 4*len(c.answered)+64 {
		c.answered = slices.Clone(c.answered) // the head is let go
	}
}
