package photo

import "encoding/binary"

// heic walks the boxes for the largest image that the file describes: ISO/IEC
// 14496-12 (boxes), 23008-12 (ispe). A photo of tiles lists the tiles' size
// beside the whole's.
func (f file) heic() (header, error) {
	mime, err := f.stillBrand()
	if err != nil {
		return header{}, broken(err)
	}
	if mime == "" {
		return header{}, &Error{Code: CodeType}
	}
	w := &boxWalk{file: f, steps: maxSteps}
	if err := w.walk(0, f.size, 0); err != nil {
		return header{}, broken(err)
	}
	return sized(mime, w.width, w.height)
}

// stillBrand reads ftyp: still pictures of HEVC and AV1 are taken, sequences are
// not, and give no type.
func (f file) stillBrand() (mime string, err error) {
	var b [4]byte
	if err := f.read(0, b[:]); err != nil {
		return "", err
	}
	length := int64(binary.BigEndian.Uint32(b[:]))
	if length < 16 || length > 512 {
		return "", errSize
	}
	box := make([]byte, length)
	if err := f.read(0, box); err != nil {
		return "", err
	}
	still := map[string]string{"heic": mimeHEIC, "heix": mimeHEIC, "heim": mimeHEIC, "heis": mimeHEIC, "avif": mimeAVIF}
	major := string(box[8:12])
	if mime := still[major]; mime != "" {
		return mime, nil
	}
	if major != "mif1" {
		return "", nil
	}
	for at := 16; at+4 <= len(box); at += 4 {
		if mime := still[string(box[at:at+4])]; mime != "" {
			return mime, nil
		}
	}
	return "", nil
}

type boxWalk struct {
	file
	steps         int
	width, height int
}

// walk visits the boxes in [at, end). The path to sizes is
// meta / iprp / ipco / ispe, so depth stays small.
func (w *boxWalk) walk(at, end int64, depth int) error {
	for at < end {
		if w.steps--; w.steps < 0 || depth > 4 {
			return errSteps
		}
		kind, body, next, err := w.box(at, end)
		if err != nil {
			return err
		}
		switch kind {
		case "meta":
			err = w.walk(body+4, next, depth+1) // version and flags
		case "iprp", "ipco":
			err = w.walk(body, next, depth+1)
		case "ispe":
			err = w.ispe(body)
		}
		if err != nil {
			return err
		}
		at = next
	}
	return nil
}

// box reads one box's kind, where its body begins and where the next box does.
func (w *boxWalk) box(at, end int64) (kind string, body, next int64, err error) {
	var b [16]byte
	if err := w.read(at, b[:8]); err != nil {
		return "", 0, 0, err
	}
	length, head := int64(binary.BigEndian.Uint32(b[:])), int64(8)
	switch length {
	case 0: // to the end
		length = end - at
	case 1: // 64 bits
		if err := w.read(at, b[:]); err != nil {
			return "", 0, 0, err
		}
		large := binary.BigEndian.Uint64(b[8:])
		if large > uint64(w.size) { // #nosec G115 -- a file's size is positive
			return "", 0, 0, errCut
		}
		length, head = int64(large), 16 // #nosec G115 -- checked above
	}
	if length < head {
		return "", 0, 0, errSize
	}
	if length > end-at {
		return "", 0, 0, errCut
	}
	return string(b[4:8]), at + head, at + length, nil
}

func (w *boxWalk) ispe(body int64) error {
	var b [12]byte // version and flags, width, height
	if err := w.read(body, b[:]); err != nil {
		return err
	}
	width, height := positive(b[4:8]), positive(b[8:12])
	if int64(width)*int64(height) > int64(w.width)*int64(w.height) {
		w.width, w.height = width, height
	}
	return nil
}
