package open311

import (
	"time"

	"segnavia/civic"
)

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

// sees reports whether a caller may see anything of a report.
func (c *call) sees(r *civic.Report) bool {
	_, public := civic.Public(r, c.serviceByID(r.Service), "", c.zone)
	return public || c.own(r)
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
