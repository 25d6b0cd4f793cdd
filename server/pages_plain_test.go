package server_test

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// sentenceEnd ends a sentence: a stop before a blank or at the end. "ore 9." and
// "CAP" are written so that no abbreviation of ours has a stop.
var sentenceEnd = regexp.MustCompile(`[.!?…]+(?:[\s»”"]|$)`)

var (
	unescape = html.UnescapeString
	isLetter = unicode.IsLetter
)

// gulpease is the index of how easily an Italian text is read, from 0 to 100
// (GULP, Università di Roma, 1988): letters, words and sentences are counted.
func gulpease(list []string) (index float64, words int) {
	letters := 0
	for _, sentence := range list {
		for _, word := range strings.FieldsFunc(sentence, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			words++
			for _, r := range word {
				if unicode.IsLetter(r) || unicode.IsDigit(r) {
					letters++
				}
			}
		}
	}
	if words == 0 {
		return 0, 0
	}
	index = 89 + (300*float64(len(list))-10*float64(letters))/float64(words)
	return min(max(index, 0), 100), words
}

// The least that each screen reaches, and the law's own text under a short layer.
const (
	plainScreen = 80
	plainLaw    = 50
)

func TestEveryScreenIsEasyToRead(t *testing.T) {
	for _, one := range newPages(t, asking).screens() {
		index, words := gulpease(sentences(one.body))
		t.Logf("%-22s %5.1f, %d words", one.name, index, words)
		least := float64(plainScreen)
		if one.name == "/privacy" {
			least = plainLaw
		}
		if words >= 100 && index < least {
			t.Errorf("%s: Gulpease %.1f, at least %.0f", one.name, index, least)
		}
	}
}

// TestRunningTextIsEasyToRead leaves out labels and buttons, whose brevity
// flatters: only what is said in whole sentences counts.
func TestRunningTextIsEasyToRead(t *testing.T) {
	paragraphs := regexp.MustCompile(`(?s)<(p|li)\b[^>]*>.*?</(p|li)>`)
	for _, one := range newPages(t, asking).screens() {
		var said []string
		_, main, _ := strings.Cut(one.body, "<main")
		main, _, _ = strings.Cut(main, "</main>")
		for _, part := range paragraphs.FindAllString(unread.ReplaceAllString(main, " "), -1) {
			if text := strings.TrimSpace(unescape(markup.ReplaceAllString(part, " "))); strings.HasSuffix(text, ".") || strings.HasSuffix(text, "?") {
				said = append(said, sentences(part)...)
			}
		}
		index, words := gulpease(said)
		t.Logf("%-22s %5.1f, %d words", one.name, index, words)
		if one.name != "/privacy" && words >= 100 && index < plainScreen {
			t.Errorf("%s: Gulpease of what it says %.1f, at least %d", one.name, index, plainScreen)
		}
	}
}

func TestTheLawStandsUnderAShortLayer(t *testing.T) {
	body := newPages(t).get("/privacy").body
	_, short, ok := strings.Cut(body, `aria-labelledby="short"`)
	if short, _, _ = strings.Cut(short, "</section>"); !ok {
		t.Fatal("no short layer")
	}
	if index, words := gulpease(sentences("<p " + short)); index < plainScreen || words < 20 {
		t.Errorf("the short layer: %.1f in %d words", index, words)
	}
}

func TestGulpeaseCounts(t *testing.T) {
	// 2 sentences, 6 words, 22 letters: 89 + (600 − 220) / 6.
	if index, words := gulpease(sentences("<p>Il cane corre. Il gatto dorme.</p>")); words != 6 || index < 100 {
		t.Errorf("%.2f, %d words", index, words)
	}
	long := "<p>L'amministrazione provvederà tempestivamente all'espletamento delle incombenze procedimentali conseguenti</p>"
	if index, _ := gulpease(sentences(long)); index > 40 {
		t.Errorf("officialese scores %.1f", index)
	}
	if got := sentences(`<h2>Dove?</h2><p>Scrivi la via. Va bene</p><script>a. b.</script><button>Vai</button>`); len(got) != 4 {
		t.Errorf("%q", got)
	}
}
