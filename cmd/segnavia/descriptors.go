package main

import "syscall"

// How many connections all strangers together may have open: half of what the
// machine lets this process open, since devices, the database and the bucket need
// theirs, and no more than a machine's memory takes without noticing.
const (
	leastOpen = 256
	mostOpen  = 8192
)

func maxOpen() int {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return leastOpen
	}
	return int(min(max(limit.Cur/2, leastOpen), mostOpen)) // #nosec G115 -- bounded
}
