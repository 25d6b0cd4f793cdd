// Package chaos ends, cuts and starves the program as a process of its own while
// clients of the offline protocol work, and then looks for anything lost, doubled
// or different. A short run is part of the tests; `make chaos` runs the long one.
package chaos
