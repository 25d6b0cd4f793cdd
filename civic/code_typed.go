package civic

import "strings"

// afterLink is what follows an address when it is pasted out of a sentence.
const afterLink = "/,.;:!?)]}>'\"’”» \t\n"

// UntailLink takes from the end of a secret, or of an address, what belongs to the
// sentence around it.
func UntailLink(s string) string { return strings.TrimRight(Plain(s), afterLink) }

// TypedCode reads a code as people type, say and paste it: with a "#" or a word before
// it, without the town's prefix, with O for 0 and I or l for 1, as a whole link. It
// returns ErrBadCode where no code is in it.
func TypedCode(prefix, typed string) (Code, error) {
	if len(typed) > 500 {
		return "", ErrBadCode
	}
	s := Plain(typed)
	if _, path, ok := strings.Cut(s, "/r/"); ok {
		s, _, _ = strings.Cut(path, "?")
		s, _, _ = strings.Cut(s, "#")
		s, _, _ = strings.Cut(s, "/")
	}
	s = strings.ReplaceAll(s, "%20", " ")
	s = strings.ToUpper(strings.Trim(s, afterLink+"#([{<«“‘"))
	for _, word := range []string{"CODICE", "CODE", "SEGNALAZIONE", "REPORT", "N.", "N°", "NR."} {
		s = strings.TrimLeft(strings.TrimPrefix(s, word), " :.#°")
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case strings.ContainsRune(" -.\u00a0_–—", r):
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			b.WriteRune(r)
		default:
			return "", ErrBadCode
		}
	}
	switch s = b.String(); len(s) {
	case 8:
		s = prefix + s
	case 10:
	default:
		return "", ErrBadCode
	}
	head := strings.NewReplacer("0", "O", "1", "I").Replace(s[:2])
	tail := strings.NewReplacer("O", "0", "Q", "0", "I", "1", "L", "1").Replace(s[2:])
	return ParseCode(head + tail)
}
