// Package gateway serves a folder as an S3 bucket on the loopback interface,
// inside the program. What it has answered for is on the disk. A process runs
// one gateway at a time, because versitygw keeps state of its own.
package gateway

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"

	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/embedgw"
	"github.com/versity/versitygw/s3api"
)

// Region is what the gateway calls itself; clients sign their requests with it.
const Region = "us-east-1"

// accessKey stays the same over restarts because buckets remember their owner.
const accessKey = "segnavia"

// bindTries is how often a port that somebody took between the question and
// the answer is replaced by another.
const bindTries = 5

// ErrRunning says that this process runs a gateway already.
var ErrRunning = errors.New("an object gateway already runs in this process")

// Gateway is a running S3 endpoint. Its secret is new at each start and is
// never written to disk.
type Gateway struct {
	Endpoint  string // host:port, plain HTTP
	AccessKey string
	SecretKey string

	stop context.CancelFunc
	done chan struct{}
	err  error // valid once done is closed
	once sync.Once
}

// Start serves the buckets in dir/objects; metadata lies in extended
// attributes, or in dir/metadata where the file system has none for users. A
// second gateway in one process gives ErrRunning.
func Start(ctx context.Context, dir string) (*Gateway, error) {
	var err error
	for range bindTries {
		var g *Gateway
		if g, err = start(ctx, dir); err == nil {
			return g, nil
		}
		if errors.Is(err, ErrRunning) || ctx.Err() != nil {
			break
		}
	}
	return nil, fmt.Errorf("start object gateway: %w", err)
}

func start(ctx context.Context, dir string) (*Gateway, error) {
	release, ok := claim()
	if !ok {
		return nil, ErrRunning
	}
	be, err := open(dir)
	if err != nil {
		release()
		return nil, err
	}
	endpoint, err := freePort(ctx)
	if err != nil {
		be.Shutdown()
		release()
		return nil, err
	}
	// The caller's ctx bounds the start, not the life.
	life, stop := context.WithCancel(context.WithoutCancel(ctx)) // #nosec G118 -- Close calls it
	g := &Gateway{
		Endpoint: endpoint, AccessKey: accessKey, SecretKey: rand.Text(),
		stop: stop, done: make(chan struct{}),
	}
	listening := make(chan struct{})
	go func() {
		defer close(g.done)
		defer release()
		defer be.Shutdown()
		g.err = embedgw.RunVersityGW(life, be, g.config(func() { close(listening) }))
	}()
	select {
	case <-listening:
		return g, nil
	case <-g.done:
		return nil, g.err
	case <-ctx.Done():
		return nil, errors.Join(context.Cause(ctx), g.Close(context.WithoutCancel(ctx)))
	}
}

func (g *Gateway) config(onListen func()) *embedgw.Config {
	root := auth.Account{Access: g.AccessKey, Secret: g.SecretKey, Role: auth.RoleAdmin}
	return &embedgw.Config{
		IAMService:        auth.NewIAMServiceSingle(root),
		RootUserAccess:    g.AccessKey,
		RootUserSecret:    g.SecretKey,
		Region:            Region,
		Ports:             []string{g.Endpoint},
		MaxConnections:    4096,
		MaxRequests:       1024,
		MultipartMaxParts: 10000,
		KeepAlive:         true,
		Quiet:             true,
		S3Options:         []s3api.Option{s3api.WithOnListen(onListen)},
	}
}

// Close ends the gateway after the requests under way, or when ctx ends, and
// returns the error that ended it earlier, if one did.
func (g *Gateway) Close(ctx context.Context) error {
	g.once.Do(g.stop)
	select {
	case <-g.done:
		return g.err
	case <-ctx.Done():
		return fmt.Errorf("stop object gateway: %w", context.Cause(ctx))
	}
}

// freePort asks the kernel for a port. Another program can take it before the
// gateway does; Start then asks again.
func freePort(ctx context.Context) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

func makeDirs(dir string) (objects, metadata string, err error) {
	objects, metadata = filepath.Join(dir, "objects"), filepath.Join(dir, "metadata")
	for _, d := range []string{objects, metadata} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return "", "", fmt.Errorf("folder of the objects: %w", err)
		}
	}
	return objects, metadata, nil
}

// running holds a place for the one gateway: versitygw's limit is per process,
// so it cannot be held by a value.
var running = make(chan struct{}, 1)

func claim() (release func(), ok bool) {
	select {
	case running <- struct{}{}:
		return func() { <-running }, true
	default:
		return nil, false
	}
}
