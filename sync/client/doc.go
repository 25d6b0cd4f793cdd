// Package client is a client of sync protocol 1 in Go, written from the
// protocol's page alone: it keeps a replica of scopes in memory and an outbox of
// edits, over a websocket and the HTTP twin. Tests and load generators use it;
// it is no part of the server.
package client
