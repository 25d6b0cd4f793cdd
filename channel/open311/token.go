package open311

import (
	"net/http"

	"segnavia/civic"
)

// GetToken gives the code of a report that a token stands for.
func GetToken(c *call) (int, node, error) {
	token := c.name(c.r.PathValue("name"))
	id, err := civic.ParseID[civic.Report](token)
	if err != nil {
		return 0, node{}, unknown("open311.error.token")
	}
	reports, err := c.Store.ReportsByID(c.r.Context(), c.Town.ID, []civic.ReportID{id})
	if err != nil {
		return 0, node{}, err
	}
	if len(reports) == 0 || reports[0].Source == nil { // tokens are for what came by this door
		return 0, node{}, unknown("open311.error.token")
	}
	return http.StatusOK, list("service_requests",
		group("request", text("service_request_id", string(reports[0].Code)), text("token", token))), nil
}
