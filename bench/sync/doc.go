// Package sync_bench measures the offline protocol of the program as a process
// of its own. Its trials run with the build tag bench only; see README.md.
package sync_bench
