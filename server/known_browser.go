package server

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"strings"

	"segnavia/civic"
)

// A browser in which an account has signed in keeps a mark that says so, and that
// nobody else can make. It opens nothing; but what others do at the account, from
// whatever address, never keeps it out. This is OWASP's device cookie
// (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).

// freeInKnown are the wrong passwords that cost a known browser nothing: beyond
// them it waits as a stranger does.
const freeInKnown = 50

// knownCookie is the name of an account's mark; it tells not whose.
func (s *Server) knownCookie(j civic.JurisdictionID, u civic.UserID) string {
	return "known-" + s.Store.BrowserMark(j, u, "name")[:10]
}

// knownBrowser gives the name of the mark that a request brings for an account, ""
// without a good one.
func (s *Server) knownBrowser(j civic.JurisdictionID, u civic.UserID, cookies []*http.Cookie) string {
	if u.IsZero() {
		return ""
	}
	name := s.cookieName(s.knownCookie(j, u))
	for _, c := range cookies {
		nonce, mark, ok := strings.Cut(c.Value, ".")
		if c.Name == name && ok && len(nonce) < 100 &&
			subtle.ConstantTimeCompare([]byte(mark), []byte(s.Store.BrowserMark(j, u, "nonce "+nonce))) == 1 {
			return nonce
		}
	}
	return ""
}

// markBrowser is the mark for a browser in which an account has just signed in.
func (s *Server) markBrowser(j civic.JurisdictionID, u civic.UserID, nonce string) http.Cookie {
	if nonce == "" {
		nonce = rand.Text()
	}
	return *s.cookie(s.knownCookie(j, u), nonce+"."+s.Store.BrowserMark(j, u, "nonce "+nonce), yearSeconds)
}
