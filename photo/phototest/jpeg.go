package phototest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
)

// scene is a picture that is not all one colour.
func scene(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			m.SetRGBA(x, y, color.RGBA{uint8(x * 255 / w), uint8(y * 255 / h), 128, 255}) // #nosec G115 -- below 256
		}
	}
	return m
}

// JPEG is a plain picture of a size.
func JPEG(w, h int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, scene(w, h), nil); err != nil {
		panic(err) // memory does not fail
	}
	return b.Bytes()
}

func segment(marker byte, body string) []byte {
	b := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2)) // #nosec G115 -- short
	return append(b, body...)
}

// with puts segments at the beginning of a JPEG.
func with(whole []byte, segments ...[]byte) []byte {
	b := append([]byte(nil), whole[:2]...)
	b = append(b, bytes.Join(segments, nil)...)
	return append(b, whole[2:]...)
}

// xmp is a packet that says who and where.
const xmp = "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SentinelName + " 44.40713 8.93415</x:xmpmeta>"

// iptc names the author (IIM 2:80) in Photoshop's resource 0x0404.
const iptc = "Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x17\x1c\x02\x50\x00\x12" + SentinelName + "\x00"

// Dirty is a JPEG that tells who took it and where in each place that there is.
func Dirty() []byte {
	return with(JPEG(320, 240), segment(0xe1, ExifAt(SentinelLon, SentinelLat)), segment(0xe1, xmp),
		segment(0xed, iptc), segment(0xfe, SentinelName+" 44.40713,8.93415"))
}

// ExifAt is an APP1 body with an author and a position in Exif 2.32's degrees,
// minutes and seconds, the seconds in hundred-thousandths.
func ExifAt(lon, lat float64) string {
	le := binary.LittleEndian
	b := tiff(2)
	b = entry(b, 0x013b, 2, 19, 38)
	b = entry(b, 0x8825, 4, 1, 58)
	b = le.AppendUint32(b, 0)
	b = append(b, SentinelName+"\x00\x00"...)
	b = le.AppendUint16(b, 4)
	b = entry(b, 1, 2, 2, uint32('N'))
	b = entry(b, 2, 5, 3, 112)
	b = entry(b, 3, 2, 2, uint32('E'))
	b = entry(b, 4, 5, 3, 136)
	b = le.AppendUint32(b, 0)
	for _, v := range []float64{lat, lon} {
		seconds := math.Round((v - math.Floor(v)) * 3600 * 1e5)
		for _, n := range []float64{math.Floor(v), 1, 0, 1, seconds, 1e5} {
			b = le.AppendUint32(b, uint32(n))
		}
	}
	return "Exif\x00\x00" + string(b)
}

// tiff begins a directory of n entries.
func tiff(n uint16) []byte {
	return binary.LittleEndian.AppendUint16([]byte("II*\x00\x08\x00\x00\x00"), n)
}

func entry(b []byte, tag, kind uint16, count, value uint32) []byte {
	le := binary.LittleEndian
	b = le.AppendUint16(le.AppendUint16(b, tag), kind)
	return le.AppendUint32(le.AppendUint32(b, count), value)
}

func jpegs() []File {
	good := JPEG(320, 240)
	frame := bytes.Index(good, []byte{0xff, 0xc0})
	list := []File{
		{"plain.jpg", good, Taken},
		{"one-pixel.jpg", JPEG(1, 1), Taken},
		{"flat.jpg", JPEG(2000, 1), Taken},
		{"dirty.jpg", Dirty(), Taken},
		{"zip-behind.jpg", append(Dirty(), "PK\x03\x04"+SentinelName+"PK\x05\x06"...), Taken},
		{"page-behind.jpg", append(Dirty(), "<html><script>alert('"+SentinelName+"')</script>"...), Taken},
		{"pdf-behind.jpg", append(Dirty(), PDF("")...), Taken},
		{"page-in-comment.jpg", with(good, segment(0xfe, "*/<script>alert('"+SentinelName+"')</script>/*")), Taken},
		{"two-pictures.jpg", append(Dirty(), Dirty()...), Taken},
		{"comments.jpg", with(good, bytes.Repeat(segment(0xfe, SentinelName), 3000)), Taken},
		{"too-many-comments.jpg", with(good, bytes.Repeat(segment(0xfe, ""), 5000)), "photo_broken"},
		{"profile.jpg", with(good, segment(0xe2, "ICC_PROFILE\x00\x01\x01"+SentinelName)), Any},
		{"thumbnail.jpg", with(good, segment(0xe0, "JFXX\x00\x10"+string(JPEG(16, 16)))), Any},
		{"gif-under-magic.jpg", append([]byte("\xff\xd8\xff"), "GIF89a"...), "photo_broken"},
		{"no-scan.jpg", good[:frame], "photo_broken"},
		{"end-at-once.jpg", []byte("\xff\xd8\xff\xd9"), "photo_broken"},
		{"fill.jpg", append([]byte{0xff, 0xd8}, bytes.Repeat([]byte{0xff}, 1<<16)...), "photo_broken"},
	}
	for _, size := range [][2]uint16{{65535, 65535}, {65535, 763}, {763, 65535}, {65500, 65500}, {10000, 12001}, {8000, 15000}, {0, 320}, {240, 0}, {0, 0}} {
		b := append([]byte(nil), good...)
		binary.BigEndian.PutUint16(b[frame+5:], size[0])
		binary.BigEndian.PutUint16(b[frame+7:], size[1])
		want := Want("photo_too_many_pixels")
		if int(size[0])*int(size[1]) <= 120_000_000 {
			want = Any // broken at once, or once it is drawn
		}
		list = append(list, File{fmt.Sprintf("claims-%dx%d.jpg", size[1], size[0]), b, want})
	}
	// Every other kind of frame (T.81, table B.1): progressive, arithmetic,
	// lossless, hierarchical; then more and fewer colours than there are.
	for marker := byte(0xc1); marker <= 0xcf; marker++ {
		b := append([]byte(nil), good...)
		b[frame+1] = marker
		list = append(list, File{fmt.Sprintf("frame-%x.jpg", marker), b, Any})
	}
	for _, n := range []byte{0, 1, 2, 4, 255} {
		b := append([]byte(nil), good...)
		b[frame+9] = n
		list = append(list, File{fmt.Sprintf("colours-%d.jpg", n), b, Any})
	}
	for _, precision := range []byte{0, 1, 12, 16, 255} {
		b := append([]byte(nil), good...)
		b[frame+4] = precision
		list = append(list, File{fmt.Sprintf("precision-%d.jpg", precision), b, Any})
	}
	return append(list, cuts("plain.jpg", good, 40, Any)...)
}

// exifs are pictures whose metadata lead in circles or nowhere.
func exifs() []File {
	good := JPEG(64, 48)
	var list []File
	add := func(name string, body []byte) {
		list = append(list, File{name + ".jpg", with(good, segment(0xe1, "Exif\x00\x00"+string(body))), Taken})
	}
	le := binary.LittleEndian
	for _, tag := range []uint16{0x8769, 0x8825, 0xa005, 0x014a} {
		for _, at := range []uint32{0, 4, 8, 9, 10, 0x7fffffff, 0x80000000, 0xffffffff} {
			add(fmt.Sprintf("exif-%x-at-%x", tag, at), le.AppendUint32(entry(tiff(1), tag, 4, 1, at), 8))
		}
	}
	for _, count := range []uint32{0, 1 << 16, 1<<31 - 1, 1<<32 - 1} {
		for _, kind := range []uint16{0, 2, 5, 7, 12, 0xffff} {
			add(fmt.Sprintf("exif-%d-of-kind-%d", count, kind), le.AppendUint32(entry(tiff(1), 0x010f, kind, count, 8), 0))
		}
	}
	add("exif-more-entries-than-bytes", tiff(0xffff))
	add("exif-only-its-order", []byte("II"))
	add("exif-of-no-order", []byte("XX*\x00\x08\x00\x00\x00"))
	add("exif-bigtiff", []byte("II+\x00\x08\x00\x00\x00"))
	add("exif-nothing", nil)
	var chain []byte
	for i := range 200 { // each directory leads to the next, the last to the first
		next := uint32(8 + (i+1)*18) // #nosec G115 -- small
		if i == 199 {
			next = 8
		}
		chain = le.AppendUint32(entry(le.AppendUint16(chain, 1), 0x8769, 4, 1, next), next)
	}
	add("exif-chain", append([]byte("II*\x00\x08\x00\x00\x00"), chain...))
	return list
}
