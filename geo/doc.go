// Package geo holds points, cells, tile arithmetic and the live spatial index
// of reports: who is where, counted and averaged over any cell in logarithmic
// time, from snapshots that readers take without a lock.
//
// It never does I/O, never logs, knows no SQL and no town: services, teams and
// areas are small numbers whose meaning the caller keeps.
package geo
