package photo

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// jpeg walks the segments up to the first scan: ITU-T T.81, annex B.
func (f file) jpeg() (header, error) {
	var h header
	at := int64(2)
	for range maxSteps {
		marker, length, err := f.segment(at)
		if err != nil {
			return header{}, broken(err)
		}
		switch {
		case marker == 0xff: // fill byte
			at++
			continue
		case isFrame(marker):
			var b [5]byte // precision, height, width
			if err := f.read(at+4, b[:]); err != nil {
				return header{}, broken(err)
			}
			h.height, h.width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
		case marker == 0xda: // start of scan
			if err := f.endOfImage(at); err != nil {
				return header{}, broken(err)
			}
			return sized(mimeJPEG, h.width, h.height)
		case marker == 0xd9:
			return header{}, broken(errCut)
		}
		at += 2 + length
	}
	return header{}, broken(errSteps)
}

// segment reads a marker and its length, which counts its own two bytes.
func (f file) segment(at int64) (marker byte, length int64, err error) {
	var b [4]byte
	if err := f.read(at, b[:]); err != nil {
		return 0, 0, err
	}
	length = int64(binary.BigEndian.Uint16(b[2:]))
	if b[0] != 0xff || (b[1] != 0xff && length < 2) {
		return 0, 0, fmt.Errorf("no segment at byte %d", at)
	}
	return b[1], length, nil
}

// isFrame tells start-of-frame markers from the tables between them.
func isFrame(marker byte) bool {
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
}

// endOfImage looks for the end marker, so that an upload cut short is refused
// while its sender is still there. Compressed data cannot hold it.
func (f file) endOfImage(from int64) error {
	buf := make([]byte, 32<<10)
	var last byte
	for at := from; at < f.size; at += int64(len(buf)) {
		buf = buf[:min(int64(len(buf)), f.size-at)]
		if err := f.read(at, buf); err != nil {
			return err
		}
		for _, b := range buf {
			if last == 0xff && b == 0xd9 {
				return nil
			}
			last = b
		}
	}
	return errCut
}

var errMetadata = errors.New("rendition carries metadata")

// bare checks that a JPEG of our own holds no segment but tables and pixels:
// APP0 (JFIF) is the only application segment that is let through.
func bare(f file) error {
	at := int64(2)
	for range maxSteps {
		marker, length, err := f.segment(at)
		if err != nil {
			return err
		}
		if marker == 0xda {
			return nil
		}
		if marker > 0xe0 && marker <= 0xef || marker == 0xfe || marker == 0xe0 && length > 16 {
			return errMetadata
		}
		at += 2 + length
	}
	return errSteps
}
