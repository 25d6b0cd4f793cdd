package server_test

import (
	"net/http"
	"testing"

	"segnavia/civic"
)

// A reason that the program gave is read in its reader's language, whatever the
// language of whoever pressed the button.
func TestAReasonOfTheProgramsIsReadInTheReadersLanguage(t *testing.T) {
	p := newPages(t)
	r, _ := p.report(hole, nil)
	p.apply("operator", r.ID, civic.KindAssign, civic.AssignArgs{Team: p.town.Teams[0].ID})
	p.apply("operator", r.ID, civic.KindTransition, civic.TransitionArgs{To: civic.StatusResolved, Reason: civic.ReasonConfirmed})
	for lang, sentence := range map[string]string{"it": "Confermato dall&#39;ufficio", "en": "Confirmed by the office"} {
		a := p.get("/r/" + string(r.Code) + "?lang=" + lang)
		p.want(a, http.StatusOK, sentence)
		p.lacks(a, civic.ReasonConfirmed)
	}
}
