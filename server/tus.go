package server

import (
	"crypto/sha1" // #nosec G505 -- tus 1.0.0, Checksum: "The Server MUST support at least the SHA1 checksum algorithm"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"segnavia/civic"
)

// What this server speaks of tus, the protocol of resumable uploads
// (https://tus.io/protocols/resumable-upload, 1.0.0).
const (
	tusVersion    = "1.0.0"
	tusExtensions = "creation,checksum,expiration,termination"
	tusAlgorithms = "sha1,sha256"
	tusType       = "application/offset+octet-stream"
	// maxMetadata bounds Upload-Metadata, in bytes; tus names no bound.
	maxMetadata = 2048
)

// parseMetadata reads Upload-Metadata: pairs of a key and a value in base64,
// separated by commas. Keys are ASCII without spaces and occur once; a value may
// be missing. Bytes that are no text are refused with the rest.
func parseMetadata(header string) (map[string]string, error) {
	bad := civic.Refuse("bad_request", "field", "Upload-Metadata")
	if len(header) > maxMetadata {
		return nil, bad
	}
	pairs := make(map[string]string)
	if strings.TrimSpace(header) == "" {
		return pairs, nil
	}
	for pair := range strings.SplitSeq(header, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(pair), " ")
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
		if _, twice := pairs[key]; twice || !isMetadataKey(key) || err != nil || !utf8.Valid(raw) {
			return nil, bad
		}
		pairs[key] = string(raw)
	}
	return pairs, nil
}

func isMetadataKey(key string) bool {
	for i := range len(key) {
		if key[i] <= ' ' || key[i] >= 0x7f {
			return false
		}
	}
	return key != ""
}

// checksum is what Upload-Checksum promises of a request's body.
type checksum struct {
	hash.Hash
	want []byte
}

// parseChecksum reads Upload-Checksum, an algorithm and a sum in base64; nil
// without the header.
func parseChecksum(header string) (*checksum, error) {
	if header == "" {
		return nil, nil //nolint:nilnil // nothing is promised
	}
	bad := civic.Refuse("bad_request", "field", "Upload-Checksum")
	name, sum, ok := strings.Cut(header, " ")
	want, err := base64.StdEncoding.DecodeString(strings.TrimSpace(sum))
	if !ok || err != nil {
		return nil, bad
	}
	c := &checksum{want: want}
	switch name {
	case "sha1":
		c.Hash = sha1.New() // #nosec G401 -- see above: it finds accidents
	case "sha256":
		c.Hash = sha256.New()
	default:
		return nil, bad
	}
	if len(want) != c.Size() {
		return nil, bad
	}
	return c, nil
}

// kept reports whether the body was what was promised.
func (c *checksum) kept() bool { return string(c.Sum(nil)) == string(c.want) }

// parseSize reads a header that is a number of bytes: digits and nothing else.
func parseSize(header string) (int64, error) {
	if header == "" || strings.Trim(header, "0123456789") != "" {
		return 0, civic.Refuse("bad_request")
	}
	n, err := strconv.ParseInt(header, 10, 64)
	if err != nil {
		return 0, civic.Refuse("bad_request")
	}
	return n, nil
}

// tusHeaders say on every answer what is spoken here.
func tusHeaders(h http.Header) {
	h.Set("Tus-Resumable", tusVersion)
	h.Set("Cache-Control", "no-store")
}
