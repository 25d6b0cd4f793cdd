package main

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// Memory that a crowd needed goes back to the machine once it is gone: the runtime
// alone keeps it for minutes. It is looked at where it is by an eighth and some more
// than it was after the last time, and grows no more.
const (
	memoryEvery = 15 * time.Second
	memoryMore  = 24 << 20
)

// returnMemory does so until the context ends.
func returnMemory(ctx context.Context) {
	tick := time.NewTicker(memoryEvery)
	defer tick.Stop()
	low, last := resident(), uint64(0)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := resident()
		if now <= last+last/50 && now > low+low/8+memoryMore {
			runtime.GC() // what pools keep outlives one collection
			debug.FreeOSMemory()
			now = resident()
			low = now
		}
		low, last = min(low, now), now
	}
}

// resident is what the runtime holds of the machine's memory.
func resident() uint64 {
	held := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(held)
	return held[0].Value.Uint64() - held[1].Value.Uint64()
}
