// Package faults tests the tests: it plants a fault into the sources as they are
// compiled, and the test that guards against it must fail.
package faults
