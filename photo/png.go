package photo

import "encoding/binary"

// png reads IHDR and walks the chunks to IEND: PNG, third edition, clause 5.
// An animation says so before its first picture.
func (f file) png() (header, error) {
	var h header
	at := int64(8)
	for range maxSteps {
		var b [8]byte
		if err := f.read(at, b[:]); err != nil {
			return header{}, broken(err)
		}
		length, kind := int64(binary.BigEndian.Uint32(b[:])), string(b[4:])
		if (at == 8) != (kind == "IHDR") || length > f.size {
			return header{}, broken(errSize)
		}
		switch kind {
		case "IHDR":
			var size [8]byte
			if err := f.read(at+8, size[:]); err != nil {
				return header{}, broken(err)
			}
			h.width, h.height = positive(size[:4]), positive(size[4:])
		case "acTL":
			return header{}, &Error{Code: CodeType}
		case "IEND":
			return sized(mimePNG, h.width, h.height)
		}
		at += 12 + length
	}
	return header{}, broken(errSteps)
}

// positive reads PNG's 31-bit numbers; a larger one gives 0.
func positive(b []byte) int {
	n := binary.BigEndian.Uint32(b)
	if n > 1<<31-1 {
		return 0
	}
	return int(n)
}
