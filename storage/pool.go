package storage

import (
	"context"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// pool is the connections of one role. Its patience bounds one transaction as the
// caller waits for it: the server's own limits are of no use while the server, or
// the network before it, stands still.
type pool struct {
	*pgxpool.Pool
	patience time.Duration // 0: as long as the caller likes
}

// How long a caller waits for the database, above what the statements may take.
const (
	requestPatience = 15 * time.Second
	jobPatience     = 90 * time.Second
)

// bounded is a context that ends when the pool's patience does.
func (p *pool) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if p.patience == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, p.patience)
}

// farewellLimit bounds what is still said to a server after the caller has gone: a
// rollback, an unlock, a goodbye. The server does it by itself when the connection
// ends.
const farewellLimit = 5 * time.Second

func farewell(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), farewellLimit)
}

// hangUp closes a connection, politely for a while.
func hangUp(ctx context.Context, conn *pgx.Conn) {
	ctx, cancel := farewell(ctx)
	defer cancel()
	_ = conn.Close(ctx) // nothing is open on it
}

// undo rolls back a transaction that was not committed; after Commit it does
// nothing.
func undo(ctx context.Context, tx pgx.Tx) {
	ctx, cancel := farewell(ctx)
	defer cancel()
	_ = tx.Rollback(ctx) // a broken connection is thrown away
}

// dialler notices within a minute that the machine at the other end is gone.
var dialler = net.Dialer{
	Timeout: 10 * time.Second,
	KeepAliveConfig: net.KeepAliveConfig{
		Enable: true, Idle: 20 * time.Second, Interval: 10 * time.Second, Count: 3,
	},
}

// connect opens one connection outside the pools.
func connect(ctx context.Context, url string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.DialFunc = dialler.DialContext
	return pgx.ConnectConfig(ctx, config)
}
