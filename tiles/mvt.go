package tiles

import "encoding/binary"

// extent is the side of a tile in its own units (tiles.md, MVT 2.1).
const extent = 4096

// Field numbers and wire types of the vector tile specification 2.1, section 4,
// as tags: number<<3 | type.
const (
	tagLayer       = 3<<3 | 2
	tagName        = 1<<3 | 2
	tagFeature     = 2<<3 | 2
	tagKey         = 3<<3 | 2
	tagValue       = 4<<3 | 2
	tagExtent      = 5 << 3
	tagVersion     = 15 << 3
	tagID          = 1 << 3
	tagTags        = 2<<3 | 2
	tagType        = 3 << 3
	tagGeometry    = 4<<3 | 2
	tagString      = 1<<3 | 2
	tagUint        = 5 << 3
	typePoint      = 1
	moveToOnePoint = 1<<3 | 1
)

// layer writes one layer of points whose features have the same keys in the
// same order. It is reused from tile to tile.
type layer struct {
	features, values, feature []byte
	tags                      []uint32
	count                     int
	seen                      seen
	nvalues                   uint32
}

func (l *layer) reset() {
	l.features, l.values, l.tags = l.features[:0], l.values[:0], l.tags[:0]
	l.count, l.nvalues = 0, 0
	l.seen.reset()
}

// uint gives the feature's next key a number.
func (l *layer) uint(v uint64) {
	l.shared(v, func(b []byte) []byte {
		b = append(b, byte(1+uvarintLen(v)), tagUint)
		return binary.AppendUvarint(b, v)
	})
}

// word gives the feature's next key a word that others share: name is a number
// of at least 2⁶³ for it.
func (l *layer) word(name uint64, s string) {
	l.shared(name, func(b []byte) []byte { return appendString(b, s) })
}

func (l *layer) shared(name uint64, write func([]byte) []byte) {
	i, known := l.seen.put(name, l.nvalues)
	if !known {
		l.values = write(append(l.values, tagValue))
		l.nvalues++
	}
	l.tags = append(l.tags, i)
}

// text gives the feature's next key a text of its own; write appends it.
func (l *layer) text(s []byte) {
	l.values = append(l.values, tagValue)
	n := uint64(1 + uvarintLen(uint64(len(s))) + len(s))
	l.values = binary.AppendUvarint(l.values, n)
	l.values = append(l.values, tagString)
	l.values = binary.AppendUvarint(l.values, uint64(len(s)))
	l.values = append(l.values, s...)
	l.tags = append(l.tags, l.nvalues)
	l.nvalues++
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(1+uvarintLen(uint64(len(s)))+len(s)))
	b = append(b, tagString)
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// point ends the feature: a point in units of the tile, with an id unless 0.
func (l *layer) point(id uint64, x, y uint32) {
	f := l.feature[:0]
	if id != 0 {
		f = binary.AppendUvarint(append(f, tagID), id)
	}
	n := 0
	for k, v := range l.tags {
		n += uvarintLen(uint64(k)) + uvarintLen(uint64(v))
	}
	f = binary.AppendUvarint(append(f, tagTags), uint64(n))
	for k, v := range l.tags {
		f = binary.AppendUvarint(binary.AppendUvarint(f, uint64(k)), uint64(v))
	}
	f = append(f, tagType, typePoint, tagGeometry)
	// Zigzag of a number that is not negative is its double.
	x, y = x<<1, y<<1
	f = append(f, byte(1+uvarintLen(uint64(x))+uvarintLen(uint64(y))), moveToOnePoint)
	f = binary.AppendUvarint(binary.AppendUvarint(f, uint64(x)), uint64(y))
	l.feature = f
	l.features = binary.AppendUvarint(append(l.features, tagFeature), uint64(len(f)))
	l.features = append(l.features, f...)
	l.tags = l.tags[:0]
	l.count++
}

// append writes the layer to a tile; an empty layer is left out.
func (l *layer) append(b []byte, name string, keys []string) []byte {
	if l.count == 0 {
		return b
	}
	n := 1 + uvarintLen(uint64(len(name))) + len(name) + len(l.features) + len(l.values)
	for _, k := range keys {
		n += 1 + uvarintLen(uint64(len(k))) + len(k)
	}
	n += 1 + uvarintLen(extent) + 2
	b = binary.AppendUvarint(append(b, tagLayer), uint64(n))
	b = appendField(b, tagName, name)
	b = append(b, l.features...)
	for _, k := range keys {
		b = appendField(b, tagKey, k)
	}
	b = append(b, l.values...)
	b = binary.AppendUvarint(append(b, tagExtent), extent)
	return append(b, tagVersion, 2)
}

func appendField(b []byte, tag byte, s string) []byte {
	b = binary.AppendUvarint(append(b, tag), uint64(len(s)))
	return append(b, s...)
}

func uvarintLen(v uint64) int {
	n := 1
	for v >= 0x80 {
		v >>= 7
		n++
	}
	return n
}
