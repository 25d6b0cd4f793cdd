package open311

import (
	"net/http"
	"strings"

	"segnavia/civic"
)

// ListServices lists what can be reported: all of it, or an error. FixMyStreet
// deletes what a list lacks.
func ListServices(c *call) (int, node, error) {
	items := make([]node, len(c.Town.Services))
	for i, s := range c.Town.Services {
		items[i] = group("service",
			text("service_code", s.Code), text("service_name", s.Name), text("description", s.Description),
			truth("metadata", true), // each takes fixmystreet_id
			text("type", "realtime"), text("keywords", strings.Join(s.Keywords, ", ")), text("group", s.Group))
	}
	return http.StatusOK, list("services", items...), nil
}

// fixMyStreetID is the attribute by which FixMyStreet says which report of its own
// it sends, so that a report sent again is known.
const fixMyStreetID = "fixmystreet_id"

// GetDefinition tells the attributes of one service.
func GetDefinition(c *call) (int, node, error) {
	s, err := c.service(c.name(c.r.PathValue("name")))
	if err != nil {
		return 0, node{}, err
	}
	items := make([]node, 0, len(s.Attributes)+1)
	for i, a := range s.Attributes {
		items = append(items, attribute(a, i+1))
	}
	items = append(items, group("attribute",
		truth("variable", true), text("code", fixMyStreetID), text("datatype", civic.TypeString), truth("required", false),
		text("datatype_description", c.say("open311.attribute.id.hint", nil)), whole("order", len(items)+1),
		text("description", c.say("open311.attribute.id", nil)), list("values"), text("automated", "server_set")))
	return http.StatusOK, group("service_definition", text("service_code", s.Code), list("attributes", items...)), nil
}

func attribute(a civic.Attribute, order int) node {
	values := make([]node, len(a.Values))
	for i, v := range a.Values {
		values[i] = group("value", text("key", v.Key), text("name", v.Name))
	}
	return group("attribute",
		truth("variable", !a.Informs), text("code", a.Code), text("datatype", a.Datatype), truth("required", a.Required && !a.Informs),
		text("datatype_description", a.Hint), whole("order", order), text("description", a.Question), list("values", values...))
}

// service finds a service by its code.
func (c *call) service(code string) (civic.Service, error) {
	for _, s := range c.Town.Services {
		if s.Code == code {
			return s, nil
		}
	}
	return civic.Service{}, unknown("open311.error.service")
}

func (c *call) serviceByID(id civic.ServiceID) civic.Service {
	for _, s := range c.Town.Services {
		if s.ID == id {
			return s
		}
	}
	return civic.Service{}
}
