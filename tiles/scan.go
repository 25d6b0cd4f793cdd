package tiles

import (
	"encoding/json"
	"errors"
	"unicode/utf8"
)

// errBody says that a body is not one flat JSON object.
var errBody = errors.New("body is not a JSON object")

// member is one key of a flat JSON object with its value as written.
type member struct {
	key   string
	value []byte
}

// scan calls f for each member of a JSON object. It checks with encoding/json
// only what it cannot read itself: keys with escapes.
func scan(b []byte, f func(member) error) error {
	i := space(b, 0)
	if i >= len(b) || b[i] != '{' {
		return errBody
	}
	i = space(b, i+1)
	if i < len(b) && b[i] == '}' {
		return nil
	}
	for {
		end := stringEnd(b, i)
		if end < 0 {
			return errBody
		}
		key, err := text(b[i:end])
		if err != nil {
			return err
		}
		i = space(b, end)
		if i >= len(b) || b[i] != ':' {
			return errBody
		}
		i = space(b, i+1)
		if end = valueEnd(b, i); end <= i {
			return errBody
		}
		if err := f(member{key, b[i:end]}); err != nil {
			return err
		}
		i = space(b, end)
		switch {
		case i < len(b) && b[i] == ',':
			i = space(b, i+1)
		case i < len(b) && b[i] == '}':
			return nil
		default:
			return errBody
		}
	}
}

func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// stringEnd returns the place after the string that starts at i, or -1.
func stringEnd(b []byte, i int) int {
	if i >= len(b) || b[i] != '"' {
		return -1
	}
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// valueEnd returns the place after the value that starts at i, or -1.
func valueEnd(b []byte, i int) int {
	if i < len(b) && b[i] == '"' {
		return stringEnd(b, i)
	}
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			if i = stringEnd(b, i); i < 0 {
				return -1
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i
			}
			depth--
		case ',', ' ', '\n', '\t', '\r':
			if depth == 0 {
				return i
			}
		}
		i++
	}
	return -1
}

// text decodes a JSON string, quotes included.
func text(b []byte) (string, error) {
	if len(b) < 2 || b[0] != '"' {
		return "", errBody
	}
	for _, c := range b[1 : len(b)-1] {
		if c == '\\' || c < ' ' || c >= utf8.RuneSelf {
			var s string
			if err := json.Unmarshal(b, &s); err != nil {
				return "", errBody
			}
			return s, nil
		}
	}
	return string(b[1 : len(b)-1]), nil
}
