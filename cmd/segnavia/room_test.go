package main

import "testing"

func TestPicturesLeaveRoomForTheDatabase(t *testing.T) {
	const gib = 1 << 30
	for _, c := range []struct {
		free, size float64
		want       bool
	}{
		{4 * gib, 20 * gib, true},
		{2 * gib, 20 * gib, true},
		{1.9 * gib, 20 * gib, false},
		{11 * gib, 4000 * gib, true},
		{9 * gib, 4000 * gib, false},
		{0, 1 * gib, false},
	} {
		if got := enough(c.free, c.size); got != c.want {
			t.Errorf("%g of %g: %t", c.free/gib, c.size/gib, got)
		}
	}
	if !roomIn("/nowhere") {
		t.Error("a disk that cannot be asked refuses")
	}
}
