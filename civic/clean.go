package civic

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// nobodySees are characters that no reader sees and that no language needs: controls,
// joiners of words, what turns the direction of a text about until something ends it,
// tags, and what stands for bytes that were no text. Web clients drop the same
// (web/src/core/rules/words.ts).
var nobodySees = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x0000, 0x0008, 1},
		{0x000b, 0x001f, 1},
		{0x007f, 0x009f, 1},
		{0x00ad, 0x00ad, 1},
		{0x034f, 0x034f, 1},
		{0x115f, 0x1160, 1},
		{0x17b4, 0x17b5, 1},
		{0x180e, 0x180e, 1},
		{0x200b, 0x200b, 1},
		{0x202a, 0x202e, 1},
		{0x2060, 0x2064, 1},
		{0x2066, 0x206f, 1},
		{0xfeff, 0xfeff, 1},
		{0xfff9, 0xfffd, 1},
		{0xfffe, 0xffff, 1},
	},
	R32: []unicode.Range32{{0xe0000, 0xe007f, 1}},
}

// Clean makes a text of what somebody typed, pasted or sent: lines end in "\n", what
// nobody sees is gone, bytes that are no text too. Nothing is refused for a character.
func Clean(s string) string {
	if plainASCII(s) {
		return s
	}
	s = strings.ToValidUTF8(s, "")
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.Map(func(r rune) rune {
		if unicode.Is(nobodySees, r) {
			return -1
		}
		return r
	}, s)
}

// plainASCII reports whether there is nothing to clean, as in most texts.
func plainASCII(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// Plain is Clean for what a program compares or dials, such as an e-mail or a code:
// marks of direction and joiners, which some languages need in words, go too.
func Plain(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r >= 0x200c && r <= 0x200f || r == 0x061c {
			return -1
		}
		return r
	}, Clean(s)))
}
