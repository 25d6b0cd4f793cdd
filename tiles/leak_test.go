package tiles

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain looks for goroutines that nobody waits for.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
