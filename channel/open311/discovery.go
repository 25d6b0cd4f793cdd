package open311

import (
	"net/http"
)

// specification names what is spoken here (service discovery).
const specification = "http://wiki.open311.org/GeoReport_v2"

// changeset is when this interface last changed.
const changeset = "2026-11-24T00:00:00Z"

// Discover lists the endpoints. There is one, listed once for each format that
// comes first: a validator that is in use reads a single endpoint as none.
func Discover(c *call) (int, node, error) {
	c.plain = !c.json
	contact := c.Contacts(c.Town, c.Base, c.Lang)
	endpoint := func(formats ...string) node {
		return group("endpoint",
			text("specification", specification), text("url", c.Base+"/open311/v2/"), text("changeset", changeset),
			text("type", "production"), texts("formats", "format", formats))
	}
	return http.StatusOK, group("discovery",
		text("changeset", changeset), text("contact", contact),
		text("key_service", c.say("open311.key_service", map[string]any{"contact": contact})),
		list("endpoints", endpoint("text/xml", "application/json"), endpoint("application/json", "text/xml")),
	), nil
}
