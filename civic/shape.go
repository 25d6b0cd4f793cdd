package civic

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"strings"
)

// BodyShape tells versions of the projections apart: the names and types of
// every field of the bodies. Bodies that were stored elsewhere under another
// shape are not what Project would give now.
func BodyShape() string {
	var b strings.Builder
	for _, body := range []any{AreaBody{}, TeamBody{}, DeskBody{}} {
		describe(&b, reflect.TypeOf(body), 0)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:8])
}

// deepest is far below where the bodies' types end.
const deepest = 8

func describe(b *strings.Builder, t reflect.Type, depth int) {
	b.WriteString(t.String())
	if depth == deepest {
		return
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		describe(b, t.Elem(), depth+1)
	case reflect.Map:
		describe(b, t.Key(), depth+1)
		describe(b, t.Elem(), depth+1)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if f.IsExported() || f.Anonymous {
				b.WriteString(";" + f.Name + " " + string(f.Tag) + " ")
				describe(b, f.Type, depth+1)
			}
		}
	default: // a plain value: its name says it all
	}
}
