package main

import "testing"

// TestTheProgramIsPartOfItsTests stands inside the program, so that its tests are
// linked with it: those beside it build the program themselves, and go would
// otherwise tell of their last success whatever had changed in it.
func TestTheProgramIsPartOfItsTests(t *testing.T) {
	if exitLater != 2 {
		t.Errorf("a command to come exits %d, want 2", exitLater)
	}
}
