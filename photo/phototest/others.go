package phototest

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
)

// pixel is a lossless WebP of one pixel.
func pixel() []byte {
	b, err := hex.DecodeString("524946461a000000574542505650384c0d0000002f00000010071011118888fe0700")
	if err != nil {
		panic(err)
	}
	return b
}

// webpOf wraps a chunk.
func webpOf(kind string, body []byte) []byte {
	b := append([]byte("RIFF....WEBP"+kind), binary.LittleEndian.AppendUint32(nil, uint32(len(body)))...) // #nosec G115 -- small
	b = append(b, body...)
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)-8)) // #nosec G115 -- small
	return b
}

func webps() []File {
	pad := make([]byte, 20)
	extended := func(flags byte) []byte { return append([]byte{flags, 0, 0, 0, 9, 0, 0, 9, 0, 0}, pad...) }
	list := []File{
		{"pixel.webp", pixel(), Taken},
		{"animated.webp", webpOf("VP8X", extended(2)), "photo_type"},
		{"huge.webp", webpOf("VP8X", append([]byte{0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, pad...)), "photo_too_many_pixels"},
		{"huge-lossless.webp", webpOf("VP8L", append([]byte{0x2f, 0xff, 0xff, 0xff, 0x0f}, pad...)), "photo_too_many_pixels"},
		{"huge-lossy.webp", webpOf("VP8 ", append([]byte{0, 0, 0, 0x9d, 1, 0x2a, 0xff, 0x3f, 0xff, 0x3f}, pad...)), "photo_too_many_pixels"},
		{"empty.webp", webpOf("VP8X", extended(0)), "photo_broken"},
		{"no-key-frame.webp", webpOf("VP8 ", append([]byte{1, 0, 0, 0x9d, 1, 0x2a, 9, 0, 9, 0}, pad...)), "photo_broken"},
		{"nonsense.webp", webpOf("VP8 ", pad), "photo_broken"},
		{"unknown.webp", webpOf("JUNK", pad), "photo_broken"},
		{"claims-more.webp", append([]byte("RIFF\xff\xff\xff\x7fWEBPVP8 "), pad...), "photo_broken"},
	}
	return append(list, cuts("pixel.webp", pixel(), 20, Any)...)
}

func box(kind string, parts ...string) string {
	body := strings.Join(parts, "")
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(body)+8))) + kind + body // #nosec G115 -- small
}

func heics() []File {
	head := box("ftyp", "heic\x00\x00\x00\x00mif1heic")
	sized := func(w, h uint32) string {
		size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(make([]byte, 4), w), h)
		return head + box("meta", "\x00\x00\x00\x00", box("iprp", box("ipco", box("ispe", string(size)))))
	}
	nested := head
	for range 3 {
		nested = box("meta", "\x00\x00\x00\x00", box("iprp", box("ipco", nested)))
	}
	list := []File{
		{"huge.heic", []byte(sized(30000, 30000)), "photo_too_many_pixels"},
		{"largest.heic", []byte(sized(1<<31-1, 1<<31-1)), "photo_too_many_pixels"},
		{"none.heic", []byte(sized(0, 0)), "photo_broken"},
		{"negative.heic", []byte(sized(1<<32-1, 10)), "photo_broken"},
		{"small-and-empty.heic", []byte(sized(640, 480)), "photo_broken"},
		{"no-picture.heic", []byte(head), "photo_broken"},
		{"no-picture.avif", []byte(box("ftyp", "avif\x00\x00\x00\x00mif1avif")), "photo_broken"},
		{"huge.avif", []byte(strings.Replace(sized(30000, 30000), "ftypheic", "ftypavif", 1)), "photo_too_many_pixels"},
		{"nested.heic", []byte(head + nested), "photo_broken"},
		{"huge-box.heic", []byte(head + "\x00\x00\x00\x01meta\xff\xff\xff\xff\xff\xff\xff\xff"), "photo_broken"},
		{"tiny-box.heic", []byte(head + "\x00\x00\x00\x04meta"), "photo_broken"},
		{"many-boxes.heic", []byte(head + strings.Repeat(box("free"), 5000)), "photo_broken"},
		{"endless-box.heic", []byte(head + "\x00\x00\x00\x00meta"), "photo_broken"},
	}
	for _, brand := range []string{"avis", "hevc", "msf1", "isom", "mp42", "qt  ", "crx "} {
		list = append(list, File{strings.TrimSpace(brand) + ".heic", []byte(box("ftyp", brand, "\x00\x00\x00\x00", brand)), "photo_type"})
	}
	return append(list, cuts("small.heic", []byte(sized(640, 480)), 10, Any)...)
}

// strangers are of types that are not taken, whatever they are called.
func strangers() []File {
	svg := `<svg xmlns="http://www.w3.org/2000/svg" onload="alert('` + SentinelName + `')">`
	gif := "GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
	var list []File
	for name, body := range map[string]string{
		"plain.svg": svg + "</svg>", "file.svg": svg + `<image href="file:///etc/passwd"/></svg>`,
		"entity.svg": `<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + svg + "&x;</svg>",
		"laughs.svg": `<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>` + svg + "&b;</svg>", "commented.svg": "<!-- -->\n" + svg + "</svg>",
		"marked.svg": "\xef\xbb\xbf" + svg + "</svg>", "wide.svg": "\xff\xfe<\x00s\x00v\x00g\x00", "packed.svgz": "\x1f\x8b\x08\x00\x00\x00\x00\x00",
		"plain.gif": gif, "script.gif": "GIF89a/*" + gif + "*/=1;alert('" + SentinelName + "')", "huge.gif": "GIF89a\xff\xff\xff\xff\x80\x00\x00",
		"frames.gif": gif[:len(gif)-1] + strings.Repeat(gif[19:len(gif)-1], 2000) + ";", "called-a-photo.jpg": gif, "called-a-document.pdf": gif,
		"little.tiff": "II*\x00\x08\x00\x00\x00", "big.tiff": "MM\x00*\x00\x00\x00\x08", "plain.bmp": "BM" + strings.Repeat("\x00", 60),
		"plain.ico": "\x00\x00\x01\x00\x01\x00", "plain.psd": "8BPS\x00\x01", "plain.ppm": "P6 9999999 9999999 255 ", "plain.pfm": "PF 1 1 -1 ",
		"plain.fits": "SIMPLE  =                    T", "plain.jxl": "\xff\x0a", "boxed.jxl": "\x00\x00\x00\x0cJXL \r\n\x87\n", "plain.jp2": "\x00\x00\x00\x0cjP  \r\n\x87\n",
		"plain.exr": "v/1\x01\x02\x00\x00\x00", "plain.hdr": "#?RADIANCE\n", "plain.eps": "%!PS-Adobe-3.0 EPSF-3.0\n", "plain.zip": "PK\x03\x04" + SentinelName,
		"plain.html": "<html><script>alert(1)</script>", "plain.exe": "MZ\x90\x00", "plain.elf": "\x7fELF\x02", "plain.sh": "#!/bin/sh\nid\n", "plain.xml": "<?xml version='1.0'?><a/>",
		"plain.txt": "una buca in via Garibaldi, " + SentinelName, "one-byte.jpg": "\xff", "zero.jpg": "\x00", "two-bytes.jpg": "\xff\xd8", "plain.docx": "PK\x03\x04word/",
		"plain.vips": "\xb6\xa6\xf2\x08" + strings.Repeat("\x00", 64), "page-before.jpg": "<html>" + string(Dirty()), "blank-before.jpg": " " + string(Dirty()),
	} {
		list = append(list, File{name, []byte(body), "photo_type"})
	}
	list = append(list, File{"empty.jpg", nil, "photo_empty"})
	return sorted(list)
}

// names are good pictures under names that lie.
func names() []File {
	var list []File
	for i, name := range []string{
		"../../../etc/passwd", "a\x00.jpg", "CON", "photo.php", strings.Repeat("a", 4000) + ".jpg", "\u202egpj.exe", "🕳️.jpg", "<script>.jpg", "a\"b.jpg", "'; DROP TABLE photo; --",
	} {
		want := Taken
		if strings.Contains(name, "\x00") {
			want = "bad_request" // no head of a part holds one: nothing of it is read
		}
		// Other bytes, so that each is a file of its own.
		list = append(list, File{name, append(Dirty(), fmt.Sprint(i)...), want})
	}
	return list
}

func sorted(list []File) []File {
	for i := range list { // by name: a map has no order
		for k := i; k > 0 && bytes.Compare([]byte(list[k].Name), []byte(list[k-1].Name)) < 0; k-- {
			list[k], list[k-1] = list[k-1], list[k]
		}
	}
	return list
}
