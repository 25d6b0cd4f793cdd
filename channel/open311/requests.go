package open311

import (
	"net/http"
	"time"

	"segnavia/civic"
)

// ListRequests lists public reports: those of service_request_id, which overrides all
// else, or those of a query.
func ListRequests(c *call) (int, node, error) {
	reports, err := c.chosen()
	if err != nil {
		return 0, node{}, err
	}
	return c.requestsAnswer(reports, false)
}

// GetRequest tells one report. A program that shows its key is told of what it made
// even where the public sees nothing.
func GetRequest(c *call) (int, node, error) {
	if c.params.get("api_key") != "" {
		if err := c.identify(c.params.get("api_key")); err != nil {
			return 0, node{}, err
		}
	}
	code, err := civic.ParseCode(c.name(c.r.PathValue("name")))
	if err != nil {
		return 0, node{}, unknown("open311.error.not_found")
	}
	reports, err := c.Store.ReportsByCode(c.r.Context(), c.Town.ID, []civic.Code{code})
	if err != nil {
		return 0, node{}, err
	}
	return c.requestsAnswer(reports, true)
}

// requestsAnswer writes what may be seen of some reports; one says that there must
// be one.
func (c *call) requestsAnswer(reports []civic.Report, one bool) (int, node, error) {
	notes, err := c.notes(reports)
	if err != nil {
		return 0, node{}, err
	}
	rules, err := c.Store.Rules(c.r.Context(), c.Town.ID)
	if err != nil {
		return 0, node{}, err
	}
	items := make([]node, 0, len(reports))
	for i := range reports {
		if item, ok := c.request(&reports[i], notes, rules); ok {
			items = append(items, item)
		}
	}
	if one && len(items) == 0 {
		return 0, node{}, unknown("open311.error.not_found")
	}
	return http.StatusOK, list("service_requests", items...), nil
}

func (c *call) chosen() ([]civic.Report, error) {
	if ids := c.params.all("service_request_id"); len(ids) > 0 {
		if len(ids) > maxIDs {
			return nil, bad("open311.error.limit", "field", "service_request_id", "max", maxIDs)
		}
		var codes []civic.Code
		for _, id := range ids {
			if code, err := civic.ParseCode(id); err == nil {
				codes = append(codes, code)
			}
		}
		return c.Store.ReportsByCode(c.r.Context(), c.Town.ID, codes)
	}
	q := civic.RequestQuery{Zone: c.zone.String()}
	var wrong, list faults
	q.From, q.To, wrong = c.params.window(c.Now(), maxSpan)
	q.Skip, q.Limit, list = c.params.page(maxRequests)
	wrong = append(wrong, list...)
	var err error
	if q.Services, err = c.services(); err != nil {
		return nil, err
	}
	open, fault := openOf(c.params.all("status"))
	if q.Open = open; fault != nil {
		wrong = append(wrong, fault)
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	return c.Store.OpenRequests(c.r.Context(), c.Town.ID, q)
}

func (c *call) services() ([]civic.ServiceID, error) {
	var ids []civic.ServiceID
	for _, code := range c.params.all("service_code") {
		s, err := c.service(code)
		if err != nil {
			return nil, err
		}
		ids = append(ids, s.ID)
	}
	return ids, nil
}

// openOf reads a filter by status: nil chooses both.
func openOf(list []string) (*bool, *fault) {
	var open, closed bool
	for _, v := range list {
		switch v {
		case "open":
			open = true
		case "closed":
			closed = true
		default:
			return nil, bad("open311.error.status", "field", "status")
		}
	}
	if open == closed {
		return nil, nil
	}
	return &open, nil
}

// notes reads the latest public answer of each report.
func (c *call) notes(reports []civic.Report) (map[civic.MessageID]string, error) {
	var ids []civic.MessageID
	for i := range reports {
		if id := latest(&reports[i]); !id.IsZero() {
			ids = append(ids, id)
		}
	}
	return c.Store.MessageTexts(c.r.Context(), c.Town.ID, ids)
}

// latest is the newest message of a report that anybody may read.
func latest(r *civic.Report) (id civic.MessageID) {
	var at time.Time
	for one, m := range r.Messages {
		if m.Public && !m.Held && m.At.After(at) {
			id, at = one, m.At
		}
	}
	return id
}

// request is what a caller may see of a report, if anything.
func (c *call) request(r *civic.Report, notes map[civic.MessageID]string, rules *civic.Rules) (node, bool) {
	service := c.serviceByID(r.Service)
	p, public := civic.Public(r, service, c.areaName(r.Area), c.zone)
	if !public && !c.own(r) {
		return node{}, false
	}
	if !public {
		p = civic.PublicReport{}
	}
	note := ""
	if len(p.Messages) > 0 {
		note = notes[p.Messages[len(p.Messages)-1].ID]
	}
	lat, lon := node{name: "lat", kind: kindBare}, node{name: "long", kind: kindBare}
	if public {
		lat, lon = number("lat", p.Lat), number("long", p.Lon)
	}
	media := c.mediaOf(p)
	fields := []node{
		text("service_request_id", string(r.Code)), text("status", coarse(r.Status)), text("status_notes", note),
		text("service_name", service.Name), text("service_code", service.Code), text("description", p.Description),
		text("agency_responsible", c.Town.Name), text("service_notice", ""),
		text("requested_datetime", c.told(r, r.Created)), text("updated_datetime", c.told(r, updated(r))),
		text("expected_datetime", c.expected(r)), text("address", p.Address), text("address_id", ""), text("zipcode", ""),
		lat, lon, text("media_url", first(media)),
	}
	if truthy(c.params.get("extensions")) {
		fields = append(fields, group("extended_attributes",
			text("title", p.Title), text("area", p.Area),
			text("detailed_status", detailed(r, rules)), texts("media_urls", "media_url", media)))
	}
	return group("request", fields...), true
}

// detailed is the extended status as the report stands.
func detailed(r *civic.Report, rules *civic.Rules) string {
	if s := extended(r.Status, rules.EndingOf(r), false); s != "" {
		return s
	}
	return coarse(r.Status)
}

// told is the instant that the public is told: the second for what another program
// made and publishes itself, else the beginning of the day.
func (c *call) told(r *civic.Report, t time.Time) string {
	if t.IsZero() || r.Channel == civic.ChannelOpen311 {
		return stamp(t, c.zone)
	}
	y, m, d := t.In(c.zone).Date()
	return stamp(time.Date(y, m, d, 0, 0, 0, 0, c.zone), c.zone)
}

func (c *call) expected(r *civic.Report) string {
	if !r.Status.Open() {
		return ""
	}
	return c.told(r, r.Deadlines.Resolution)
}

// updated is when a report last changed for the public.
func updated(r *civic.Report) time.Time {
	if !r.Closed.IsZero() {
		return r.Closed
	}
	t := r.Created
	if at := r.Changed[civic.FieldStatus].At; at.After(t) {
		t = at
	}
	if id := latest(r); !id.IsZero() && r.Messages[id].At.After(t) {
		t = r.Messages[id].At
	}
	return t
}

func (c *call) areaName(id civic.AreaID) string {
	for _, a := range c.Town.Areas {
		if a.ID == id && !a.Outside {
			return a.Name
		}
	}
	return ""
}

// mediaOf are the addresses of the pictures that a person let through, in their
// order: the reporter's own first.
func (c *call) mediaOf(p civic.PublicReport) []string {
	var list []string
	for _, photo := range p.Photos {
		list = append(list, c.mediaURL(p.Code, photo))
	}
	return list
}

func (c *call) mediaURL(code civic.Code, p civic.PublicPhoto) string {
	name := "1280"
	if p.Cover != "" {
		name += "-" + p.Cover
	}
	return c.Base + "/media/reports/" + string(code) + "/" + p.ID + "/" + name + ".jpg"
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
