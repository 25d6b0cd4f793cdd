// Package peers_sync_bench puts the work that other systems do here on the
// program as a process of its own. It runs with the build tag bench only; see
// README.md.
package peers_sync_bench
