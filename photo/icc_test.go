package photo

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"slices"
	"testing"

	"segnavia/photo/phototest"
)

// profiled is a JPEG with an ICC profile of the given primaries and curve, as browsers
// and cameras write it, whose description is somebody's name.
func profiled(t *testing.T, primaries [3][3]float64, curve []float64, more ...string) []byte {
	t.Helper()
	numbers := func(head string, list []float64) []byte {
		b := []byte(head)
		for _, n := range list {
			b = binary.BigEndian.AppendUint32(b, uint32(int32(n*65536)))
		}
		return b
	}
	head := map[int]string{5: paraType3, 7: paraType4}[len(curve)]
	tags := map[string][]byte{"desc": []byte("desc\x00\x00\x00\x00" + phototest.SentinelName)}
	for i, name := range []string{"r", "g", "b"} {
		tags[name+"XYZ"] = numbers("XYZ \x00\x00\x00\x00", primaries[i][:])
		tags[name+"TRC"] = numbers(head, curve)
	}
	for _, name := range more {
		tags[name] = []byte("mft2")
	}
	profile := make([]byte, 128)
	copy(profile[12:], "mntrRGB XYZ ")
	profile = binary.BigEndian.AppendUint32(profile, uint32(len(tags)))
	at := 132 + 12*len(tags)
	var elements []byte
	for name, element := range tags {
		profile = binary.BigEndian.AppendUint32(append(profile, name...), uint32(at+len(elements)))
		profile = binary.BigEndian.AppendUint32(profile, uint32(len(element)))
		elements = append(elements, element...)
	}
	body := slices.Concat([]byte("ICC_PROFILE\x00\x01\x01"), profile, elements)
	var picture bytes.Buffer
	if err := jpeg.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 16, 16)), nil); err != nil {
		t.Fatal(err)
	}
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe2}, uint16(len(body)+2))
	return slices.Concat(picture.Bytes()[:2], segment, body, picture.Bytes()[2:])
}

// A profile that says sRGB goes, and the pixels stay as they came: browsers write one
// with every picture. Any other is its colours, and is for the decoder.
func TestAProfileThatSaysNothingNewGoes(t *testing.T) {
	wide := srgbPrimaries
	wide[0] = [3]float64{0.5151, 0.2412, -0.0011} // Display P3
	for name, c := range map[string]struct {
		jpeg []byte
		goes bool
	}{
		"sRGB":                     {profiled(t, srgbPrimaries, srgbCurve[:5]), true},
		"sRGB of seven parameters": {profiled(t, srgbPrimaries, srgbCurve[:]), true},
		"other primaries":          {profiled(t, wide, srgbCurve[:]), false},
		"another curve":            {profiled(t, srgbPrimaries, []float64{2.2, 1, 0, 0, 0}), false},
		"a curve with an offset":   {profiled(t, srgbPrimaries, append(slices.Clone(srgbCurve[:6]), 0.1)), false},
		"a table":                  {profiled(t, srgbPrimaries, srgbCurve[:], "A2B0"), false},
		"half a curve":             {profiled(t, srgbPrimaries, nil), false},
	} {
		out, ok := Strip(c.jpeg, mimeJPEG)
		if ok != c.goes {
			t.Errorf("%s: stripped %v", name, ok)
		}
		if ok && (bytes.Contains(out, []byte("ICC_PROFILE")) || bytes.Contains(out, []byte(phototest.SentinelName))) {
			t.Errorf("%s still tells", name)
		}
	}
}

func FuzzICC(f *testing.F) {
	f.Add([]byte("ICC_PROFILE\x00\x01\x01"))
	f.Fuzz(func(_ *testing.T, body []byte) {
		isSRGB(append([]byte("ICC_PROFILE\x00\x01\x01"), body...))
	})
}
