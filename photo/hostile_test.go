package photo_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/gif"
	"image/png"
	"math"
	"strings"
	"testing"
	"time"

	"segnavia/photo"
)

func chunk(kind string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body))) // #nosec G115 -- small
	b = append(append(b, kind...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// pngOf is a PNG whose header claims a size and whose pixels are n zero bytes.
func pngOf(w, h uint32, n int, extra ...[]byte) []byte {
	head := binary.BigEndian.AppendUint32(nil, w)
	head = append(binary.BigEndian.AppendUint32(head, h), 8, 2, 0, 0, 0)
	var pixels bytes.Buffer
	z := zlib.NewWriter(&pixels)
	_, _ = z.Write(make([]byte, n))
	_ = z.Close()
	parts := [][]byte{[]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", head)}
	parts = append(parts, extra...)
	parts = append(parts, chunk("IDAT", pixels.Bytes()), chunk("IEND", nil))
	return bytes.Join(parts, nil)
}

func gifOf(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, image.NewRGBA(image.Rect(0, 0, 4, 4)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func webpX(flags byte) []byte {
	b := []byte("RIFF\x1a\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00")
	return append(b, flags, 0, 0, 0, 9, 0, 0, 9, 0, 0, 0, 0, 0, 0)
}

func TestHostileFilesAreRefusedWithACode(t *testing.T) {
	good := picture(t, 640, 480)
	sof := bytes.Index(good, []byte{0xff, 0xc0})
	tall := bytes.Clone(good)
	copy(tall[sof+5:], []byte{0xff, 0xff, 0xff, 0xff})
	flat := bytes.Clone(good)
	copy(flat[sof+5:], []byte{0, 0})
	cases := map[string]struct {
		bytes []byte
		want  string
	}{
		"nothing":                     {nil, photo.CodeEmpty},
		"one byte":                    {[]byte{0xff}, photo.CodeType},
		"text":                        {[]byte("una buca in via Garibaldi"), photo.CodeType},
		"svg":                         {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>`), photo.CodeType},
		"gif":                         {gifOf(t), photo.CodeType},
		"tiff":                        {[]byte("II*\x00\x08\x00\x00\x00\x00\x00\x00\x00"), photo.CodeType},
		"bmp":                         {[]byte("BM\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), photo.CodeType},
		"pdf":                         {[]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3 and so on"), photo.CodeDocumentBroken},
		"avif without a picture":      {[]byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1miaf"), photo.CodeBroken},
		"avif sequence":               {[]byte("\x00\x00\x00\x18ftypavis\x00\x00\x00\x00avifmif1"), photo.CodeType},
		"mp4":                         {[]byte("\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42"), photo.CodeType},
		"heic sequence":               {[]byte("\x00\x00\x00\x18ftyphevc\x00\x00\x00\x00msf1hevc"), photo.CodeType},
		"heic without a picture":      {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), photo.CodeBroken},
		"heic with a huge box":        {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic\x00\x00\x00\x01meta\xff\xff\xff\xff\xff\xff\xff\xff"), photo.CodeBroken},
		"heic with an empty box":      {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic\x00\x00\x00\x04meta"), photo.CodeBroken},
		"jpeg magic, gif body":        {append([]byte("\xff\xd8\xff"), gifOf(t)...), photo.CodeBroken},
		"jpeg cut in its header":      {good[:sof+3], photo.CodeBroken},
		"jpeg cut in its picture":     {good[:len(good)/2], photo.CodeBroken},
		"jpeg of 65535 × 65535":       {tall, photo.CodeTooManyPixels},
		"jpeg without height":         {flat, photo.CodeBroken},
		"jpeg of fill bytes":          {bytes.Repeat([]byte{0xff}, 1<<20)[:1<<20], photo.CodeType},
		"png bomb of 50000 × 50000":   {pngOf(50000, 50000, 0), photo.CodeTooManyPixels},
		"png of 2^31-1 × 2^31-1":      {pngOf(1<<31-1, 1<<31-1, 0), photo.CodeTooManyPixels},
		"png of 2^32-1 × 1":           {pngOf(1<<32-1, 1, 0), photo.CodeBroken},
		"png cut":                     {pngOf(10, 10, 310)[:60], photo.CodeBroken},
		"png with an endless chunk":   {append([]byte("\x89PNG\r\n\x1a\n"), "\xff\xff\xff\xffIHDR........"...), photo.CodeBroken},
		"animated png":                {pngOf(10, 10, 310, chunk("acTL", make([]byte, 8))), photo.CodeType},
		"png without pixels":          {pngOf(100, 100, 0), photo.CodeBroken},
		"png with too few pixels":     {pngOf(100, 100, 9000), photo.CodeBroken},
		"animated webp":               {webpX(0x02), photo.CodeType},
		"webp without a picture":      {webpX(0), photo.CodeBroken},
		"webp that claims more bytes": {append([]byte("RIFF\xff\xff\xff\x7fWEBPVP8 "), make([]byte, 40)...), photo.CodeBroken},
		"webp of nonsense":            {append([]byte("RIFF\x20\x00\x00\x00WEBPVP8 "), make([]byte, 40)...), photo.CodeBroken},
	}
	p := photo.New(t.TempDir())
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			u, err := inspectBytes(t, p, c.bytes)
			if err == nil {
				_, err = p.Render(t.Context(), u.Path)
			}
			if got := code(err); got != c.want {
				t.Errorf("want %s, got %v", c.want, err)
			}
			if d := time.Since(began); d > 10*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
}

// TestNoCoordinateLeaves plants a position in each place where a photo can
// carry one and looks for it in every byte that comes out.
func TestNoCoordinateLeaves(t *testing.T) {
	const sentinel = "44.40713,8.93415"
	good := picture(t, 800, 600)
	segment := func(marker byte, body string) []byte {
		b := []byte{0xff, marker, byte((len(body) + 2) >> 8), byte(len(body) + 2)} // #nosec G115 -- short
		return append(b, body...)
	}
	var dirty []byte
	dirty = append(dirty, good[:2]...)
	dirty = append(dirty, segment(0xe1, exifAt(t, 8.93415, 44.40713))...)
	dirty = append(dirty, segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>"+sentinel+"</x:xmpmeta>")...)
	dirty = append(dirty, segment(0xed, "Photoshop 3.0\x00"+sentinel)...)
	dirty = append(dirty, segment(0xfe, sentinel)...)
	dirty = append(dirty, good[2:]...)
	dirty = append(dirty, "PK\x03\x04<script>"+sentinel+"</script>"...)
	var asPNG bytes.Buffer
	if err := png.Encode(&asPNG, image.NewRGBA(image.Rect(0, 0, 64, 64))); err != nil {
		t.Fatal(err)
	}
	text := append(bytes.Clone(asPNG.Bytes()[:33]), chunk("tEXt", []byte("Comment\x00"+sentinel))...)
	text = append(append(text, asPNG.Bytes()[33:]...), sentinel...)

	p := photo.New(t.TempDir())
	for name, b := range map[string][]byte{"jpeg": dirty, "png": text} {
		u, err := inspectBytes(t, p, b)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if name == "jpeg" && (u.Meta.Lon == nil || math.Abs(*u.Meta.Lon-8.93415) > 1e-5 || math.Abs(*u.Meta.Lat-44.40713) > 1e-5) {
			t.Errorf("the position was not read: %v", u.Meta)
		}
		for _, r := range render(t, p, u) {
			decode(t, r)
			for _, bad := range []string{sentinel, "44.40713", "Exif", "xmpmeta", "Photoshop", "script", "PK\x03\x04"} {
				if strings.Contains(string(r.JPEG), bad) {
					t.Errorf("%s: %q in the rendition of %d", name, bad, r.Size)
				}
			}
		}
	}
}

// exifAt is an APP1 body with a position in Exif 2.32's degrees, minutes and
// seconds, the seconds in hundred-thousandths.
func exifAt(t *testing.T, lon, lat float64) string {
	t.Helper()
	le := binary.LittleEndian
	entry := func(b []byte, tag, kind uint16, count, value uint32) []byte {
		b = le.AppendUint16(le.AppendUint16(b, tag), kind)
		return le.AppendUint32(le.AppendUint32(b, count), value)
	}
	b := []byte("II*\x00\x08\x00\x00\x00")
	b = le.AppendUint16(b, 1)
	b = entry(b, 0x8825, 4, 1, 26)
	b = le.AppendUint32(b, 0)
	b = le.AppendUint16(b, 4)
	b = entry(b, 1, 2, 2, uint32('N'))
	b = entry(b, 2, 5, 3, 80)
	b = entry(b, 3, 2, 2, uint32('E'))
	b = entry(b, 4, 5, 3, 104)
	b = le.AppendUint32(b, 0)
	for _, v := range []float64{lat, lon} {
		seconds := math.Round((v - math.Floor(v)) * 3600 * 1e5)
		for _, n := range []float64{math.Floor(v), 1, 0, 1, seconds, 1e5} {
			b = le.AppendUint32(b, uint32(n))
		}
	}
	return "Exif\x00\x00" + string(b)
}
