package server_test

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain looks for goroutines that nobody waits for. The bucket's own gateway is
// a library's, which ends with the process.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"),
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"))
}
