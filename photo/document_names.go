package photo

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
)

// active are the names of what a document does of its own accord, or carries
// for others to open (ISO 32000-2, 12.6.4, 7.11.4, 13.7). They are long, so that
// compressed pictures hold none by chance: every byte of a file is looked at, also
// where a reader would see no object.
var active = map[string]bool{
	"JavaScript": true, "Launch": true, "EmbeddedFile": true, "EmbeddedFiles": true,
	"RichMedia": true, "RichMediaExecute": true, "SubmitForm": true, "ImportData": true,
}

// veils are filters and predictors that would hide names in compressed objects.
// No program that writes documents uses them there.
var veils = map[string]bool{
	"LZWDecode": true, "ASCII85Decode": true, "ASCIIHexDecode": true, "RunLengthDecode": true, "Predictor": true,
	"LZW": true, "A85": true, "AHx": true, "RL": true,
}

var (
	errActive  = errors.New("does something of its own")
	errVeiled  = errors.New("compressed objects under a second filter")
	errObjects = errors.New("compressed objects unpack to too much")
)

// maxName bounds a name (ISO 32000-1, annex C).
const maxName = 127

// nameScan reads a document as it comes and looks for names. Objects that are
// compressed together are unpacked and looked at too.
type nameScan struct {
	name      []byte // after the slash
	inName    bool
	escape    int // hex digits still to come
	tail      [8]byte
	dict      dictNames
	packed    *bytes.Buffer // the stream of compressed objects that is read
	encrypted bool
	inner     bool // what is read was unpacked
	unpacked  int64
	err       error
}

// dictNames are what the dictionary before a stream names.
type dictNames struct{ objects, count, first, veiled bool }

// Write never fails: what is wrong is told by verdict.
func (s *nameScan) Write(p []byte) (int, error) {
	for _, c := range p {
		s.take(c)
		copy(s.tail[:], s.tail[1:])
		s.tail[7] = c
		if s.packed != nil {
			s.packed.WriteByte(c)
		}
		if !s.inner && c == '\n' {
			s.begin()
		} else if c == 'm' && bytes.HasSuffix(s.tail[:], []byte("dstream")) {
			s.finish()
		}
	}
	return len(p), nil
}

// take reads one byte of a name, or of what stands between names.
func (s *nameScan) take(c byte) {
	switch {
	case c == '/':
		s.end()
		s.inName = true
	case !s.inName:
	case s.escape > 0:
		digit, ok := unhex(c)
		if !ok {
			s.escape, s.inName = 0, false
			return
		}
		last := len(s.name) - 1
		s.name[last] = s.name[last]<<4 | digit
		s.escape--
	case c == '#':
		s.name = append(s.name, 0)
		s.escape = 2
	case bytes.IndexByte([]byte("\x00\t\n\f\r ()<>[]{}%"), c) >= 0, len(s.name) >= maxName:
		s.end()
	default:
		s.name = append(s.name, c)
	}
}

// end looks at a name that is over.
func (s *nameScan) end() {
	if !s.inName {
		return
	}
	name := string(s.name)
	s.name, s.inName, s.escape = s.name[:0], false, 0
	switch {
	case active[name]:
		s.err = errActive
	case name == "Encrypt":
		s.encrypted = true
	case name == "ObjStm":
		s.dict.objects = true
	case name == "N":
		s.dict.count = true
	case name == "First":
		s.dict.first = true
	case veils[name]:
		s.dict.veiled = true
	}
}

// begin opens a stream, where the line that ends says so.
func (s *nameScan) begin() {
	line := bytes.TrimRight(s.tail[:], "\r\n")
	if !bytes.HasSuffix(line, []byte("stream")) || s.packed != nil {
		return
	}
	// Both are demanded of compressed objects, whatever they call themselves.
	if s.dict.objects || s.dict.count && s.dict.first {
		if s.dict.veiled {
			s.err = errors.Join(s.err, errVeiled)
		}
		s.packed = &bytes.Buffer{}
	}
	s.dict = dictNames{}
}

// finish unpacks the stream that is over. One that is not compressed was looked
// at as it came.
func (s *nameScan) finish() {
	s.dict = dictNames{}
	packed := s.packed
	s.packed = nil
	if packed == nil || s.err != nil {
		return
	}
	z, err := zlib.NewReader(packed)
	if err != nil {
		return
	}
	inside := &nameScan{inner: true}
	n, _ := io.Copy(inside, io.LimitReader(z, maxObjects-s.unpacked+1)) // what is damaged was looked at until there
	inside.end()
	if s.unpacked += n; s.unpacked > maxObjects {
		s.err = errObjects
	}
	s.err = errors.Join(s.err, inside.err)
	s.encrypted = s.encrypted || inside.encrypted
}

func (s *nameScan) verdict() error {
	s.end()
	switch {
	case s.encrypted:
		return &Error{Code: CodeDocumentLocked}
	case errors.Is(s.err, errActive):
		return &Error{Code: CodeDocumentActive, Err: s.err}
	case s.err != nil:
		return &Error{Code: CodeDocumentBroken, Err: s.err}
	}
	return nil
}

func unhex(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case (c|0x20) >= 'a' && (c|0x20) <= 'f':
		return (c | 0x20) - 'a' + 10, true
	}
	return 0, false
}
