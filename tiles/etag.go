package tiles

import (
	"net/http"
	"strings"

	"segnavia/geo"
)

// drawing is the version of how tiles are drawn: a program that draws otherwise
// must not be answered by an old page's cache.
const drawing = 3

// version identifies what a tile shows: the reports that it depends on, each by
// id and rev, and the words of the services. Every node that has read as far in
// the log has the same. The address, filter included, is not part of it.
func (v view) version(c geo.Cell, f *Filter, a Access) uint64 {
	h := mix(drawing, v.dict.digest)
	if c.Zoom >= singlesZoom || f.Style == Heat {
		return mix(h, v.snap.Digest(c.Range(), a != Staff))
	}
	for _, n := range neighbourhood(c) {
		h = mix(h, v.snap.Digest(n.Range(), a != Staff))
	}
	return h
}

// etag returns the opaque part of the entity tag. The letter keeps the two
// views apart where the same reports are seen by both.
func etag(version uint64, letter byte) string {
	const hex = "0123456789abcdef"
	var b [17]byte
	for i := range 16 {
		b[15-i] = hex[version>>(4*i)&15]
	}
	b[16] = letter
	return string(b[:])
}

func (a Access) letter() byte {
	if a == Staff {
		return 's'
	}
	return 'p'
}

// unchanged tells whether If-None-Match names the tag, in either encoding.
func unchanged(r *http.Request, tag string) bool {
	for _, line := range r.Header["If-None-Match"] {
		for v := range strings.SplitSeq(line, ",") {
			v = strings.TrimPrefix(strings.TrimSpace(v), "W/")
			if v == "*" || strings.TrimSuffix(strings.Trim(v, `"`), "-gzip") == tag {
				return true
			}
		}
	}
	return false
}

// cacheControl lets a browser keep a tile but ask each time whether it is still
// the one: a change is seen at the next request, and asking costs a 304.
func cacheControl(a Access) string {
	if a == Staff {
		return "private, no-cache"
	}
	return "public, no-cache"
}

// accepts tells whether the client takes gzip.
func accepts(r *http.Request) bool {
	for _, line := range r.Header["Accept-Encoding"] {
		for v := range strings.SplitSeq(line, ",") {
			name, q, _ := strings.Cut(strings.TrimSpace(v), ";")
			if name == "gzip" || name == "*" {
				q = strings.ReplaceAll(q, " ", "")
				return strings.Trim(q, "q=0.") != "" || q == ""
			}
		}
	}
	return false
}
