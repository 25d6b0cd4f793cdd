// Package load puts load on a running server and says how long it took: reports,
// edits, tiles. Its loops are bounded in count and time. It is for servers of
// one's own, on this machine.
package load
