package photo

import (
	"bytes"
	"encoding/binary"
	"math"
)

// sRGB, IEC 61966-2-1, as ICC profiles write it: the primaries adapted to D50, and the
// curve's parameters g, a, b, c, d, e and f (ICC.1:2022, 10.18; function type 3 has no
// last two).
var (
	srgbPrimaries = [3][3]float64{{0.4360, 0.2225, 0.0139}, {0.3851, 0.7169, 0.0971}, {0.1431, 0.0606, 0.7141}}
	srgbCurve     = [7]float64{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045, 0, 0}
)

// How a parametric curve begins.
const (
	paraType3 = "para\x00\x00\x00\x00\x00\x03\x00\x00"
	paraType4 = "para\x00\x00\x00\x00\x00\x04\x00\x00"
)

// isSRGB reports whether a JPEG's segment APP2 holds a whole ICC profile that is sRGB:
// what a picture without a profile is taken for. Browsers write one with every picture
// that they make. What it does not know for sure is none.
func isSRGB(body []byte) bool {
	profile, ok := bytes.CutPrefix(body, []byte("ICC_PROFILE\x00\x01\x01"))
	if !ok || len(profile) < 132 || string(profile[16:24]) != "RGB XYZ " {
		return false
	}
	tags := iccTags(profile)
	for i, name := range []string{"r", "g", "b"} {
		if !near(fixed(tags[name+"XYZ"], "XYZ \x00\x00\x00\x00"), srgbPrimaries[i][:]) ||
			!near(fixed(tags[name+"TRC"], paraType3), srgbCurve[:5]) && !near(fixed(tags[name+"TRC"], paraType4), srgbCurve[:]) {
			return false
		}
	}
	// A table would be used in the place of primaries and curves.
	_, table := tags["A2B0"]
	return !table
}

// iccTags are a profile's tags by their signatures; a broken table has none.
func iccTags(profile []byte) map[string][]byte {
	n := binary.BigEndian.Uint32(profile[128:])
	tags := make(map[string][]byte)
	for i := range min(n, 100) {
		at := 132 + 12*int(i)
		if at+12 > len(profile) {
			return nil
		}
		from, size := binary.BigEndian.Uint32(profile[at+4:]), binary.BigEndian.Uint32(profile[at+8:])
		if uint64(from)+uint64(size) > uint64(len(profile)) {
			return nil
		}
		tags[string(profile[at:at+4])] = profile[from : from+size]
	}
	return tags
}

// fixed reads s15Fixed16Numbers behind the head of an element, nil where it is another.
func fixed(element []byte, head string) []float64 {
	rest, ok := bytes.CutPrefix(element, []byte(head))
	if !ok {
		return nil
	}
	var list []float64
	for ; len(rest) >= 4; rest = rest[4:] {
		list = append(list, float64(int32(binary.BigEndian.Uint32(rest)))/65536) // #nosec G115 -- a sign is meant
	}
	return list
}

// near compares to two thousandths, the first as many as wanted.
func near(got, want []float64) bool {
	if len(got) < len(want) {
		return false
	}
	for i, w := range want {
		if math.Abs(got[i]-w) > 0.002 {
			return false
		}
	}
	return true
}
