package server

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"segnavia/civic"
)

// maxJSON bounds a JSON body: a hundred edits of 32 KiB would be a push.
const maxJSON = 1 << 20

// newAPI starts the API's document. Its pages load no foreign script: the
// document itself is served, and nothing more.
func (s *Server) newAPI() huma.API {
	config := huma.DefaultConfig("Segnavia", "1")
	config.Info.Description = "Reports of a town: pin, follow, answer, resolve. Sentences are in the language of lang " +
		"(it, en), which every call takes, else of Accept-Language."
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil
	config.Transformers = []huma.Transformer{s.transformProblem}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: s.cookieName(sessionCookie), Description: "Of somebody of the town hall who has signed in with a browser"},
		"device":  {Type: "http", Scheme: "bearer", Description: "The token of a device, which ends after minutes"},
	}
	return humago.New(apiMux{s}, config)
}

// apiMux gives the API's operations to the router, with the access that their
// metadata hold.
type apiMux struct{ s *Server }

func (apiMux) ServeHTTP(http.ResponseWriter, *http.Request) {
	panic("server: the API has no listener of its own")
}

func (m apiMux) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	m.s.handle(m.s.pending(pattern), maxJSON, func(w http.ResponseWriter, r *http.Request, rq *request) {
		if err := readAhead(r); err != nil {
			m.s.fail(w, r, err)
			return
		}
		h(w, r.WithContext(withRequest(r.Context(), rq)))
	})
}

// readAhead brings a body of JSON here before its reader begins: what is wrong with
// its sending is another thing than what is wrong with its words.
func readAhead(r *http.Request) error {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	raw, err := io.ReadAll(r.Body) // bounded by maxJSON
	r.Body = io.NopCloser(bytes.NewReader(raw))
	return err
}

// pending is the route that operation is registering at this moment.
func (s *Server) pending(pattern string) Route {
	route := s.registering
	route.Pattern = pattern
	return route
}

// operation registers one operation of the API. Its Errors are the statuses that it
// gives of its own (see describe).
func operation[I, O any](s *Server, api huma.API, route Route, op huma.Operation, h func(context.Context, *request, *I) (*O, error)) {
	s.registering = route
	if op.DefaultStatus == 0 {
		op.DefaultStatus = http.StatusOK
	}
	op.MaxBodyBytes = maxJSON
	op.Middlewares = append(op.Middlewares, s.understood(api))
	describe(api, route, &op)
	huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
		rq := requestOf(ctx)
		out, err := h(ctx, rq, in)
		if err != nil {
			e := refusal(err)
			s.logFailure(ctx, e, err)
			return nil, comeBack(s.problemOf(rq.lang, 0, e), retryOf(e))
		}
		return out, nil
	})
}

// comeBack says when to ask again, where asking again helps.
func comeBack(p *problemBody, seconds string) error {
	if p.Status != http.StatusServiceUnavailable && p.Status != http.StatusTooManyRequests {
		return p
	}
	return huma.ErrorWithHeaders(p, http.Header{"Retry-After": {seconds}})
}

// transformProblem gives the framework's own errors (a body that does not fit
// its schema) the shape and the language of ours.
func (s *Server) transformProblem(ctx huma.Context, _ string, v any) (any, error) {
	model, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	code := "bad_request"
	switch model.Status {
	case http.StatusUnprocessableEntity:
		code = civic.CodeInvalid
	case http.StatusRequestEntityTooLarge:
		code = "body_too_large"
	}
	p := s.problemOf(requestOf(ctx.Context()).lang, model.Status, civic.Refuse(code))
	for _, detail := range model.Errors {
		p.Errors = append(p.Errors, problemField{Message: detail.Message, Location: detail.Location})
	}
	return p, nil
}

// refused turns a refused answer into an error.
func refused(a civic.Answer) error {
	if a.Status != civic.Refused {
		return nil
	}
	return &civic.Error{Code: a.Code, Args: a.Args}
}
