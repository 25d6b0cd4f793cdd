package civic

import "errors"

// Error is a refusal that a person will read: Code names the sentence in the
// catalogue and Args fill it. It is also what a program branches on.
type Error struct {
	Code string         `json:"code"`
	Args map[string]any `json:"args,omitempty"`
}

// Error gives the code; the sentence is the reader's language's affair.
func (e *Error) Error() string { return e.Code }

// Refuse makes an Error from a code and pairs of name and value.
func Refuse(code string, pairs ...any) *Error {
	e := &Error{Code: code}
	for i := 0; i+1 < len(pairs); i += 2 {
		if e.Args == nil {
			e.Args = make(map[string]any, len(pairs)/2)
		}
		e.Args[pairs[i].(string)] = pairs[i+1]
	}
	return e
}

// ErrNotFound says that there is no such thing, or none that may be seen.
var ErrNotFound = errors.New("not found")

// ErrBadToken says that a token is none of ours, or ended too long ago.
var ErrBadToken = errors.New("bad token")

// ErrBusy says that the work could not be taken now: nothing was changed, and
// the same request may be sent again.
var ErrBusy = errors.New("busy")

// CodeOf is the code of a civic error in the chain, or "".
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// The codes that programs branch on. The catalogue holds a sentence for each.
const (
	CodeBadEdit       = "bad_edit"
	CodeUnknownEdit   = "unknown_edit"
	CodeUnknownReport = "unknown_report"
	CodeIDTaken       = "id_taken"
	CodeSignedOut     = "signed_out"
	CodeForbidden     = "forbidden"
	CodeConfidential  = "confidential" // stays with its desk
	CodeIllegalStep   = "illegal_step"
	CodeProofWanted   = "proof_wanted"
	CodeReasonWanted  = "reason_wanted"
	CodeTooLate       = "too_late"
	CodeContactWanted = "contact_wanted"
	CodeMissing       = "missing"
	CodeTooLong       = "too_long"
	CodeInvalid       = "invalid"
	CodeUnknownValue  = "unknown_value"
	CodeStale         = "stale"
	CodeLimit         = "limit"
	CodeOutsideTown   = "outside_town"
	CodeErased        = "erased"
	CodeChecklist     = "checklist_first"
	CodeDecideFirst   = "decide_first"
	CodeAlreadyDone   = "already_done"
)
