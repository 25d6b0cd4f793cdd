package main

import "testing"

// linked holds the whole program in the tests' own binary: the tests beside it
// build the program themselves, and go would otherwise tell of their last success
// whatever had changed in it.
var linked = main

func TestTheProgramIsPartOfItsTests(t *testing.T) {
	if linked == nil || exitLater != 2 {
		t.Errorf("a command to come exits %d, want 2", exitLater)
	}
}
