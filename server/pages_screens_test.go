package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"segnavia/civic"
)

// screen is one page as a person sees it.
type screen struct{ name, body string }

// screens are all the citizens' pages, in the states in which they have most to
// say: empty and full, right and wrong, a stranger's and the reporter's own.
func (p *pages) screens() []screen {
	p.t.Helper()
	var list []screen
	add := func(name string, a answer, status int) {
		p.t.Helper()
		p.want(a, status)
		list = append(list, screen{name, a.body})
	}
	add("home, empty", p.get("/"), http.StatusOK)
	add("list, empty", p.get("/reports"), http.StatusOK)
	add("report", p.get("/report"), http.StatusOK)
	add("report, all wrong", p.send("/report", url.Values{"prefers": {"letter"}, "deaf": {"yes"}, "email": {"x"}}, nil), http.StatusUnprocessableEntity)
	add("report, a step", p.send("/report", hole, nil), http.StatusOK)
	add("help", p.get("/report?kind=assistance"), http.StatusOK)
	add("help, all wrong", p.send("/report", url.Values{"kind": {"assistance"}}, nil), http.StatusUnprocessableEntity)
	r, thanks := p.report(changed(hole, "asked", "pothole", "attribute[size]", "plate", "hazard", "yes"), nil)
	page := "/r/" + string(r.Code)
	add("thanks", thanks, http.StatusOK)
	add("thanks, rated", p.post(page+"/rate", url.Values{"score": {"2"}, "thanks": {"1"}}), http.StatusOK)
	add("own, new", p.get(page), http.StatusOK)
	p.apply("operator", r.ID, civic.KindReply, civic.TextArgs{Text: "Passiamo domani mattina.", Public: true})
	p.apply("crew", r.ID, civic.KindTransition, civic.TransitionArgs{To: civic.StatusInProgress})
	add("list", p.get("/reports"), http.StatusOK)
	p.forget()
	add("somebody's", p.get(page), http.StatusOK)
	add("somebody's, followed", p.post(page+"/follow", nil), http.StatusOK)
	add("news of an area", p.get("/subscriptions"), http.StatusOK)
	for _, fixed := range []string{"/drafts", "/privacy", "/accessibility", "/service-levels"} {
		add(fixed, p.get(fixed), http.StatusOK)
	}
	add("wrong code", p.get("/r?code=x"), http.StatusUnprocessableEntity)
	add("nothing there", p.get("/nowhere"), http.StatusNotFound)
	return list
}

var (
	unread   = regexp.MustCompile(`(?s)<(script|style|svg|template|select)\b.*?</(script|style|svg|template|select)>|<head>.*?</head>`)
	blockEnd = regexp.MustCompile(`</?(p|li|h[1-6]|dt|dd|dl|ul|ol|label|button|summary|legend|fieldset|div|section|header|footer|nav|td|th|tr|caption|form|details|small|b)\b[^>]*>`)
	markup   = regexp.MustCompile(`<[^>]*>`)
)

// sentences are what a page says, a string each. A heading, a label and a button
// end a sentence as a full stop does.
func sentences(body string) []string {
	body = unread.ReplaceAllString(body, " ")
	body = blockEnd.ReplaceAllString(body, "\n")
	body = markup.ReplaceAllString(body, " ")
	var list []string
	for _, block := range strings.Split(unescape(body), "\n") {
		for _, one := range sentenceEnd.Split(block, -1) {
			if one = strings.TrimSpace(one); strings.ContainsFunc(one, isLetter) {
				list = append(list, one)
			}
		}
	}
	return list
}
