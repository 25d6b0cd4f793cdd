package main

import "syscall"

// A tenth of a disk is kept for the database, and of a large one ten gigabytes:
// below that pictures are refused, and stay on their phones.
const (
	leastFree      = 0.1
	leastFreeBytes = 10 << 30
)

// room tells whether our own bucket's disk has room for pictures; somebody else's
// bucket answers for itself.
func (s *stores) room() func() bool {
	if s.objects == "" {
		return nil
	}
	return func() bool { return roomIn(s.objects) }
}

// roomIn is true too where nobody can tell.
func roomIn(dir string) bool {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil || disk.Blocks == 0 {
		return true
	}
	return enough(float64(disk.Bavail)*float64(disk.Bsize), float64(disk.Blocks)*float64(disk.Bsize))
}

// enough tells whether free bytes of a disk of so many are room for pictures.
func enough(free, size float64) bool {
	return free >= min(leastFree*size, leastFreeBytes)
}
