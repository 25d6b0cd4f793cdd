package web

import (
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
)

// citizen is the source of the citizens' script, by which the manifest names
// what was built from it.
const citizen = "src/citizen/main.ts"

// manifest tells the hashed names of what was built.
type manifest map[string]struct {
	File string   `json:"file"`
	CSS  []string `json:"css"`
}

// readManifest gives an empty manifest until the browser's part is built.
func readManifest(built fs.FS) manifest {
	raw, err := fs.ReadFile(built, ".vite/manifest.json")
	if err != nil {
		return nil
	}
	var m manifest
	if json.Unmarshal(raw, &m) != nil {
		return nil
	}
	return m
}

// file is the address of the citizens' script, or "".
func (m manifest) file() string {
	if one, ok := m[citizen]; ok {
		return "/" + one.File
	}
	return ""
}

// styles are the addresses of the citizens' styles.
func (m manifest) styles() []string {
	var list []string
	for _, name := range m[citizen].CSS {
		list = append(list, "/"+name)
	}
	return list
}

// fonts are the addresses of the letters that every page shows at once.
func (m manifest) fonts() []string {
	var list []string
	for source, one := range m {
		if strings.HasSuffix(source, "latin-400-normal.woff2") || strings.HasSuffix(source, "latin-700-normal.woff2") {
			list = append(list, "/"+one.File)
		}
	}
	slices.Sort(list)
	return list
}
