package server

import (
	"net/http"

	"segnavia/civic"
	"segnavia/text"
)

// postErase asks the office to take away what it knows of a reporter. Nothing
// goes at once: the request is kept with its deadline, and the office is told in
// the conversation, where it works.
func (s *Server) postErase(w http.ResponseWriter, r *http.Request, rq *request) error {
	report, ok, err := s.mine(w, r, rq)
	if err != nil || !ok {
		return err
	}
	words := s.Words.T(text.Choose(rq.town.Locale, ""), "page.erase.message", nil)
	// The id follows from the report: asked twice, it is said once. It is said
	// before it is kept, since the button is there until it is kept.
	if err := s.say(r, rq, &report, civic.KindMessage, civic.TextArgs{Text: words, Channel: civic.ChannelWeb}, "erasure"); err != nil {
		return err
	}
	// The desk's queue goes by the edit, the reporter's page by the row.
	if err := s.say(r, rq, &report, civic.KindErasure, civic.ErasureArgs{What: "asked"}, "asked"); err != nil {
		return err
	}
	if _, err := s.Store.AskErasure(r.Context(), rq.j(), report.ID, s.Now()); err != nil {
		return err
	}
	return s.done(w, r, &report, "erase.done")
}
