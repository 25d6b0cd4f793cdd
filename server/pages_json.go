package server

import (
	"encoding/json"
	"net/http"
	"strings"

	"segnavia/civic"
)

// wantsJSON tells the form's own script, and the worker that sends what waited
// for the network, from a browser that shows pages.
func wantsJSON(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return strings.Contains(accept, "application/json") && !strings.Contains(accept, "text/html")
}

// sentBody answers a script whose report has arrived. The secret goes into the
// cookie alone: a script keeps no key to anything.
type sentBody struct {
	Code   civic.Code `json:"code"`
	Spoken string     `json:"spoken"`
}

type formBody struct {
	Errors []fieldWrong `json:"errors"`
}

type fieldWrong struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// formJSON says what is to be corrected in a form.
func (s *Server) formJSON(w http.ResponseWriter, status int, f *form) error {
	body := formBody{Errors: make([]fieldWrong, len(f.errors))}
	for i, e := range f.errors {
		body.Errors[i] = fieldWrong{e.Field, e.Message}
	}
	return writeJSON(w, status, body)
}

func writeJSON(w http.ResponseWriter, status int, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(raw) // a reader that has gone
	return nil
}
