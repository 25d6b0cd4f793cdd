package server

import (
	"math"
	"net/url"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"segnavia/civic"
)

// understood answers 400 where a call's query says anything that its operation does
// not understand: a name that it has not, a name twice, a value out of its bounds. A
// filter with a slip in it would else answer more than was asked for. An empty
// parameter is an absent one, as at every door.
func (s *Server) understood(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if e := misread(api.OpenAPI().Components.Schemas, ctx.Operation().Parameters, ctx.URL()); e != nil {
			r, w := humago.Unwrap(ctx)
			s.problem(w, r, 0, e)
			return
		}
		next(ctx)
	}
}

// badParameter says that a parameter of a query is not understood, and why, in a word
// for programs.
func badParameter(name, why string) *civic.Error {
	return civic.Refuse("bad_request", "field", name, "why", why)
}

// misread is what of a query is not understood, if anything.
func misread(schemas huma.Registry, known []*huma.Param, u url.URL) *civic.Error {
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return badParameter("query", "not_a_query")
	}
	for name, values := range query {
		i := slices.IndexFunc(known, func(p *huma.Param) bool { return p.In == "query" && p.Name == name })
		switch {
		case name == langParameter:
		case i < 0:
			return badParameter(name, "unknown_name")
		case len(values) > 1:
			return badParameter(name, "repeated")
		case values[0] != "" && !fits(schemas, known[i].Schema, values[0]):
			return badParameter(name, "not_a_value")
		}
	}
	for _, p := range known {
		if p.In == "query" && p.Required && query.Get(p.Name) == "" {
			return badParameter(p.Name, "missing")
		}
	}
	return nil
}

// langParameter chooses the language of sentences, at every door.
const langParameter = "lang"

// fits reports whether a value is one of its schema.
func fits(schemas huma.Registry, schema *huma.Schema, value string) bool {
	var v any = value
	switch schema.Type {
	case huma.TypeInteger:
		n, err := strconv.ParseInt(value, 10, 64)
		if v = n; err != nil {
			return false
		}
	case huma.TypeNumber:
		f, err := strconv.ParseFloat(value, 64)
		if v = f; err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return false
		}
	}
	var found huma.ValidateResult
	huma.Validate(schemas, schema, huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, v, &found)
	return len(found.Errors) == 0
}
