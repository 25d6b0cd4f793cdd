package civic

// Rules are one town's: everything that Apply may look at beside the report.
// They are read-only while in use.
type Rules struct {
	// Key names the edits that follow from others.
	Key TownKey
	// Prefix starts the town's report codes: two capital letters.
	Prefix   string
	Calendar Calendar
	Services map[ServiceID]Service
	Teams    map[TeamID]Team
	Users    map[UserID]User
	Routes   []Route
	Reasons  []Reason
	// Locate gives the area of a place. It returns false for a place so far
	// from the town that the report is not this town's to answer. A nil Locate
	// knows no areas and takes every place.
	Locate func(Position) (AreaID, bool)
	// ReporterToCrew lets crews (never contractors) see who to ring.
	ReporterToCrew bool
}

// Route brings a service in an area to a team. A zero Service or Area stands
// for any; the most exact route wins, an area before a service.
type Route struct {
	Service ServiceID `json:"service,omitzero"`
	Area    AreaID    `json:"area,omitzero"`
	Desk    DeskID    `json:"desk,omitzero"`
	Team    TeamID    `json:"team,omitzero"`
}

// RouteOf is the most exact route for a service in an area, or the zero Route.
func (rules *Rules) RouteOf(s ServiceID, a AreaID) Route {
	best, score := Route{}, -1
	for _, route := range rules.Routes {
		points := 0
		if !route.Service.IsZero() {
			if route.Service != s {
				continue
			}
			points++
		}
		if !route.Area.IsZero() {
			if route.Area != a {
				continue
			}
			points += 2
		}
		if points > score {
			best, score = route, points
		}
	}
	return best
}

// ServiceByName finds a service by its id or by its public code.
func (rules *Rules) ServiceByName(name string) (Service, bool) {
	if id, err := ParseID[Service](name); err == nil {
		s, ok := rules.Services[id]
		return s, ok
	}
	for _, s := range rules.Services {
		if s.Code == name {
			return s, true
		}
	}
	return Service{}, false
}
