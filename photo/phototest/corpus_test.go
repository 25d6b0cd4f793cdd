package phototest_test

import (
	"crypto/sha256"
	"testing"

	"segnavia/photo/phototest"
)

func TestTheCorpusIsLargeAndTheSameEachTime(t *testing.T) {
	all, again := phototest.Corpus(), phototest.Corpus()
	if len(all) < 300 {
		t.Errorf("%d files", len(all))
	}
	names := map[string]bool{}
	for i, f := range all {
		if sha256.Sum256(f.Bytes) != sha256.Sum256(again[i].Bytes) {
			t.Errorf("%s is another file each time", f.Name)
		}
		names[string(f.Want)] = true
	}
	t.Logf("%d files, wanting %v", len(all), names)
}
