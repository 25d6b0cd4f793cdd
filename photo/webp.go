package photo

import "encoding/binary"

// webp reads the first chunk: RFC 9649, sections 2.4 to 2.7.
func (f file) webp() (header, error) {
	var b [30]byte
	if err := f.read(0, b[:]); err != nil {
		return header{}, broken(err)
	}
	if int64(binary.LittleEndian.Uint32(b[4:]))+8 > f.size {
		return header{}, broken(errCut)
	}
	body := b[20:]
	switch string(b[12:16]) {
	case "VP8 ": // RFC 6386, section 9.1: a key frame's start code, then 14-bit sizes
		if body[0]&1 != 0 || body[3] != 0x9d || body[4] != 0x01 || body[5] != 0x2a {
			return header{}, broken(errSize)
		}
		w, h := binary.LittleEndian.Uint16(body[6:]), binary.LittleEndian.Uint16(body[8:])
		return sized(mimeWebP, int(w&0x3fff), int(h&0x3fff))
	case "VP8L":
		if body[0] != 0x2f {
			return header{}, broken(errSize)
		}
		n := binary.LittleEndian.Uint32(body[1:])
		return sized(mimeWebP, int(n&0x3fff)+1, int(n>>14&0x3fff)+1)
	case "VP8X":
		const animation = 0x02
		if body[0]&animation != 0 {
			return header{}, &Error{Code: CodeType}
		}
		return sized(mimeWebP, uint24(body[4:])+1, uint24(body[7:])+1)
	}
	return header{}, broken(errSize)
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
