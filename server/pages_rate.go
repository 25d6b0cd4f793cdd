package server

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"segnavia/civic"
)

// rateView is the official question about the service, and the one behind it.
type rateView struct {
	Score   int
	Scores  []optionView
	Good    bool
	Answers []optionView
	Told    bool // the second question is answered too
	Thanks  bool // the page shows the receipt, and goes on showing it
}

func (s *Server) rateView(rq *request, report *civic.Report, thanks bool) *rateView {
	v := &rateView{Thanks: thanks}
	var chosen []string
	if r := report.Rating; r != nil {
		v.Score, chosen, v.Told = r.Score, r.Answers, len(r.Answers) > 0 || !r.Text.IsZero()
	}
	for n := 1; n <= 5; n++ {
		score := strconv.Itoa(n)
		v.Scores = append(v.Scores, optionView{score, s.Words.T(rq.lang, "page.rate."+score, nil), n == v.Score})
	}
	if v.Score == 0 {
		return v
	}
	kind := "hard"
	if v.Good = v.Score > 3; v.Good {
		kind = "good"
	}
	for _, a := range civic.AnswersTo(v.Score) {
		v.Answers = append(v.Answers, optionView{a, s.Words.T(rq.lang, "page.rate."+kind+"."+a, nil), slices.Contains(chosen, a)})
	}
	return v
}

// postRate keeps how easy it was: a score at one tap, then what was good or hard.
func (s *Server) postRate(w http.ResponseWriter, r *http.Request, rq *request) error {
	report, ok, err := s.mine(w, r, rq)
	if err != nil || !ok {
		return err
	}
	f, err := s.readForm(w, r, rq, 0, true)
	if err != nil {
		return err
	}
	score, _ := strconv.Atoi(f.text("score"))
	args := civic.RateArgs{Score: score, Answers: f.Values["answer"], Text: f.text("text")}
	once := strings.Join(append([]string{f.Get("rev"), f.text("score"), args.Text}, args.Answers...), ":")
	if err := s.say(r, rq, &report, civic.KindRate, args, once); err != nil {
		if err = s.noteRefusal(rq, f, "rate", err); err != nil {
			return err
		}
		return s.showCase(w, r, rq, http.StatusUnprocessableEntity, &report, true, caseView{Errors: f.errors})
	}
	q := url.Values{}
	if f.text("thanks") != "" {
		q.Set("thanks", "1")
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, "/r/"+string(report.Code)+"?"+q.Encode()+"#rate", http.StatusSeeOther)
	return nil
}
