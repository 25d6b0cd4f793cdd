// Package tiles holds the grid of the live index as SQL. It is the yardstick of
// benchmarks and the oracle of tests; no program imports it.
package tiles

import _ "embed"

// GridSQL makes the table grid_report, to be filled by the caller, and the
// functions grid_position, grid_reports, grid_cells and grid_tile, in a database
// with PostGIS.
//
//go:embed grid.sql
var GridSQL string
