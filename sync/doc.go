// Package sync is the server's side of sync protocol 1: frames over a websocket
// and the same frames over HTTP. It keeps nothing that the database cannot give
// back: a cursor is all that a client needs to go on with any node.
//
// It knows no SQL and decides nothing about a report. Inside the package a bare
// sync. is the standard library; elsewhere it is imported as fieldsync.
package sync
