package photo_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"

	"segnavia/photo"
)

// pdfOf is a document of the objects given, the first of which is its catalogue.
func pdfOf(trailer string, objects ...string) []byte {
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

func deflated(s string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(s))
	_ = z.Close()
	return b.String()
}

func stream(dict, body string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(body), body)
}

const (
	catalogue = "<< /Type /Catalog /Pages 2 0 R >>"
	leaves    = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
	leaf      = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
	objStm    = "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
)

func TestDocumentsAreTakenOrRefusedWithACode(t *testing.T) {
	plain := pdfOf("", catalogue, leaves, leaf)
	action := func(s string) []byte { return pdfOf("", strings.Replace(catalogue, ">>", s+" >>", 1), leaves, leaf) }
	packed := func(dict, s string) []byte { return pdfOf("", catalogue, leaves, leaf, stream(dict, deflated(s))) }
	for name, c := range map[string]struct {
		bytes []byte
		want  string
	}{
		"plain":                         {plain, ""},
		"padded by a scanner":           {append(bytes.Clone(plain), "\r\n\x00\x00\x00"...), ""},
		"opens on a page":               {action("/OpenAction [3 0 R /Fit]"), ""},
		"with packed objects":           {packed(objStm, "9 0 << /Type /Font >>"), ""},
		"words about scripts":           {pdfOf("/Info << /Title (JavaScript for beginners) >>", catalogue, leaves, leaf), ""},
		"encrypted metadata flag alone": {action("/EncryptMetadata true"), ""},
		"runs a script":                 {action("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), photo.CodeDocumentActive},
		"runs a script, spelled out":    {action("/OpenAction << /S /J#61vaScr#69pt /JS (app.alert(1)) >>"), photo.CodeDocumentActive},
		"launches a program":            {action("/OpenAction << /S /Launch /F (cmd.exe) >>"), photo.CodeDocumentActive},
		"sends a form":                  {action("/AA << /O << /S /SubmitForm /F (http://x.test) >> >>"), photo.CodeDocumentActive},
		"carries a file":                {action("/Names << /EmbeddedFiles 9 0 R >>"), photo.CodeDocumentActive},
		"a script in packed objects":    {packed(objStm, "9 0 << /S /JavaScript /JS (app.alert(1)) >>"), photo.CodeDocumentActive},
		"packed objects without a name": {packed("/N 1 /First 4 /Filter /FlateDecode", "9 0 << /S /JavaScript >>"), photo.CodeDocumentActive},
		"packed twice":                  {packed("/Type /ObjStm /N 1 /First 4 /Filter [/ASCII85Decode /FlateDecode]", "x"), photo.CodeDocumentBroken},
		"packed under a predictor":      {packed(objStm+" /DecodeParms << /Predictor 12 >>", "x"), photo.CodeDocumentBroken},
		"a bomb of packed objects":      {packed(objStm, strings.Repeat(" ", 40<<20)), photo.CodeDocumentBroken},
		"a script where no object is":   {pdfOf("", catalogue, leaves, leaf, stream("", "<< /S /JavaScript >>")), photo.CodeDocumentActive},
		"encrypted":                     {pdfOf("/Encrypt 9 0 R", catalogue, leaves, leaf), photo.CodeDocumentLocked},
		"only a head":                   {[]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3 and so on"), photo.CodeDocumentBroken},
		"of no known version":           {append([]byte("%PDF-9.9\n"), plain[9:]...), photo.CodeDocumentBroken},
		"cut":                           {plain[:len(plain)-20], photo.CodeDocumentBroken},
		"with a table that is not there": {
			bytes.Replace(plain, []byte("startxref\n"), []byte("startxref\n9"), 1), photo.CodeDocumentBroken,
		},
		"with a program behind it": {append(bytes.Clone(plain), "PK\x03\x04<script>"...), photo.CodeDocumentBroken},
		"behind something else":    {append([]byte("GIF89a"), plain...), photo.CodeType},
	} {
		t.Run(name, func(t *testing.T) {
			u, err := inspectBytes(t, photo.New(t.TempDir()), c.bytes)
			if code(err) != c.want || (err == nil) != (c.want == "") {
				t.Errorf("want %q, got %v", c.want, err)
			}
			if err == nil && (u.MIME != "application/pdf" || u.Width != 0) {
				t.Errorf("%+v", u)
			}
		})
	}
}
