package storagetest

import (
	"context"
	"crypto/rand"
	"os"
	"strings"
	"sync"
	"testing"

	"segnavia/storage/embedded"
	"segnavia/storage/embedded/gateway"
)

// shared is the one gateway that a process can run, held by the tests that use
// it; the last one out closes it.
var shared struct {
	mu      sync.Mutex
	users   int
	dir     string
	gateway *gateway.Gateway
}

// Bucket is an empty bucket for one test, named but not yet made:
// objects.Open makes it. It cannot stand beside an embedded.Node with Objects
// in the same process.
func Bucket(t testing.TB) embedded.S3 {
	t.Helper()
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.users == 0 {
		dir, err := os.MkdirTemp("", "segnavia-bucket-")
		if err != nil {
			t.Fatalf("test bucket: %v", err)
		}
		g, err := gateway.Start(t.Context(), dir)
		if err != nil {
			_ = os.RemoveAll(dir)
			t.Fatalf("test bucket: %v", err)
		}
		shared.dir, shared.gateway = dir, g
	}
	shared.users++
	t.Cleanup(func() { leaveBucket(t) })
	return embedded.S3{
		Endpoint: shared.gateway.Endpoint, AccessKey: shared.gateway.AccessKey, SecretKey: shared.gateway.SecretKey,
		Region: gateway.Region, Bucket: "test-" + strings.ToLower(rand.Text()),
	}
}

func leaveBucket(t testing.TB) {
	shared.mu.Lock()
	defer shared.mu.Unlock()
	shared.users--
	if shared.users > 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := shared.gateway.Close(ctx); err != nil {
		t.Errorf("close test bucket: %v", err)
	}
	if err := os.RemoveAll(shared.dir); err != nil {
		t.Errorf("remove test bucket: %v", err)
	}
}
