// Package server is HTTP: it finds out which town is asked and who asks, checks
// that they may, and hands over. It serves the JSON API, the citizens' pages,
// the staff apps, media, tiles and the sync protocol's paths, and is the one
// place that turns errors into answers.
//
// It never reads a database or a bucket by itself: what it needs enters through
// the interfaces in ports.go.
package server
