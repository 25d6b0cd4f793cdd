package server

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"segnavia/civic"
)

// describe tells the document what an operation answers beside its success: each status
// that its route, its body and its own rules can give, all with the same body; and by
// what one shows who one is.
func describe(api huma.API, route Route, op *huma.Operation) {
	op.Security = []map[string][]string{{"session": {}}, {"device": {}}}
	if route.Allow&AllowCitizen != 0 {
		op.Security = append([]map[string][]string{{}}, op.Security...)
	}
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	problem := api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[problemBody](), true, "Problem")
	for _, status := range append(statusesOf(route, op.Method), op.Errors...) {
		op.Responses[strconv.Itoa(status)] = &huma.Response{
			Description: http.StatusText(status),
			Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: problem}},
		}
	}
	op.Errors = nil // else the framework's own body is described
}

// statusesOf are those of errors that the way to an operation gives: a query or a body
// that is not understood, a token that is not good, a town that there is not.
func statusesOf(route Route, method string) []int {
	list := []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusNotFound, http.StatusRequestHeaderFieldsTooLarge,
		http.StatusInternalServerError, http.StatusServiceUnavailable,
	}
	if method != http.MethodGet || route.Allow != Anyone { // another site's page, or a role that may not
		list = append(list, http.StatusForbidden)
	}
	if method != http.MethodGet {
		list = append(list, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
			http.StatusUnprocessableEntity, http.StatusTooManyRequests)
	}
	return list
}

// finish is what the document says of itself, and without the framework's own errors,
// which nobody is answered with.
func finish(api huma.API) {
	document := api.OpenAPI()
	document.Servers = []*huma.Server{{URL: "/", Description: "The town's own host"}}
	schemas := document.Components.Schemas.Map()
	delete(schemas, "ErrorModel")
	delete(schemas, "ErrorDetail")
	edits(document)
}

// edits describes the body of /api/v1/edits, which is read edit by edit: one that
// cannot be read refuses no other.
func edits(document *huma.OpenAPI) {
	id := func(doc string) *huma.Schema {
		return &huma.Schema{Type: huma.TypeString, Format: "uuid", Description: doc}
	}
	kinds := civic.Kinds()
	slices.Sort(kinds)
	named := make([]any, len(kinds))
	for i, k := range kinds {
		named[i] = string(k)
	}
	zero := 0.0
	document.Components.Schemas.Map()["Edit"] = &huma.Schema{
		Type: huma.TypeObject, Required: []string{"id", "report", "kind"}, AdditionalProperties: true,
		Description: "One change of a report, as the sync's push frame has it",
		Properties: map[string]*huma.Schema{
			"id":       id("Minted where the edit is born (UUIDv7): sending twice changes once"),
			"report":   id("The report that it changes"),
			"base_rev": {Type: huma.TypeInteger, Format: "int64", Minimum: &zero, Description: "The rev of the report that its author saw"},
			"kind":     {Type: huma.TypeString, Enum: named},
			"args":     {Type: huma.TypeObject, AdditionalProperties: true, Description: "The arguments of its kind"},
			"at":       {Type: huma.TypeString, Format: "date-time", Description: "When the work was done, by its author's clock"},
			"epoch":    {Type: huma.TypeString, Description: "The epoch in which base_rev was received"},
		},
	}
	one := &huma.Schema{Ref: "#/components/schemas/Edit"}
	most, least := maxEdits, 1
	document.Paths["/api/v1/edits"].Post.RequestBody.Content = map[string]*huma.MediaType{"application/json": {
		Schema: &huma.Schema{OneOf: []*huma.Schema{one, {Type: huma.TypeArray, Items: one, MinItems: &least, MaxItems: &most}}},
	}}
}
