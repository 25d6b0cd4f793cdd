package sync

import (
	"github.com/gorilla/websocket"

	"segnavia/civic"
)

// item is one frame that waits to be written.
type item struct {
	scope    civic.Scope // set on deltas only, which may be dropped
	to       int64
	raw      []byte
	prepared *websocket.PreparedMessage
	size     int
}

// outbox is what waits to be written to one socket, bounded: when it is full
// only deltas are dropped, and one poke a scope says so. A slow phone loses
// nothing and costs no memory.
type outbox struct {
	items []item
	bytes int
}

// push adds a frame. It returns the scopes whose deltas were dropped to make
// room, with the highest version that each had waiting.
func (o *outbox) push(it item) (dropped map[civic.Scope]int64) {
	if o.bytes+it.size > queueBytes && o.bytes > 0 {
		dropped = o.dropDeltas()
		if it.scope != "" {
			dropped[it.scope] = max(dropped[it.scope], it.to)
			return dropped
		}
	}
	o.items = append(o.items, it)
	o.bytes += it.size
	return dropped
}

func (o *outbox) dropDeltas() map[civic.Scope]int64 {
	dropped := make(map[civic.Scope]int64)
	kept := o.items[:0]
	o.bytes = 0
	for _, it := range o.items {
		if it.scope != "" {
			dropped[it.scope] = max(dropped[it.scope], it.to)
			continue
		}
		kept = append(kept, it)
		o.bytes += it.size
	}
	clear(o.items[len(kept):])
	o.items = kept
	return dropped
}

// pop takes the oldest frame.
func (o *outbox) pop() (item, bool) {
	if len(o.items) == 0 {
		o.items = nil
		return item{}, false
	}
	it := o.items[0]
	o.items[0] = item{}
	o.items = o.items[1:]
	o.bytes -= it.size
	return it, true
}
