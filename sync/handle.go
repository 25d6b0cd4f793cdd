package sync

import (
	"context"
	"encoding/json"
	"time"
)

// tooFast takes a frame's worth from the allowance.
func (ss *session) tooFast(now time.Time) bool {
	ss.tokens = min(frameBurst, ss.tokens+framesPerSecond*now.Sub(ss.refill).Seconds())
	ss.refill = now
	ss.tokens--
	return ss.tokens < 0
}

// handle answers one frame. A returned error frame ends the session.
func (ss *session) handle(ctx context.Context, raw []byte) *errorFrame {
	if ss.tooFast(ss.server.Now()) {
		return failure(closeTooFast, "too_fast")
	}
	kind, err := frameKind(raw)
	if err != nil {
		return failure(closeBad, "bad_frame")
	}
	ss.mu.Lock()
	known := ss.known
	ss.mu.Unlock()
	switch {
	case !known && kind != "hello":
		return failure(closeBad, "hello_wanted")
	case kind == "hello":
		return ss.hello(ctx, raw)
	case kind == "sub":
		return decoded(ctx, raw, ss.sub)
	case kind == "unsub":
		return decoded(ctx, raw, ss.unsub)
	case kind == "push":
		return decoded(ctx, raw, ss.push)
	case kind == "auth":
		return decoded(ctx, raw, ss.auth)
	default:
		return nil // unknown frames are ignored by both sides
	}
}

// decoded reads the fields of a frame whose kind is known.
func decoded[F any](ctx context.Context, raw []byte, handle func(context.Context, F) *errorFrame) *errorFrame {
	var f F
	if json.Unmarshal(raw, &f) != nil {
		return failure(closeBad, "bad_frame")
	}
	return handle(ctx, f)
}
