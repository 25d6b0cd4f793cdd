package server

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// photoOperation describes the upload of a photo or document, which is read as it comes and
// so is no operation of the framework's.
func photoOperation(api huma.API) {
	registry := api.OpenAPI().Components.Schemas
	op := huma.Operation{
		OperationID: "upload-photo", Method: http.MethodPost, Path: "/api/v1/photos",
		Summary: "Send the bytes of a photo (JPEG of at most 120 megapixels; PNG, WebP, HEIC, AVIF of at most 64) or of a document (PDF); at most 15 MB",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"multipart/form-data": {Schema: &huma.Schema{
				Type:       huma.TypeObject,
				Properties: map[string]*huma.Schema{"file": {Type: huma.TypeString, Format: "binary"}},
				Required:   []string{"file"},
			}},
		}},
		Responses: map[string]*huma.Response{"201": {
			Description: "Kept", Content: map[string]*huma.MediaType{
				"application/json": {Schema: registry.Schema(reflect.TypeFor[photoBody](), true, "Photo")},
			},
		}},
	}
	describe(api, Route{Allow: Anyone}, &op)
	api.OpenAPI().AddOperation(&op)
}
