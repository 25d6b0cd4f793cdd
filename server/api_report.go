package server

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"segnavia/civic"
)

type createInput struct {
	Body struct {
		ID          civic.ReportID `json:"id" doc:"Minted where the report is born (UUIDv7, or 4): sending twice makes one report"`
		Nonce       string         `json:"nonce,omitempty" maxLength:"100" doc:"Born with the report and kept with it: 16 to 64 random bytes, base64url. Sent again with the same nonce the report gets its receipt again; without it nobody does"`
		Service     string         `json:"service" doc:"A service's code or id" maxLength:"60"`
		Title       string         `json:"title,omitempty"`
		Description string         `json:"description,omitempty"`
		Lon         *float64       `json:"lon,omitempty"`
		Lat         *float64       `json:"lat,omitempty"`
		Address     string         `json:"address,omitempty"`
		Channel     civic.Channel  `json:"channel,omitempty" doc:"Staff only: how the report came"`
		Hazard      bool           `json:"hazard,omitempty"`
		Contact     civic.Contact  `json:"contact,omitzero"`
		Photos      []string       `json:"photos,omitempty" maxItems:"10" doc:"The ref of each photo sent before to /api/v1/photos"`
	}
}

// createOutput is a createdBody with 201, or a knownBody with 200.
type createOutput struct {
	Status   int
	Location string `header:"Location"`
	Body     any
}

// knownBody says that the same report has arrived before, to whoever did not show
// that they sent it.
type knownBody struct {
	Known  bool   `json:"known"`
	Detail string `json:"detail" doc:"The same for people"`
}

type createdBody struct {
	ID     civic.ReportID `json:"id"`
	Code   civic.Code     `json:"code"`
	Spoken string         `json:"spoken" doc:"The code as it is read aloud"`
	PIN    string         `json:"pin"`
	URL    string         `json:"url" doc:"The secret link: whoever has it speaks for the reporter"`
	Rev    int64          `json:"rev"`
}

type reportInput struct {
	ID string `path:"id" maxLength:"36"`
}

// reportBody is a case as whoever asks may see it: Public for anybody, Work for
// the people on site, the rest for the office.
type reportBody struct {
	Work   json.RawMessage         `json:"work,omitempty"`
	Public *civic.PublicReport     `json:"public,omitempty"`
	Report *civic.Report           `json:"report,omitempty"`
	Texts  map[civic.EditID]string `json:"texts,omitempty"`
	// Reporter is told with a confidential case, whose body in the desk's scope has none.
	Reporter json.RawMessage `json:"reporter,omitempty"`
	History  []civic.Event   `json:"history,omitempty"`
}

type listInput struct {
	Status  string `query:"status" maxLength:"20"`
	Service string `query:"service" maxLength:"60"`
	Area    string `query:"area" maxLength:"36"`
	Before  string `query:"before" maxLength:"80" doc:"The next of the page before: the code of its last report"`
	Limit   int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type listBody struct {
	Reports []civic.PublicReport `json:"reports"`
	Next    string               `json:"next,omitempty"`
}

func (s *Server) reportAPI(api huma.API) {
	operation(s, api, Route{Allow: Anyone}, huma.Operation{
		OperationID: "create-report", Method: http.MethodPost, Path: "/api/v1/reports",
		Summary: "Report something", DefaultStatus: http.StatusCreated, Responses: createResponses(api),
		Errors: []int{http.StatusConflict, http.StatusGone},
	}, s.createReport)
	operation(s, api, Route{Allow: Anyone}, huma.Operation{
		OperationID: "list-reports", Method: http.MethodGet, Path: "/api/v1/reports", Summary: "Public reports, newest first",
	}, s.listReports)
	operation(s, api, Route{Allow: Anyone, Own: true}, huma.Operation{
		OperationID: "get-report", Method: http.MethodGet, Path: "/api/v1/reports/{id}", Summary: "A report by its id or its code",
		Errors: []int{http.StatusTooManyRequests},
	}, s.getReport)
}

// createResponses describes the two answers to a report.
func createResponses(api huma.API) map[string]*huma.Response {
	registry := api.OpenAPI().Components.Schemas
	one := func(description string, body reflect.Type) *huma.Response {
		return &huma.Response{Description: description, Content: map[string]*huma.MediaType{
			"application/json": {Schema: registry.Schema(body, true, "")},
		}}
	}
	return map[string]*huma.Response{
		"200": one("The same report has arrived before, and this call does not show its nonce", reflect.TypeFor[knownBody]()),
		"201": one("Created", reflect.TypeFor[createdBody]()),
	}
}

func (s *Server) createReport(ctx context.Context, rq *request, in *createInput) (*createOutput, error) {
	b := in.Body
	if b.ID.Reserved() {
		return nil, civic.Refuse(civic.CodeBadEdit, "field", "id", "why", "reserved")
	}
	nonce, err := civic.ParseNonce(b.Nonce)
	if err != nil {
		return nil, err
	}
	args := civic.CreateArgs{
		Service: b.Service, Title: b.Title, Description: b.Description, Lon: b.Lon, Lat: b.Lat, Address: b.Address,
		Hazard: b.Hazard, Contact: b.Contact, Channel: civic.ChannelApp,
	}
	if rq.signedIn() {
		args.Channel = civic.ChannelStaff
		if b.Channel.Valid() {
			args.Channel = b.Channel
		}
	}
	report := newReport{ID: b.ID, Nonce: nonce, Args: args}
	for _, ref := range b.Photos {
		stored, err := s.referred(ctx, rq, ref)
		if refusal(err).Code == "not_found" {
			err = civic.Refuse(civic.CodeUnknownValue, "field", "photos")
		}
		if err != nil {
			return nil, err
		}
		report.Photos = append(report.Photos, civic.AttachArgs{
			SHA256: stored.SHA256, Bytes: stored.Bytes, Mime: stored.Mime, Stage: civic.StageReport,
		})
	}
	receipt, answer, err := s.ingest(ctx, rq, report)
	if civic.CodeOf(err) == codeKnown {
		return &createOutput{Status: http.StatusOK, Body: knownBody{true, s.problemOf(rq.lang, 0, refusal(err)).Detail}}, nil
	}
	if err != nil {
		return nil, err
	}
	path := "/r/" + string(receipt.Code)
	link := rq.origin + path
	if receipt.Secret != "" {
		link += "?k=" + receipt.Secret
	}
	return &createOutput{Status: http.StatusCreated, Location: path, Body: createdBody{
		ID: b.ID, Code: receipt.Code, Spoken: receipt.Code.Spoken(), PIN: receipt.PIN, URL: link, Rev: answer.Rev,
	}}, nil
}

func (s *Server) getReport(ctx context.Context, rq *request, in *reportInput) (*struct{ Body reportBody }, error) {
	if err := s.codeAsked(rq, in.ID); err != nil {
		return nil, err
	}
	r, err := s.findReport(ctx, rq, in.ID)
	if err != nil {
		return nil, err
	}
	if !s.mayRead(rq, &r) {
		p, err := s.public(ctx, rq, &r)
		if err != nil {
			return nil, err
		}
		return &struct{ Body reportBody }{reportBody{Public: &p}}, nil
	}
	if rq.actor.Field() && !s.Open {
		body, err := s.work(ctx, rq, &r)
		return &struct{ Body reportBody }{body}, err
	}
	body := reportBody{Report: &r}
	if err := s.look(ctx, rq, &r); err != nil {
		return nil, err
	}
	if r.Confidential && rq.signedIn() {
		if body.Reporter, err = s.Store.Reporter(ctx, rq.j(), r.ID); err != nil {
			return nil, err
		}
	}
	if p, err := s.public(ctx, rq, &r); err == nil {
		body.Public = &p
	}
	if body.Texts, err = s.Store.Texts(ctx, rq.j(), r.ID); err != nil {
		return nil, err
	}
	if body.History, err = s.Store.History(ctx, rq.j(), r.ID); err != nil {
		return nil, err
	}
	return &struct{ Body reportBody }{body}, nil
}

// work is a case as the people on site see it: the body of their own scope, with
// the texts of its notes. The conversation and the history are the office's.
func (s *Server) work(ctx context.Context, rq *request, r *civic.Report) (reportBody, error) {
	texts, err := s.Store.Texts(ctx, rq.j(), r.ID)
	if err != nil {
		return reportBody{}, err
	}
	body := reportBody{Work: civic.Project(civic.ScopeTeam, r), Texts: make(map[civic.EditID]string, len(r.Notes))}
	for id := range r.Notes {
		body.Texts[id] = texts[id]
	}
	return body, nil
}

// shown reports whether anybody may see something of a case.
func (s *Server) shown(rq *request, r *civic.Report) bool {
	_, ok := civic.Public(r, s.service(rq, r.Service), "", time.UTC)
	return ok
}

// codeAsked counts one code that somebody without a name asks about, at whatever door:
// the least of them would be the one to try many at. An id is not to be guessed.
func (s *Server) codeAsked(rq *request, name string) error {
	_, err := civic.ParseID[civic.Report](name)
	if err == nil || rq.signedIn() || s.limits.allow(limitSearch, rq.place) {
		return nil
	}
	return civic.Refuse("too_fast")
}

// findReport reads a case by its id or by its code.
func (s *Server) findReport(ctx context.Context, rq *request, name string) (civic.Report, error) {
	if id, err := civic.ParseID[civic.Report](name); err == nil {
		return s.Store.Report(ctx, rq.j(), id)
	}
	code, err := civic.ParseCode(name)
	if err != nil {
		return civic.Report{}, civic.ErrNotFound
	}
	return s.Store.ReportByCode(ctx, rq.j(), code)
}

// mayRead reports whether whoever asks sees the whole case: the office, and the
// team or the person whose work it is.
func (s *Server) mayRead(rq *request, r *civic.Report) bool {
	return s.Open || rq.actor.Reads(r)
}

// look notes that somebody of the town hall opens a case, where it is confidential.
func (s *Server) look(ctx context.Context, rq *request, r *civic.Report) error {
	if !r.Confidential || !rq.signedIn() {
		return nil
	}
	return s.Store.Looked(ctx, rq.j(), rq.actor.User, r.ID)
}

// public is what anybody may see of a case, with its words joined.
func (s *Server) public(ctx context.Context, rq *request, r *civic.Report) (civic.PublicReport, error) {
	p, ok := civic.Public(r, s.service(rq, r.Service), s.areaName(rq, r.Area), s.zone(rq))
	if !ok {
		return p, civic.ErrNotFound
	}
	if len(p.Messages) == 0 {
		return p, nil
	}
	texts, err := s.Store.Texts(ctx, rq.j(), r.ID)
	for i := range p.Messages {
		p.Messages[i].Text = texts[civic.EditID(p.Messages[i].ID)]
	}
	return p, err
}

func (s *Server) service(rq *request, id civic.ServiceID) civic.Service {
	for _, service := range rq.town.Services {
		if service.ID == id {
			return service
		}
	}
	return civic.Service{}
}

func (s *Server) areaName(rq *request, id civic.AreaID) string {
	for _, a := range rq.town.Areas {
		if a.ID == id && !a.Outside {
			return a.Name
		}
	}
	return ""
}

func (s *Server) zone(rq *request) *time.Location {
	loc, err := time.LoadLocation(rq.town.Zone)
	if err != nil {
		return time.UTC
	}
	return loc
}
