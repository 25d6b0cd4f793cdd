// Package phototest makes hostile files for the tests of every door that takes
// one: bombs, halves, polyglots, lies. It makes the same ones each time, reads no
// file, and is never part of the program.
package phototest

import (
	"fmt"
	"math/rand/v2"
)

// What stands in the metadata of the corpus and must never be seen again.
const (
	SentinelName = "Ersilia Sentinella"
	SentinelLon  = 8.93415
	SentinelLat  = 44.40713
)

// Sentinels are the same as they would stand in an answer.
var Sentinels = []string{SentinelName, "Sentinella", "8.9341", "44.4071", "0;56;2;94"}

// Want is what must become of a file.
type Want string

// A file is taken, or refused with a code of package photo: at once, or once it is
// drawn. Any is for files of which a decoder may make something or not.
const (
	Taken Want = ""
	Any   Want = "any"
)

// File is one of the corpus. Name is what its sender calls it.
type File struct {
	Name  string
	Bytes []byte
	Want  Want
}

// Corpus is the whole of it, in a fixed order.
func Corpus() []File {
	var all []File
	for _, part := range [][]File{jpegs(), exifs(), pngs(), webps(), heics(), strangers(), documents(), names(), damaged()} {
		all = append(all, part...)
	}
	return all
}

// cuts are a file's beginnings, n of them, evenly spaced.
func cuts(name string, whole []byte, n int, want Want) []File {
	list := make([]File, 0, n)
	for i := 1; i <= n; i++ {
		at := len(whole) * i / (n + 1)
		list = append(list, File{fmt.Sprintf("cut-%d-%s", at, name), whole[:at], want})
	}
	return list
}

// damaged are pictures in which bytes have turned: whatever a decoder makes of
// them, it makes it within its limits.
func damaged() []File {
	random := rand.New(rand.NewPCG(20261124, 3)) // #nosec G404 -- the same each time
	var list []File
	for _, base := range []File{{"damaged.jpg", Dirty(), Any}, {"damaged.png", dirtyPNG(), Any}, {"damaged.pdf", PDF(""), Any}} {
		for i := range 30 {
			b := append([]byte(nil), base.Bytes...)
			for range 1 + i {
				b[random.IntN(len(b))] ^= byte(1 + random.IntN(255)) // #nosec G115 -- below 256
			}
			list = append(list, File{fmt.Sprintf("%d-%s", i, base.Name), b, Any})
		}
	}
	return list
}
