package server

import (
	"strconv"
	"strings"

	"segnavia/civic"
	"segnavia/text"
)

type photoView struct {
	Small, Large, Alt string
	W, H              int
}

// documentView is a document that its reader may save. It has no name of its own:
// what a file was called on somebody's computer may say who they are.
type documentView struct {
	Path, Label string
}

// fillPhotos shows reporters their own photos and documents and those of the
// finished work, and says which of theirs cannot be used, and why.
func (s *Server) fillPhotos(rq *request, report *civic.Report, v *caseView) {
	for _, hash := range civic.InOrder(report.Photos) {
		p := report.Photos[hash]
		if !reportersOwn(&p) && !p.Public {
			continue
		}
		covered := civic.CoverOf(p.Boxes) == p.Cover
		switch {
		case p.State == civic.PhotoReady && p.Document():
			v.Documents = append(v.Documents, s.documentView(rq, report.Code, hash, &p, len(v.Documents)+1))
		case p.State == civic.PhotoReady && covered:
			v.Photos = append(v.Photos, s.photoView(rq, report.Code, civic.PublicPhoto{
				ID: hash.PublicID(), Stage: p.Stage, W: p.W, H: p.H, Cover: p.Cover,
			}))
		case p.State == civic.PhotoRejected && p.From == civic.RoleCitizen && p.Code != "":
			v.Unusable = append(v.Unusable, s.problemOf(rq.lang, 0, civic.Refuse(p.Code)).Detail)
		case p.State != civic.PhotoRejected && p.Document():
			v.DocumentsWaiting++
		case p.State != civic.PhotoRejected:
			v.PhotosWaiting++
		}
	}
}

func (s *Server) photoView(rq *request, code civic.Code, p civic.PublicPhoto) photoView {
	return photoView{
		Small: mediaPath(code, p.ID, "320", p.Cover), Large: mediaPath(code, p.ID, "1280", p.Cover), W: p.W, H: p.H,
		Alt: s.Words.T(rq.lang, "page.case.photo."+p.Stage, nil),
	}
}

func (s *Server) documentView(rq *request, code civic.Code, hash civic.SHA256, p *civic.Photo, n int) documentView {
	key := "page.case.document"
	if p.Stage != civic.StageReport {
		key += ".office"
	}
	size := "PDF"
	if p.Bytes > 0 {
		size += ", " + sizeInWords(rq.lang, p.Bytes)
	}
	return documentView{
		Path:  "/media/reports/" + string(code) + "/" + hash.PublicID() + "/document.pdf",
		Label: s.Words.T(rq.lang, key, text.Args{"n": n, "size": size}),
	}
}

// sizeInWords is how much a file weighs, to two figures: "340 kB", "1,2 MB".
func sizeInWords(lang text.Lang, n int64) string {
	if n < 1_000_000 {
		return strconv.FormatInt(max(1, (n+500)/1000), 10) + " kB"
	}
	size := strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64)
	if lang == text.Italian {
		size = strings.Replace(size, ".", ",", 1)
	}
	return size + " MB"
}

func mediaPath(code civic.Code, id, size, cover string) string {
	if cover != "" {
		size += "-" + cover
	}
	return "/media/reports/" + string(code) + "/" + id + "/" + size + ".jpg"
}
