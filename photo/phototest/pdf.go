package phototest

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
)

const (
	catalogue = "<< /Type /Catalog /Pages 2 0 R >>"
	leaves    = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
	leaf      = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
	packed    = "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
)

// PDF is a document of one empty page that says who wrote it, with more in its
// trailer and more objects.
func PDF(trailer string, more ...string) []byte {
	objects := append([]string{catalogue, leaves, leaf, "<< /Author (" + SentinelName + ") >>"}, more...)
	return pdfOf("/Info 4 0 R "+trailer, objects)
}

func pdfOf(trailer string, objects []string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, trailer, table)
	return b.Bytes()
}

// Stream is an object with a body.
func Stream(dict, body string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(body), body)
}

// Packed is an object of compressed objects.
func Packed(dict, objects string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(objects)) // memory does not fail
	_ = z.Close()
	return Stream(dict, b.String())
}

func documents() []File {
	plain := PDF("")
	list := []File{
		{"plain.pdf", plain, Taken},
		{"padded.pdf", append(PDF(""), "\r\n\x00\x00"...), Taken},
		{"packed.pdf", PDF("", Packed(packed, "9 0 << /Type /Font >>")), Taken},
		{"locked.pdf", PDF("/Encrypt 9 0 R"), "document_locked"},
		{"locked-spelled.pdf", PDF("/#45ncrypt 9 0 R"), "document_locked"},
		{"packed-twice.pdf", PDF("", Stream("/Type /ObjStm /N 1 /First 4 /Filter [/ASCII85Decode /FlateDecode]", "x")), "document_broken"},
		{"packed-bomb.pdf", PDF("", Packed(packed, strings.Repeat(" ", 40<<20))), "document_broken"},
		{"zip-behind.pdf", append(PDF(""), "PK\x03\x04"+SentinelName...), "document_broken"},
		{"page-behind.pdf", append(PDF(""), "<script>alert(1)</script>"...), "document_broken"},
		{"head-alone.pdf", []byte("%PDF-1.7\n"), "document_broken"},
		{"no-version.pdf", []byte("%PDF-x\n%%EOF"), "document_broken"},
		{"end-elsewhere.pdf", []byte("%PDF-1.4\nstartxref\n99999\n%%EOF"), "document_broken"},
		{"end-nowhere.pdf", []byte("%PDF-1.4\nstartxref\n5\n%%EOF"), "document_broken"},
		{"called-a-photo.jpg", append(PDF(""), '\n'), Taken},
	}
	for _, action := range []string{
		"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>", "/OpenAction << /S /J#61vaScript /JS 9 0 R >>", "/AA << /WC << /S /JavaScript >> >>",
		"/OpenAction << /S /Launch /F (cmd.exe) >>", "/Names << /EmbeddedFiles 9 0 R >>", "/AF [<< /EF << /F 9 0 R >> /Type /EmbeddedFile >>]",
		"/OpenAction << /S /SubmitForm /F (http://x.test) >>", "/OpenAction << /S /ImportData /F (x) >>", "/Annots [<< /Subtype /RichMedia >>]",
	} {
		n := len(list)
		list = append(
			list, File{fmt.Sprintf("acts-%d.pdf", n), PDF(action), "document_active"},
			File{fmt.Sprintf("acts-in-object-%d.pdf", n), PDF("", "<< "+action+" >>"), "document_active"},
			File{fmt.Sprintf("acts-packed-%d.pdf", n), PDF("", Packed(packed, "9 0 << "+action+" >>")), "document_active"},
			File{fmt.Sprintf("acts-hidden-%d.pdf", n), PDF("", Stream("", "<< "+action+" >>")), "document_active"},
		)
	}
	return append(list, cuts("plain.pdf", plain, 20, "document_broken")...)
}
