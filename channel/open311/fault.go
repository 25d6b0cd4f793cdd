package open311

import (
	"errors"
	"net/http"
	"strings"

	"segnavia/civic"
	words "segnavia/text"
)

// fault is one thing wrong with a call: the key of its sentence, what fills it,
// and the status, which is 404 for what does not exist, 403 for the key, and 400
// for all else (GeoReport v2, errors). 429, 500 and 503 are the transport's.
type fault struct {
	status int
	key    string
	args   words.Args
}

func (f *fault) Error() string { return f.key }

// faults are several, answered together.
type faults []*fault

func (list faults) Error() string { return list[0].key }

func bad(key string, pairs ...any) *fault { return &fault{http.StatusBadRequest, key, fill(pairs)} }
func unknown(key string, pairs ...any) *fault {
	return &fault{http.StatusNotFound, key, fill(pairs)}
}
func forbidden(key string) *fault { return &fault{http.StatusForbidden, key, nil} }

func fill(pairs []any) words.Args {
	args := make(words.Args, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return args
}

// faultsOf turns any error into what the caller is told. ours says that the
// error is for the log: the caller can do nothing about it.
func faultsOf(err error) (list faults, ours bool) {
	var one *fault
	var many faults
	var known *civic.Error
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &many):
		return many, false
	case errors.As(err, &one):
		return faults{one}, false
	case errors.As(err, &tooLarge):
		return faults{bad("open311.error.body")}, false
	case errors.Is(err, civic.ErrBusy):
		return faults{{http.StatusServiceUnavailable, "error.busy", nil}}, true
	case errors.Is(err, civic.ErrNotFound):
		return faults{unknown("open311.error.not_found")}, false
	case errors.As(err, &known):
		return faults{refusal(known)}, known.Code == "internal"
	default:
		return faults{{http.StatusInternalServerError, "error.internal", nil}}, true
	}
}

// refusal is what the rules did not take, with the name of the parameter.
func refusal(e *civic.Error) *fault {
	f := &fault{http.StatusBadRequest, "error." + e.Code, words.Args{}}
	for k, v := range e.Args {
		f.args[k] = v
	}
	field, _ := e.Args["field"].(string)
	if guess, ok := e.Args["guess"].(string); ok {
		f.key = "door.place." + guess
		return f
	}
	switch e.Code {
	case civic.CodeMissing, civic.CodeInvalid, civic.CodeUnknownValue, civic.CodeTooLong, civic.CodeLimit:
		if field != "" {
			f.key = "open311.error." + e.Code
		}
	case civic.CodeUnknownReport:
		f.status, f.key = http.StatusNotFound, "open311.error.not_found"
	case "too_fast":
		f.status = http.StatusTooManyRequests
	case "internal":
		f.status = http.StatusInternalServerError
	case "busy", "photo_unavailable":
		f.status = http.StatusServiceUnavailable
	}
	return f
}

// sentence is the key of what is said: a code of the rules or of a door has its own.
func (f *fault) sentence(c *words.Catalogue, lang words.Lang) string {
	if code, ours := strings.CutPrefix(f.key, "error."); ours {
		return c.ErrorKey(lang, code)
	}
	return f.key
}

// answer writes the faults in a language.
func (list faults) node(c *words.Catalogue, lang words.Lang) node {
	items := make([]node, len(list))
	for i, f := range list {
		items[i] = group("error", whole("code", f.status), text("description", c.T(lang, f.sentence(c, lang), f.args)))
	}
	return node{name: "errors", kind: kindList, kids: items}
}
