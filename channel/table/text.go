package table

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"segnavia/civic"
)

// maxText bounds what is read, unpacked: it is read whole, because only the last
// byte tells how the first is written.
const maxText = 1 << 30

// readText reads a file of somebody else's whole, packed with gzip or not, as
// Decode does.
func readText(r io.Reader) (text, encoding string, err error) {
	in := bufio.NewReaderSize(r, 1<<16)
	var unpacked io.Reader = in
	if magic, err := in.Peek(2); err == nil && bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		if unpacked, err = gzip.NewReader(in); err != nil {
			return "", "", fmt.Errorf("unpack: %w", err)
		}
	}
	raw, err := io.ReadAll(io.LimitReader(unpacked, maxText+1))
	if err != nil {
		return "", "", err
	}
	if len(raw) > maxText {
		return "", "", fmt.Errorf("the file is larger than %d MB", maxText>>20)
	}
	text, encoding = Decode(raw)
	return text, encoding, nil
}

// Decode reads a text in the encoding that its bytes show, UTF-8, UTF-16 or
// Windows-1252, each with a byte order mark or not, and names it. Lines end with
// "\n" alone in what it gives, which is valid UTF-8.
func Decode(raw []byte) (text, encoding string) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}):
		text, encoding = wide(raw[2:], unicode.LittleEndian), "UTF-16 (little endian)"
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		text, encoding = wide(raw[2:], unicode.BigEndian), "UTF-16 (big endian)"
	case bytes.HasPrefix(raw, []byte("\ufeff")):
		text, encoding = eightBits(raw[3:])
		encoding += ", with a byte order mark"
	default:
		even, odd := zeros(raw[:min(len(raw), 4096)])
		switch {
		case odd > 0 && even*8 < odd:
			text, encoding = wide(raw, unicode.LittleEndian), "UTF-16 (little endian), without its mark"
		case even > 0 && odd*8 < even:
			text, encoding = wide(raw, unicode.BigEndian), "UTF-16 (big endian), without its mark"
		default:
			text, encoding = eightBits(raw)
		}
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), encoding
}

// zeros counts the zero bytes at even and at odd places if they are as many as
// UTF-16 makes of Latin letters: one in four at least.
func zeros(raw []byte) (even, odd int) {
	for i, b := range raw {
		switch {
		case b != 0:
		case i%2 == 0:
			even++
		default:
			odd++
		}
	}
	if (even+odd)*4 < len(raw) {
		return 0, 0
	}
	return even, odd
}

// wide never fails: what is no character becomes U+FFFD.
func wide(raw []byte, order unicode.Endianness) string {
	text, err := unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder().Bytes(raw)
	if err != nil {
		return string(bytes.ToValidUTF8(raw, []byte("\ufffd")))
	}
	return string(text)
}

// eightBits reads UTF-8, and the lines that are not UTF-8 as Windows-1252: files
// that were put together have both.
func eightBits(raw []byte) (text, encoding string) {
	if utf8.Valid(raw) {
		return string(raw), "UTF-8"
	}
	var out strings.Builder
	out.Grow(len(raw) + len(raw)/16)
	wider, other := 0, 0
	for line := range bytes.SplitAfterSeq(raw, []byte("\n")) {
		if utf8.Valid(line) {
			if bytes.ContainsFunc(line, func(r rune) bool { return r >= utf8.RuneSelf }) {
				wider++
			}
			out.Write(line)
			continue
		}
		other++
		text, err := charmap.Windows1252.NewDecoder().Bytes(line)
		if err != nil { // it knows every byte
			text = bytes.ToValidUTF8(line, []byte("\ufffd"))
		}
		out.Write(text)
	}
	if wider == 0 {
		return out.String(), "Windows-1252"
	}
	return out.String(), fmt.Sprintf("UTF-8, and %d lines in Windows-1252", other)
}

// clean is civic.Clean for a cell, without the blanks around it.
func clean(s string) string { return strings.TrimSpace(civic.Clean(s)) }
