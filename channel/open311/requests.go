package open311

import (
	"net/http"
	"slices"

	"segnavia/civic"
)

// ListRequests lists public reports: those of service_request_id, which overrides all
// else, or those of a query.
func ListRequests(c *call) (int, node, error) {
	known := []string{"start_date", "end_date", "page", "page_size", "extensions"}
	if wrong := append(c.params.only(known, []string{"service_request_id", "service_code", "status"}), c.params.extensions()...); len(wrong) > 0 {
		return 0, node{}, wrong
	}
	reports, err := c.chosen()
	if err != nil {
		return 0, node{}, err
	}
	return c.requestsAnswer(reports, false)
}

// GetRequest tells one report. A program that shows its key is told of what it made
// even where the public sees nothing.
func GetRequest(c *call) (int, node, error) {
	if wrong := c.params.extensions(); len(wrong) > 0 {
		return 0, node{}, wrong
	}
	if c.params.get("api_key") != "" {
		if err := c.identify(c.params.get("api_key")); err != nil {
			return 0, node{}, err
		}
	}
	if err := c.asked(1); err != nil {
		return 0, node{}, err
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

// asked counts codes that somebody without a key asks about, as the pages do.
func (c *call) asked(codes int) error {
	for range codes {
		if c.key.Name == "" && !c.Allow(LimitCode, c.Place) {
			return refusal(civic.Refuse("too_fast"))
		}
	}
	return nil
}

// requestsAnswer writes what may be seen of some reports; one says that there must
// be one.
func (c *call) requestsAnswer(reports []civic.Report, one bool) (int, node, error) {
	// What may not be seen is not looked at further: it takes as long as nothing.
	reports = slices.DeleteFunc(reports, func(r civic.Report) bool { return !c.sees(&r) })
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
		if given := c.params.get("api_key"); given != "" {
			if err := c.identify(given); err != nil {
				return nil, err
			}
		}
		if err := c.asked(len(ids)); err != nil {
			return nil, err
		}
		codes, wrong := codesOf(ids)
		if len(wrong) > 0 {
			return nil, wrong
		}
		return c.Store.ReportsByCode(c.r.Context(), c.Town.ID, codes)
	}
	q := civic.RequestQuery{Zone: c.zone.String()}
	var wrong, list faults
	q.From, q.To, wrong = c.params.window(c.Now(), maxSpan, c.zone)
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

// codesOf reads ids of reports, each of which must be one.
func codesOf(ids []string) (codes []civic.Code, wrong faults) {
	for _, id := range ids {
		code, err := civic.ParseCode(id)
		if err != nil {
			return nil, faults{bad("open311.error.invalid", "field", "service_request_id")}
		}
		codes = append(codes, code)
	}
	return codes, nil
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
