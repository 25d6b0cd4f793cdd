package server

import (
	"context"
	"errors"
	"net/http"

	"segnavia/civic"
	"segnavia/photo"
	"segnavia/text"
	"segnavia/tiles"
)

// problemBody is an answer of RFC 9457, with the code that a program reads and
// the sentence that a person does.
type problemBody struct {
	Status int            `json:"status"`
	Title  string         `json:"title"`
	Detail string         `json:"detail"`
	Code   string         `json:"code"`
	Args   map[string]any `json:"args,omitempty"`
	Errors []problemField `json:"errors,omitempty"`
}

type problemField struct {
	Message  string `json:"message"`
	Location string `json:"location,omitempty"`
}

// Error makes the body an error of the API's framework.
func (p *problemBody) Error() string  { return p.Code }
func (p *problemBody) GetStatus() int { return p.Status }

// ContentType names the media type of a problem.
func (p *problemBody) ContentType(string) string { return "application/problem+json" }

// statusChecksum is tus 1.0.0's own, Checksum: the bytes are not those of their sum.
const statusChecksum = 460

// statusOf is the one place that maps a code to a status.
func statusOf(code string) int {
	switch code {
	case civic.CodeUnknownReport, "not_found":
		return http.StatusNotFound
	case "sign_in", "bad_password", "token", civic.CodeSignedOut:
		return http.StatusUnauthorized
	case civic.CodeForbidden, "cross_site", "bad_pin":
		return http.StatusForbidden
	case civic.CodeIDTaken, "conflict", "upload_offset":
		return http.StatusConflict
	case civic.CodeErased, "upload_expired":
		return http.StatusGone
	case "tus_version":
		return http.StatusPreconditionFailed
	case codeBodyStopped:
		return http.StatusRequestTimeout
	case "checksum":
		return statusChecksum
	case "no_room":
		return http.StatusInsufficientStorage
	case "body_too_large", photo.CodeTooLarge:
		return http.StatusRequestEntityTooLarge
	case photo.CodeType, "upload_type":
		return http.StatusUnsupportedMediaType
	case "too_fast", codePhotosLater, "too_soon", "too_many_tries", "too_many_uploads":
		return http.StatusTooManyRequests
	case "busy", photo.CodeUnavailable:
		return http.StatusServiceUnavailable
	case "internal":
		return http.StatusInternalServerError
	case codeMethod:
		return http.StatusMethodNotAllowed
	case codeLongHead:
		return http.StatusRequestHeaderFieldsTooLarge
	case "bad_request", civic.CodeBadEdit:
		return http.StatusBadRequest
	default:
		return http.StatusUnprocessableEntity
	}
}

// refusal turns any error into what its reader is told. Unknown errors are
// internal: their words are for the log.
func refusal(err error) *civic.Error {
	var photoErr *photo.Error
	var parameter *tiles.ParameterError
	var tooLarge *http.MaxBytesError
	var broken *brokenBody
	switch {
	case err == nil:
		return civic.Refuse("internal")
	case errors.As(err, &photoErr):
		args := make(map[string]any, len(photoErr.Args))
		for k, v := range photoErr.Args {
			args[k] = v
		}
		return &civic.Error{Code: photoErr.Code, Args: args}
	case errors.As(err, &parameter):
		return civic.Refuse("bad_request", "field", parameter.Name, "why", parameter.Reason)
	case errors.As(err, &tooLarge):
		return civic.Refuse("body_too_large")
	case errors.As(err, &broken):
		return civic.Refuse(broken.code())
	case errors.Is(err, civic.ErrNotFound), errors.Is(err, errNoTown):
		return civic.Refuse("not_found")
	case errors.Is(err, civic.ErrBusy), errors.Is(err, context.DeadlineExceeded):
		return civic.Refuse("busy")
	}
	if known, ok := errors.AsType[*civic.Error](err); ok {
		return known
	}
	return civic.Refuse("internal")
}

func (s *Server) problemOf(lang text.Lang, status int, e *civic.Error) *problemBody {
	if status == 0 {
		status = statusOf(e.Code)
	}
	key := s.Words.ErrorKey(lang, e.Code)
	if guess, ok := e.Args["guess"].(string); ok {
		key = "door.place." + guess
	}
	if _, named := e.Args["field"]; named && key == "door.bad_request" {
		key = "door.bad_request.field"
	}
	return &problemBody{
		Status: status, Title: http.StatusText(status), Code: e.Code, Args: e.Args,
		Detail: s.Words.T(lang, key, e.Args),
	}
}

// retryAfter is how many seconds whoever was sent away waits.
const retryAfter = "5"

// fail answers for an error, and logs it when it is ours.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	e := refusal(err)
	s.logFailure(r.Context(), e, err)
	s.problem(w, r, 0, e)
}

func (s *Server) logFailure(ctx context.Context, e *civic.Error, err error) {
	if e.Code == "internal" || e.Code == "busy" {
		s.Logger.ErrorContext(ctx, "request not served", "code", e.Code, "err", err)
	}
}
