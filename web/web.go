// Package web is what people see: the citizens' pages as templates, their style
// and their little script, and the built staff apps, embedded into the program.
//
// It fills templates and nothing more: it never reads a request, a database or
// a clock.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Assets is the built staff apps. Until `npm run build` has run it is empty.
func Assets() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("web: " + err.Error()) // the folder is embedded
	}
	return sub
}
