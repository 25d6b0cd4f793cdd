package server

import (
	"encoding/base64"
	"strings"
	"testing"

	"segnavia/civic"
)

func TestMetadataIsReadOrRefused(t *testing.T) {
	for header, want := range map[string]map[string]string{
		"":                            {},
		"filename d29ybGQ=":           {"filename": "world"},
		"a YQ==,b":                    {"a": "a", "b": ""},
		"a YQ==, b Yg==":              {"a": "a", "b": "b"},
		"is_confidential":             {"is_confidential": ""},
		"a YQ==,a YQ==":               nil,
		"a !!!":                       nil,
		" d29ybGQ=, ":                 nil,
		"a b c":                       nil,
		"\x00 YQ==":                   nil,
		"è YQ==":                      nil,
		"a /w==":                      nil, // no UTF-8
		strings.Repeat("a", 2049):     nil,
		"a " + strings.Repeat("=", 9): nil,
	} {
		got, err := parseMetadata(header)
		if (err == nil) != (want != nil) {
			t.Errorf("%q: %v %v", header, got, err)
			continue
		}
		for k, v := range want {
			if got[k] != v {
				t.Errorf("%q: %s is %q, want %q", header, k, got[k], v)
			}
		}
	}
}

func TestSizesAreDigits(t *testing.T) {
	for header, want := range map[string]int64{
		"0": 0, "15000000": 15000000, "007": 7,
		"": -1, "-1": -1, "+1": -1, "1e3": -1, " 1": -1, "0x10": -1, "99999999999999999999": -1, "1,2": -1, "١": -1,
	} {
		if got, err := parseSize(header); (err == nil) != (want >= 0) || err == nil && got != want {
			t.Errorf("%q: %d %v", header, got, err)
		}
	}
}

// FuzzUploadHeaders looks for panics, for metadata that does not read back, and
// for sums of another length than their algorithm's.
func FuzzUploadHeaders(f *testing.F) {
	f.Add("filename d29ybGQ=,sha256 YQ==", "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", "15")
	f.Add("a,b,c", "sha256 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "0")
	f.Add(", ,", "md5 ", "-1")
	f.Fuzz(func(t *testing.T, metadata, sum, size string) {
		if pairs, err := parseMetadata(metadata); err == nil {
			var again []string
			for k, v := range pairs {
				if !isMetadataKey(k) {
					t.Fatalf("key %q", k)
				}
				again = append(again, k+" "+base64.StdEncoding.EncodeToString([]byte(v)))
			}
			if back := strings.Join(again, ","); len(back) <= maxMetadata {
				if same, err := parseMetadata(back); err != nil || len(same) != len(pairs) {
					t.Fatalf("%q does not read back: %v", back, err)
				}
			}
		} else if civic.CodeOf(err) == "" {
			t.Fatalf("an error without a code: %v", err)
		}
		if c, err := parseChecksum(sum); err == nil && c != nil && len(c.want) != c.Size() {
			t.Fatalf("%q", sum)
		}
		if n, err := parseSize(size); err == nil && n < 0 {
			t.Fatalf("%q: %d", size, n)
		}
	})
}
