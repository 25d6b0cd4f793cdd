package photo

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Strip copies a picture without what its camera and its programs wrote beside the
// pixels, and without what follows them; a JPEG keeps how it is turned. The pixels are
// not touched. ok is false for a format, or a file, whose parts it does not know: then
// Bare makes a copy.
func Strip(raw []byte, mime string) (stripped []byte, ok bool) {
	switch mime {
	case mimeJPEG:
		return stripJPEG(raw)
	case mimePNG:
		return stripPNG(raw)
	default:
		return nil, false
	}
}

// stripJPEG keeps the segments that decoding needs (ITU-T T.81, annex B).
func stripJPEG(raw []byte) ([]byte, bool) {
	out := bytes.NewBuffer(make([]byte, 0, len(raw)))
	if len(raw) < 4 || raw[0] != 0xff || raw[1] != 0xd8 {
		return nil, false
	}
	out.Write(raw[:2])
	turned, at := false, 2
	for at+4 <= len(raw) {
		marker := raw[at+1]
		if raw[at] != 0xff {
			return nil, false
		}
		if marker == 0xff { // fill byte
			at++
			continue
		}
		end := at + 2 + int(binary.BigEndian.Uint16(raw[at+2:]))
		if end > len(raw) || end < at+4 {
			return nil, false
		}
		body := raw[at+4 : end]
		switch {
		case marker == 0xda:
			last, ok := scans(raw, end)
			if !ok {
				return nil, false
			}
			out.Write(raw[at:last])
			return out.Bytes(), true
		case marker == 0xe1 && !turned:
			if o := orientation(body); o > 1 {
				out.Write(turn(o))
				turned = true
			}
		case marker == 0xe2 && isSRGB(body): // as without it
		case marker == 0xe2 && bytes.HasPrefix(body, []byte("ICC_PROFILE\x00")):
			return nil, false // a profile has words of its own; without it the colours are others
		case kept(marker, body):
			out.Write(raw[at:end])
		}
		at = end
	}
	return nil, false
}

// kept tells the segments that are pixels, tables or colour from what is told beside.
func kept(marker byte, body []byte) bool {
	switch marker {
	case 0xe0:
		return len(body) == 14 && bytes.HasPrefix(body, []byte("JFIF\x00")) // without a thumbnail
	case 0xee:
		return len(body) == 12 && bytes.HasPrefix(body, []byte("Adobe"))
	}
	return marker < 0xe0
}

// scans finds the end of the image behind its first scan's header. It knows no file
// that has anything but tables between its scans.
func scans(raw []byte, at int) (end int, ok bool) {
	for at+1 < len(raw) {
		if raw[at] != 0xff {
			at++
			continue
		}
		switch marker := raw[at+1]; {
		case marker == 0xd9:
			return at + 2, true
		case marker == 0x00 || marker >= 0xd0 && marker <= 0xd7:
			at += 2
		case marker == 0xff:
			at++
		case marker < 0xe0 && at+4 <= len(raw): // tables, and the next scan's header
			at += 2 + int(binary.BigEndian.Uint16(raw[at+2:]))
		default:
			return 0, false
		}
	}
	return 0, false
}

// orientation reads Exif's tag 0x0112 of the first directory, 0 where there is none.
func orientation(body []byte) int {
	tiff, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > len(tiff) {
		return 0
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 0
		}
		if order.Uint16(entries) == 0x0112 {
			if o := int(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 0
		}
		entries = entries[12:]
	}
	return 0
}

// turn is an APP1 segment that says how the picture is turned, and nothing else.
func turn(orientation int) []byte {
	const body = "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00"
	out := []byte{0xff, 0xe1, 0, 0}
	out = append(append(out, body...), byte(orientation), 0, 0, 0, 0, 0, 0, 0) // #nosec G115 -- 2 to 8
	binary.BigEndian.PutUint16(out[2:], uint16(len(out)-2))                    // #nosec G115 -- 36 bytes
	return out
}

// pngKept are the chunks that decoding and colour need (PNG, third edition, clause 11).
var pngKept = []string{"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "sBIT", "pHYs"}

func stripPNG(raw []byte) ([]byte, bool) {
	const head = 8
	if len(raw) < head {
		return nil, false
	}
	out := append(make([]byte, 0, len(raw)), raw[:head]...)
	for at := head; at+12 <= len(raw); {
		length := int(binary.BigEndian.Uint32(raw[at:]))
		end := at + 12 + length
		if length < 0 || end > len(raw) {
			return nil, false
		}
		kind := string(raw[at+4 : at+8])
		if kind == "iCCP" {
			return nil, false
		}
		if slices.Contains(pngKept, kind) {
			out = append(out, raw[at:end]...)
		}
		if kind == "IEND" {
			return out, true
		}
		at = end
	}
	return nil, false
}
