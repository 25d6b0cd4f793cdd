package civic

import (
	"errors"
	"strings"
)

// Code names a report over the telephone: the town's prefix of two capital
// letters, seven random digits and a check digit, stored without spaces
// ("GE48217308") and spoken four and four ("GE 4821 7308").
type Code string

// ErrBadCode says that a text is no code: wrong shape or wrong check digit.
var ErrBadCode = errors.New("not a report code")

// damm is the quasigroup of order 10 in H. Michael Damm's thesis (2004): it
// finds every single wrong digit and every swap of neighbours.
var damm = [10][10]byte{
	{0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
	{7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
	{4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
	{1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
	{6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
	{3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
	{5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
	{8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
	{9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
	{2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
}

// NewCode makes the code of the number n, 0 to 9,999,999 (taken modulo 10⁷).
func NewCode(prefix string, n uint32) Code {
	digits := make([]byte, 8)
	n %= 1e7
	for i := 6; i >= 0; i-- {
		digits[i] = byte('0' + n%10)
		n /= 10
	}
	digits[7] = '0' + dammOf(digits[:7])
	return Code(prefix + string(digits))
}

// ParseCode reads a code as people write it: any case, with spaces, dots or
// hyphens. It returns ErrBadCode when the shape or the check digit is wrong.
func ParseCode(s string) (Code, error) {
	if len(s) > 40 {
		return "", ErrBadCode
	}
	var b strings.Builder
	for _, r := range strings.ToUpper(s) {
		switch {
		case r == ' ' || r == '-' || r == '.' || r == '\u00a0':
		case r >= 'A' && r <= 'Z' && b.Len() < 2, r >= '0' && r <= '9' && b.Len() >= 2:
			b.WriteRune(r)
		default:
			return "", ErrBadCode
		}
	}
	c := b.String()
	if len(c) != 10 || dammOf([]byte(c[2:])) != 0 {
		return "", ErrBadCode
	}
	return Code(c), nil
}

// Spoken is the code as it is read aloud and printed.
func (c Code) Spoken() string {
	if len(c) != 10 {
		return string(c)
	}
	return string(c[:2] + " " + c[2:6] + " " + c[6:])
}

// Number is the eight digits of the code, or 0 when there are none.
func (c Code) Number() uint32 {
	var n uint32
	if len(c) != 10 {
		return 0
	}
	for _, d := range []byte(c[2:]) {
		n = n*10 + uint32(d-'0')
	}
	return n
}

func dammOf(digits []byte) byte {
	var interim byte
	for _, d := range digits {
		interim = damm[interim][d-'0']
	}
	return interim
}
