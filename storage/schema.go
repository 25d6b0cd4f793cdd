package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// SchemaKey changes whenever the migrations do: it names the template from
// which tests clone their databases.
func SchemaKey() string {
	h := sha256.New()
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return ""
	}
	for _, name := range names {
		raw, err := migrations.ReadFile(name)
		if err != nil {
			return ""
		}
		h.Write(raw)
	}
	for _, f := range leakproof {
		h.Write([]byte(f))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Newest is the number of the last migration that this program knows.
func Newest() (n int64) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0
	}
	for _, name := range names {
		v, err := goose.NumericComponent(name)
		if err == nil {
			n = max(n, v)
		}
	}
	return n
}
