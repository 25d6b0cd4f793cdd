package civic

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"time"
)

// MimePDF is the type of a document; every other attachment is a picture.
const MimePDF = "application/pdf"

// Photo is an attachment: a picture or a document. State is waiting (bytes to
// come), ready or rejected, and Code says why rejected. W and H are those of the
// large rendition, in pixels; a document has none, and Bytes instead. N counts the report's
// attachments in the order in which they came, from 1; 0 is of before they were
// counted.
//
// Boxes cover parts of the public's rendition. Cover names the boxes for which
// that rendition has been made: until it is theirs, the public sees nothing.
type Photo struct {
	Stage  string    `json:"stage"`
	State  string    `json:"state"`
	Code   string    `json:"code,omitempty"`
	Mime   string    `json:"mime,omitempty"`
	Public bool      `json:"public,omitempty"`
	Bytes  int64     `json:"bytes,omitempty"`
	W      int       `json:"w,omitempty"`
	H      int       `json:"h,omitempty"`
	N      int       `json:"n,omitempty"`
	Boxes  []Box     `json:"boxes,omitempty"`
	Cover  string    `json:"cover,omitempty"`
	By     UserID    `json:"by,omitzero"`
	From   Role      `json:"from,omitempty"`
	At     time.Time `json:"at"`
}

// Document tells a document from a picture.
func (p *Photo) Document() bool { return p.Mime == MimePDF }

// Shown reports whether anybody may see the picture: a person let it through,
// and what they covered is covered. A document is never shown.
func (p *Photo) Shown() bool {
	return p.Public && p.State == PhotoReady && !p.Document() && p.Cover == CoverOf(p.Boxes)
}

// Box is a rectangle to cover, as fractions of the upright picture: left, top,
// width, height.
type Box [4]float64

// PublicID names an attachment to the public: 32 hex digits that do not tell the
// hash. Whoever knows the hash of bytes may attach them to a report of their own,
// and so see in full what was covered, and where it was taken.
func (s SHA256) PublicID() string {
	sum := sha256.Sum256([]byte("segnavia public photo " + string(s)))
	return hex.EncodeToString(sum[:16])
}

// MaxBoxes bounds the rectangles of one picture.
const MaxBoxes = 40

// boxGrid is the fineness of a box: a ten-thousandth of a side, an eighth of a
// pixel of the largest rendition.
const boxGrid = 1e4

// tidyBoxes checks boxes and puts them on the grid, outwards, so that rounding
// uncovers nothing.
func tidyBoxes(boxes []Box) ([]Box, *Error) {
	if len(boxes) > MaxBoxes {
		return nil, Refuse(CodeLimit, "field", "boxes", "max", MaxBoxes)
	}
	tidy := make([]Box, 0, len(boxes))
	for _, b := range boxes {
		right, bottom := b[0]+b[2], b[1]+b[3]
		// NaN fails the comparisons.
		if !(b[0] >= 0 && b[1] >= 0 && b[2] > 0 && b[3] > 0 && right <= 1+1/boxGrid && bottom <= 1+1/boxGrid) {
			return nil, Refuse(CodeInvalid, "field", "boxes")
		}
		left, top := down(b[0]), down(b[1])
		tidy = append(tidy, Box{left, top, grid(up(right) - left), grid(up(bottom) - top)})
	}
	return tidy, nil
}

func down(f float64) float64 { return math.Floor(f*boxGrid+1e-6) / boxGrid }
func up(f float64) float64   { return math.Min(1, math.Ceil(f*boxGrid-1e-6)/boxGrid) }
func grid(f float64) float64 { return math.Round(f*boxGrid) / boxGrid }

// CoverOf names a set of boxes, so that a picture covered by others has another
// name: 16 hex digits, empty for no boxes.
func CoverOf(boxes []Box) string {
	if len(boxes) == 0 {
		return ""
	}
	h := sha256.New()
	for _, b := range boxes {
		for _, f := range b {
			_, _ = fmt.Fprintf(h, "%d,", int(math.Round(f*boxGrid))) // never fails
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// stages is the order in which the attachments of a case are shown.
var stages = []string{StageReport, StageBefore, StageAfter, StageReply}

// InOrder lists attachments as they are shown: by stage, then as they came.
func InOrder(photos map[SHA256]Photo) []SHA256 {
	list := make([]SHA256, 0, len(photos))
	for hash := range photos {
		list = append(list, hash)
	}
	slices.SortFunc(list, func(x, y SHA256) int {
		a, b := photos[x], photos[y]
		return cmp.Or(
			slices.Index(stages, a.Stage)-slices.Index(stages, b.Stage),
			cmp.Compare(a.N, b.N), a.At.Compare(b.At), cmp.Compare(x, y),
		)
	})
	return list
}

// nextPhoto is the number of the attachment to come.
func (r *Report) nextPhoto() int {
	n := len(r.Photos)
	for hash := range r.Photos {
		n = max(n, r.Photos[hash].N)
	}
	return n + 1
}
