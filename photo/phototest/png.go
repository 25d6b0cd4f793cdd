package phototest

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color/palette"
	"image/png"
)

func chunk(kind string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body))) // #nosec G115 -- small
	b = append(append(b, kind...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func deflated(n int) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	zeros := make([]byte, 1<<16)
	for n > 0 {
		k := min(n, len(zeros))
		_, _ = z.Write(zeros[:k]) // memory does not fail
		n -= k
	}
	_ = z.Close()
	return b.Bytes()
}

const pngMagic = "\x89PNG\r\n\x1a\n"

// pngOf claims a size, a depth and a colour type, and holds n zero bytes of it.
func pngOf(w, h uint32, depth, colours byte, n int, extra ...[]byte) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	parts := [][]byte{[]byte(pngMagic), chunk("IHDR", append(head, depth, colours, 0, 0, 0))}
	parts = append(parts, extra...)
	parts = append(parts, chunk("IDAT", deflated(n)), chunk("IEND", nil))
	return bytes.Join(parts, nil)
}

func encoded(m image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err) // memory does not fail
	}
	return b.Bytes()
}

// dirtyPNG tells who and where in each kind of text, in XMP and in eXIf.
func dirtyPNG() []byte {
	plain := encoded(scene(160, 120))
	text := bytes.Join([][]byte{
		chunk("tEXt", []byte("Author\x00"+SentinelName)), chunk("iTXt", []byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00"+xmp)),
		chunk("eXIf", []byte(ExifAt(SentinelLon, SentinelLat)[6:])),
	}, nil)
	return append(append(append([]byte(nil), plain[:33]...), text...), plain[33:]...)
}

func pngs() []File {
	gray := image.NewGray16(image.Rect(0, 0, 90, 60))
	deep := image.NewNRGBA64(image.Rect(0, 0, 90, 60))
	paletted := image.NewPaletted(image.Rect(0, 0, 90, 60), palette.Plan9)
	dirty := dirtyPNG()
	list := []File{
		{"dirty.png", dirty, Taken},
		{"16-bit-gray.png", encoded(gray), Taken},
		{"16-bit.png", encoded(deep), Taken},
		{"paletted.png", encoded(paletted), Taken},
		{"clear.png", encoded(image.NewNRGBA(image.Rect(0, 0, 9, 9))), Taken},
		{"zip-behind.png", append(append([]byte(nil), dirty...), "PK\x03\x04"+SentinelName...), Taken},
		{"animated.png", pngOf(10, 10, 8, 2, 310, chunk("acTL", make([]byte, 8))), "photo_type"},
		{"no-pixels.png", pngOf(100, 100, 8, 2, 0), "photo_broken"},
		{"few-pixels.png", pngOf(100, 100, 8, 2, 9000), "photo_broken"},
		{"zip-bomb.png", pngOf(64, 64, 8, 2, 48<<20), Any},
		{"text-bomb.png", pngOf(10, 10, 8, 2, 310, chunk("zTXt", append([]byte("Author\x00\x00"), deflated(48<<20)...))), Any},
		{"profile-bomb.png", pngOf(10, 10, 8, 2, 310, chunk("iCCP", append([]byte("p\x00\x00"), deflated(48<<20)...))), Any},
		{"many-chunks.png", pngOf(10, 10, 8, 2, 310, bytes.Repeat(chunk("tEXt", []byte("a\x00b")), 5000)), "photo_broken"},
		{"endless-chunk.png", []byte(pngMagic + "\xff\xff\xff\xffIHDR........"), "photo_broken"},
		{"magic-alone.png", []byte(pngMagic), "photo_broken"},
		{"two-heads.png", pngOf(10, 10, 8, 2, 310, chunk("IHDR", make([]byte, 13))), "photo_broken"},
	}
	for _, size := range [][2]uint32{
		{50000, 50000}, {1<<31 - 1, 1<<31 - 1}, {1<<31 - 1, 1}, {1, 1<<31 - 1}, {8001, 8000}, {100_000, 641}, {65536, 65536},
	} {
		list = append(list, File{fmt.Sprintf("claims-%dx%d.png", size[0], size[1]), pngOf(size[0], size[1], 8, 2, 0), "photo_too_many_pixels"})
	}
	for _, size := range [][2]uint32{{0, 10}, {10, 0}, {1 << 31, 1}, {1<<32 - 1, 1<<32 - 1}} {
		list = append(list, File{fmt.Sprintf("claims-%dx%d.png", size[0], size[1]), pngOf(size[0], size[1], 8, 2, 0), "photo_broken"})
	}
	for _, kind := range [][2]byte{{0, 2}, {3, 2}, {8, 1}, {8, 5}, {8, 255}, {255, 0}, {16, 3}} {
		list = append(list, File{fmt.Sprintf("depth-%d-colours-%d.png", kind[0], kind[1]), pngOf(10, 10, kind[0], kind[1], 310), "photo_broken"})
	}
	for _, at := range []int{29, 40, 60, len(dirty) / 2, len(dirty) - 14, len(dirty) - 2} {
		b := append([]byte(nil), dirty...)
		b[at] ^= 0x55
		list = append(list, File{fmt.Sprintf("wrong-at-%d.png", at), b, Any})
	}
	return append(list, cuts("dirty.png", dirty, 30, "photo_broken")...)
}
