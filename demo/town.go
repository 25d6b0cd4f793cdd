package demo

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"

	"segnavia/civic"
)

var (
	//go:embed data/services.json
	servicesJSON []byte
	//go:embed data/people.json
	peopleJSON []byte
)

// Town is the demonstration town: Genova with nine municipi, six desks, twelve
// teams and one person or more of each role. Its ids derive from its slug and
// are the same each time.
func Town() *civic.Blueprint {
	root := civic.DeriveID[civic.Jurisdiction](civic.JurisdictionID{}, "segnavia demo genova")
	b := &civic.Blueprint{
		Jurisdiction: civic.Jurisdiction{
			ID: root, Name: "Genova", Slug: "genova", Prefix: "GE", Locale: "it", Zone: "Europe/Rome",
		},
		Calendar: calendar(),
	}
	g := readGround()
	for i, name := range g.names {
		b.Areas = append(b.Areas, civic.ShapedArea{
			Area:  civic.Area{ID: id[civic.Area](b, numeral(name)), Name: name},
			Shape: shape("Polygon", [][][2]float64{corners(g.rings[i])}),
		})
	}
	b.Areas = append(b.Areas, civic.ShapedArea{
		Area: civic.Area{ID: id[civic.Area](b, "outside"), Name: "Fuori dai municipi", Outside: true},
	})
	var folk people
	parse(peopleJSON, &folk)
	folk.settle(b)
	for _, s := range offers() {
		b.Services = append(b.Services, s.service(b))
		b.Routes = append(b.Routes, s.routes(b, folk.Teams)...)
	}
	b.Features = features(g)
	return b
}

// calendar is the offices': Monday to Friday from 8 to 17, Wednesday to 18, and
// half a day on the two eves.
func calendar() civic.Calendar {
	c := civic.Calendar{
		Zone: "Europe/Rome", Patron: "06-24",
		Half: map[string]int{"12-24": 12 * 60, "12-31": 12 * 60},
	}
	for day := 1; day <= 5; day++ {
		c.Week[day] = []civic.Hours{{From: 8 * 60, To: 17 * 60}}
	}
	c.Week[3][0].To = 18 * 60
	return c
}

// id is the id of a thing of the town, by its short name.
func id[T any](b *civic.Blueprint, name string) civic.ID[T] { return civic.DeriveID[T](b.ID, name) }

// numeral is the Roman number that starts a municipio's name.
func numeral(name string) string { return name[:strings.IndexByte(name, ' ')] }

// offer is a service as the embedded list tells it. Work names the trade that
// does it, which a team of the same trade takes; without one it is an office's.
type offer struct {
	Code, Name, English, Group, Kind, Description string
	Desk, Work                                    string
	Keywords                                      []string
	Public                                        civic.Publication
	Confidential                                  bool
	First, Days                                   int
	Checklist                                     []civic.ChecklistEntry
	Attributes                                    []civic.Attribute
}

func offers() []offer {
	var list []offer
	parse(servicesJSON, &list)
	return list
}

func (o offer) service(b *civic.Blueprint) civic.Service {
	s := civic.Service{
		ID: id[civic.Service](b, o.Code), Code: o.Code, Name: o.Name, Group: o.Group, Kind: o.Kind,
		Keywords: o.Keywords, Description: o.Description, Public: o.Public, Confidential: o.Confidential, Contact: "optional",
		FirstReplyMinutes: o.First, ResolutionDays: o.Days, Checklist: o.Checklist, Attributes: o.Attributes, Desk: id[civic.Desk](b, o.Desk),
	}
	if o.English != "" {
		s.Names = map[string]string{"en": o.English}
	}
	if s.Kind == "" {
		s.Kind = "issue"
	}
	return s
}

// routes bring the service to its desk in every area, and to the team of its
// trade where there is one.
func (o offer) routes(b *civic.Blueprint, teams []crew) []civic.Route {
	var list []civic.Route
	for _, area := range b.Areas {
		if area.Outside {
			continue
		}
		route := civic.Route{Service: id[civic.Service](b, o.Code), Area: area.ID, Desk: id[civic.Desk](b, o.Desk)}
		for _, t := range teams {
			if o.Work != "" && t.Work == o.Work && (t.Areas == "" || slices.Contains(strings.Fields(t.Areas), numeral(area.Name))) {
				route.Team = id[civic.Team](b, t.Key)
			}
		}
		list = append(list, route)
	}
	return list
}

func parse(raw []byte, into any) {
	if err := json.Unmarshal(raw, into); err != nil {
		panic("demo: embedded data: " + err.Error())
	}
}
