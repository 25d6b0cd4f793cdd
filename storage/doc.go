// Package storage is PostgreSQL with PostGIS: the only place that knows SQL. It
// applies edits in one transaction each, keeps the log that everybody follows,
// and answers bounded questions.
//
// It decides nothing about a report: civic.Apply does. It never logs; it returns
// errors, and rows never leave it.
package storage
