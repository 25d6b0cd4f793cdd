package open311

import (
	"net/http"
	"time"

	"segnavia/civic"
	words "segnavia/text"
)

// usualUpdates is how far back updates reach when nobody says.
const usualUpdates = 24 * time.Hour

// ListUpdates lists what was published about reports, oldest first, with the time of
// publication: FixMyStreet leaves out what is older than the last that it has.
func ListUpdates(c *call) (int, node, error) {
	if err := c.need(civic.KeyUpdates); err != nil {
		return 0, node{}, err
	}
	unknown := c.params.only([]string{"start_date", "end_date", "page", "page_size"}, nil)
	from, to, wrong := c.params.window(c.Now(), usualUpdates, c.zone)
	wrong = append(unknown, wrong...)
	skip, size, more := c.params.page(maxUpdates)
	if wrong = append(wrong, more...); len(wrong) > 0 {
		return 0, node{}, wrong
	}
	news, err := c.Store.Updates(c.r.Context(), c.Town.ID, c.key.Name, from, to, skip, size)
	if err != nil {
		return 0, node{}, err
	}
	reports, texts, err := c.joined(news)
	if err != nil {
		return 0, node{}, err
	}
	items := make([]node, 0, len(news))
	for _, u := range news {
		if r, ok := reports[u.Report]; ok {
			if item, ok := c.update(u, r, texts); ok {
				items = append(items, item)
			}
		}
	}
	return http.StatusOK, list("service_request_updates", items...), nil
}

// joined reads the reports and the words that some news are about.
func (c *call) joined(news []civic.Update) (map[civic.ReportID]*civic.Report, map[civic.MessageID]string, error) {
	known := make(map[civic.ReportID]*civic.Report)
	var ids []civic.ReportID
	var messages []civic.MessageID
	for _, u := range news {
		if _, seen := known[u.Report]; !seen {
			known[u.Report] = nil
			ids = append(ids, u.Report)
		}
		if !u.Message.IsZero() {
			messages = append(messages, u.Message)
		}
	}
	found := make(map[civic.ReportID]*civic.Report, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), 500)
		reports, err := c.Store.ReportsByID(c.r.Context(), c.Town.ID, ids[:n])
		if err != nil {
			return nil, nil, err
		}
		for i := range reports {
			found[reports[i].ID] = &reports[i]
		}
		ids = ids[n:]
	}
	texts, err := c.Store.MessageTexts(c.r.Context(), c.Town.ID, messages)
	return found, texts, err
}

// update is one piece of news as the caller may know it now: what was hidden or
// redacted since is not told.
func (c *call) update(u civic.Update, r *civic.Report, texts map[civic.MessageID]string) (node, bool) {
	service := c.serviceByID(r.Service)
	p, public := civic.Public(r, service, "", c.zone)
	status := extended(u.Status, u.Ending, u.Reopens)
	if status == "" || !public && !c.own(r) {
		return node{}, false
	}
	fields := []node{
		text("update_id", u.ID.String()), text("service_request_id", string(r.Code)), text("status", status),
		text("description", c.description(u, status, p, texts)), text("updated_datetime", stamp(u.At, time.UTC)),
		text("external_status_code", string(u.Status)),
	}
	media := ""
	for _, photo := range p.Photos {
		if photo.SHA256 == u.Photo {
			media = c.mediaURL(r.Code, photo)
		}
	}
	return group("request_update", append(fields, text("media_url", media))...), true
}

// description is the answer that was published, or a sentence for the status: an
// update without words is not shown to people.
func (c *call) description(u civic.Update, status string, p civic.PublicReport, texts map[civic.MessageID]string) string {
	for _, m := range p.Messages {
		if m.ID == u.Message && texts[m.ID] != "" {
			return texts[m.ID]
		}
	}
	return c.Words.T(words.Choose(c.Town.Locale, ""), "open311.update."+status, nil)
}
