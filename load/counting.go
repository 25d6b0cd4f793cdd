package load

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
)

// counting is an HTTP client that counts the bytes that come, compressed as they
// travel.
func counting(bytes *atomic.Int64) *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: tallying(bytes)}}
}

// tallying dials connections whose incoming bytes are counted.
func tallying(bytes *atomic.Int64) func(ctx context.Context, network, addr string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &tallied{c, bytes}, nil
	}
}

type tallied struct {
	net.Conn
	bytes *atomic.Int64
}

func (t *tallied) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	t.bytes.Add(int64(n))
	return n, err
}
