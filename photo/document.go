package photo

import (
	"bytes"
	"io"
	"regexp"
	"strconv"

	"segnavia/civic"
)

const mimePDF = civic.MimePDF

// maxObjects bounds what the compressed objects of a document may unpack to, in
// bytes: text and structure, never pictures.
const maxObjects = 32 << 20

var (
	pdfHead = regexp.MustCompile(`^%PDF-[12]\.\d[\r\n ]`)
	// pdfEnd is where a document says that its table of objects is, and its end
	// (ISO 32000-2, 7.5.5). Scanners pad what follows.
	pdfEnd   = regexp.MustCompile(`startxref[\r\n \t]+(\d{1,10})[\r\n \t]+%%EOF[\r\n \t\x00]*$`)
	pdfTable = regexp.MustCompile(`^(xref|\d{1,10} \d{1,5} obj)\b`)
)

// endRoom is how far from the end of a file its end may begin.
const endRoom = 2048

// document checks a PDF: that it is whole by its head and end, open to whoever
// has it, and does nothing of its own. It reads structure only: nothing is drawn.
func (f file) document() (header, error) {
	if err := f.frame(); err != nil {
		return header{}, err
	}
	s := &nameScan{}
	if _, err := io.Copy(s, io.NewSectionReader(f.r, 0, f.size)); err != nil {
		return header{}, broken(err)
	}
	return header{mime: mimePDF}, s.verdict()
}

// frame checks the head, the end, and that the end points at a table.
func (f file) frame() error {
	head := make([]byte, min(f.size, 16))
	if err := f.read(0, head); err != nil {
		return err
	}
	if !pdfHead.Match(head) {
		return &Error{Code: CodeDocumentBroken, Err: errSize}
	}
	end := make([]byte, min(f.size, endRoom))
	if err := f.read(f.size-int64(len(end)), end); err != nil {
		return err
	}
	found := pdfEnd.FindSubmatch(end)
	if found == nil {
		return &Error{Code: CodeDocumentBroken, Err: errCut}
	}
	at, err := strconv.ParseInt(string(found[1]), 10, 64)
	if err != nil || at >= f.size {
		return &Error{Code: CodeDocumentBroken, Err: errCut}
	}
	table := make([]byte, min(f.size-at, 32))
	if err := f.read(at, table); err != nil {
		return err
	}
	if !pdfTable.Match(bytes.TrimLeft(table, "\r\n \t")) {
		return &Error{Code: CodeDocumentBroken, Err: errCut}
	}
	return nil
}
