// Package tiles draws a town's reports as vector tiles: clusters and single
// reports out of the live index, the schematic streets beneath them, and the
// stream that tells a page which tiles are stale.
//
// It never speaks SQL, never logs, and never decides who a reader is: the
// caller passes the town and the access.
package tiles
