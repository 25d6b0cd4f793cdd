package civic

import (
	"strings"
	"unicode/utf8"
)

// Longest texts, in characters.
const (
	MaxTitle       = 160
	MaxDescription = 4000
	MaxAddress     = 300
	MaxReason      = 1000
	MaxText        = 4000
	MaxContact     = 200
)

// tidy cleans and trims a text and refuses one that is too long.
func tidy(field, s string, longest int) (string, *Error) {
	s = strings.TrimSpace(Clean(s))
	if utf8.RuneCountInString(s) > longest {
		return "", Refuse(CodeTooLong, "field", field, "max", longest)
	}
	return s, nil
}

// tidyAll tidies several texts and stops at the first that is too long.
func tidyAll(texts ...tidied) *Error {
	for _, t := range texts {
		clean, err := tidy(t.field, *t.text, t.longest)
		if err != nil {
			return err
		}
		*t.text = clean
	}
	return nil
}

type tidied struct {
	field   string
	text    *string
	longest int
}
