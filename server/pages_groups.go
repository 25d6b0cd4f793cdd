package server

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"segnavia/civic"
	"segnavia/text"
)

// pictures is how many groups of services have a picture of their own. The
// others stand under the last one, with "I do not know".
const pictures = 8

// isOther tells the service that takes what has no name.
func isOther(service civic.Service) bool { return service.Code == "other" || service.Code == "altro" }

// groups arranges the services as pictures, what people report most first.
func (s *Server) groups(rq *request, f *form) []groupView {
	chosen, kind := f.text("service"), s.kindOf(rq, f)
	list := s.groupsWithPictures(rq, kind)
	at := make(map[string]int, len(list))
	for i := range list {
		at[list[i].Key] = i
	}
	other := groupView{Key: otherIcon, Icon: otherIcon, Name: s.Words.T(rq.lang, "page.report.other", nil)}
	var unknown []serviceOption
	for _, service := range rq.town.Services {
		if kindOfService(service) != kind {
			continue
		}
		option := serviceOption{Code: service.Code, Words: strings.Join(service.Keywords, " "), Checked: service.Code == chosen, Asks: asks(service)}
		option.Name, option.Lang = s.serviceName(rq, service)
		if service.Contact != civic.ContactOptional {
			option.Contact = service.Contact
		}
		i, pictured := at[groupKey(service.Group)]
		switch {
		case isOther(service):
			option.Name, option.Lang = s.Words.T(rq.lang, "page.report.other.text", nil), ""
			unknown = append(unknown, option)
		case pictured:
			list[i].Services = append(list[i].Services, option)
		default:
			other.Services = append(other.Services, option)
		}
	}
	other.Services = append(unknown, other.Services...)
	if len(other.Services) > 0 {
		list = append(list, other)
	}
	picked := f.text("group")
	for i := range list {
		g := &list[i]
		if g.Single = len(g.Services) == 1; g.Single {
			g.Contact = g.Services[0].Contact
		}
		g.Checked = picked == g.Key || len(list) == 1 // one category is chosen by itself
		for _, option := range g.Services {
			g.Checked = g.Checked || option.Checked && picked == ""
		}
	}
	return list
}

// groupsWithPictures are the groups that have a picture of their own, without
// their services.
func (s *Server) groupsWithPictures(rq *request, kind string) []groupView {
	var names []string
	for _, service := range rq.town.Services {
		if kindOfService(service) == kind && !isOther(service) && !slices.Contains(names, service.Group) {
			names = append(names, service.Group)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return groupRank(a) - groupRank(b) })
	list := make([]groupView, 0, pictures+1)
	for _, name := range names[:min(len(names), pictures)] {
		list = append(list, groupView{Key: groupKey(name), Icon: groupIcon(name), Name: s.groupName(rq.lang, name)})
	}
	return list
}

// groupKey names a group in a form: the same however many groups there are.
func groupKey(group string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(group)) // never fails
	return "g" + strconv.FormatUint(uint64(h.Sum32()), 36)
}

// chosenService finds the service of a form. A picture with one service behind
// it is enough; a service behind another picture than the one chosen is not.
// Without one, miss says what to correct.
func (s *Server) chosenService(rq *request, f *form) (service civic.Service, miss *pageError) {
	groups := s.groups(rq, f)
	for _, g := range groups {
		if !g.Checked {
			continue
		}
		for _, option := range g.Services {
			if option.Checked || g.Single {
				return s.serviceOf(rq, option.Code), nil
			}
		}
		if g.Key == otherIcon && isOther(civic.Service{Code: g.Services[0].Code}) {
			return s.serviceOf(rq, g.Services[0].Code), nil
		}
		return service, &pageError{"service", "group-" + g.Key, s.Words.T(rq.lang, "page.error.service.which", text.Args{"group": g.Name})}
	}
	at := "service"
	if len(groups) > 0 {
		at = "group-" + groups[0].Key
	}
	return service, &pageError{"service", at, s.Words.T(rq.lang, "page.error.service", nil)}
}

func (s *Server) serviceOf(rq *request, code string) civic.Service {
	for _, service := range rq.town.Services {
		if service.Code == code {
			return service
		}
	}
	return civic.Service{}
}

// The kinds of service: something at a place, or help from an office.
const (
	kindIssue      = "issue"
	kindAssistance = "assistance"
)

func kindOfService(service civic.Service) string {
	if service.Kind == kindAssistance {
		return kindAssistance
	}
	return kindIssue
}

// kindOf is which of the two forms this is.
func (s *Server) kindOf(rq *request, f *form) string {
	if f.text("kind") == kindAssistance {
		return kindAssistance
	}
	return kindOfService(s.serviceOf(rq, f.text("service")))
}
