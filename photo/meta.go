package photo

import (
	"io"
	"math"
	"strings"
	"time"

	"github.com/bep/imagemeta"
)

// Meta is what the camera wrote, for private columns only. Fields are nil
// where it wrote nothing usable.
type Meta struct {
	Lon, Lat *float64 // degrees, WGS 84
	// TakenAt is when the shutter opened. With Zoned it is an instant;
	// without it, the camera's clock on the wall, written as if it were UTC.
	TakenAt *time.Time
	Zoned   bool
}

// Taken is the instant at which the photo was taken, with a camera that says
// no zone read in the town's.
func (m Meta) Taken(town *time.Location) (time.Time, bool) {
	if m.TakenAt == nil {
		return time.Time{}, false
	}
	t := *m.TakenAt
	if m.Zoned {
		return t, true
	}
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, town), true
}

// metaLimit bounds the reading; a photo's takes a millisecond.
const metaLimit = 2 * time.Second

// readMeta never fails: metadata is a convenience, and a photo without it is
// as good.
func readMeta(r io.ReadSeeker, mime string) (m Meta) {
	defer func() {
		if recover() != nil {
			m = Meta{}
		}
	}()
	formats := map[string]imagemeta.ImageFormat{
		mimeJPEG: imagemeta.JPEG, mimePNG: imagemeta.PNG, mimeWebP: imagemeta.WebP, mimeHEIC: imagemeta.HEIF, mimeAVIF: imagemeta.AVIF,
	}
	tags := map[string]any{}
	// The folder is part of the name: the tags of the interoperability IFD
	// have the numbers of a latitude.
	const gps, exif = "IFD0/GPSInfoIFD", "IFD0/ExifIFDP"
	wanted := map[string]string{
		"GPSLatitude": gps, "GPSLatitudeRef": gps, "GPSLongitude": gps, "GPSLongitudeRef": gps,
		"DateTimeOriginal": exif, "OffsetTimeOriginal": exif,
	}
	_, err := imagemeta.Decode(imagemeta.Options{
		R: r, ImageFormat: formats[mime], Sources: imagemeta.EXIF,
		Timeout: metaLimit, LimitNumTags: 1000, LimitTagSize: 1000,
		ShouldHandleTag: func(t imagemeta.TagInfo) bool {
			folder, ok := wanted[t.Tag]
			return ok && t.Namespace == folder
		},
		HandleTag: func(t imagemeta.TagInfo) error {
			if _, known := tags[t.Tag]; !known {
				tags[t.Tag] = t.Value
			}
			return nil
		},
	})
	if err != nil {
		return Meta{} // half of the tags may be the wrong half
	}
	m.Lon, m.Lat = position(tags)
	m.TakenAt, m.Zoned = taken(tags)
	return m
}

func position(tags map[string]any) (lon, lat *float64) {
	x, ok1 := tags["GPSLongitude"].(float64)
	y, ok2 := tags["GPSLatitude"].(float64)
	if text(tags["GPSLongitudeRef"]) == "W" {
		x = -x
	}
	if text(tags["GPSLatitudeRef"]) == "S" {
		y = -y
	}
	// Phones without a fix write 0, 0.
	if !ok1 || !ok2 || math.IsNaN(x+y) || math.Abs(x) > 180 || math.Abs(y) > 90 || (x == 0 && y == 0) {
		return nil, nil
	}
	return &x, &y
}

// exifTime is the layout of Exif 2.32, section 4.6.5.
const exifTime = "2006:01:02 15:04:05"

func taken(tags map[string]any) (at *time.Time, zoned bool) {
	when := text(tags["DateTimeOriginal"])
	if t, err := time.Parse(exifTime+"-07:00", when+text(tags["OffsetTimeOriginal"])); err == nil {
		t = t.UTC()
		return plausible(t), true
	}
	if t, err := time.Parse(exifTime, when); err == nil {
		return plausible(t), false
	}
	return nil, false
}

// plausible drops the dates of cameras whose clock was never set.
func plausible(t time.Time) *time.Time {
	if t.Year() < 1990 || t.Year() > 2199 {
		return nil
	}
	return &t
}

func text(v any) string {
	s, _ := v.(string)
	return strings.Trim(s, " \x00")
}
