package demo

import (
	"fmt"
	"math"
	"strings"
	"time"

	"segnavia/civic"
)

// placeMe is for how many days a call without a pin stays to be placed.
const placeMe = 9

// open tells how the case arrived: what was written, by whom, where.
func (s *story) open(a arrival) {
	w := s.words
	hazard := s.r.Float64() < s.topic.Hazard
	args := civic.CreateArgs{
		Service: s.service.Code, Channel: a.channel, Hazard: hazard,
		Contact: w.contact(s.r, a.channel),
	}
	located := false
	if !s.topic.Placeless {
		s.place, located = s.lanes.spot(s.r)
		args.Address = fmt.Sprintf("%s %d", s.place.street, s.place.number)
	}
	fill := strings.NewReplacer("{via}", s.place.street, "{civico}", fmt.Sprint(s.place.number))
	args.Title = fill.Replace(s.matter.Title)
	args.Description = fill.Replace(w.tell(s.r, s.matter.Says, s.topic, hazard, a.flood))
	lost := located && a.channel == civic.ChannelPhone && s.now.Sub(a.at) < placeMe*24*time.Hour && s.chance(25)
	if located && !lost {
		lon, lat := micro(s.place.Lon()), micro(s.place.Lat())
		args.Lon, args.Lat = &lon, &lat
		s.area = s.place.area
	}
	s.settle()
	args.Answers = s.answers()
	s.add(s.reporter(a.channel), civic.KindCreate, args)
	if !s.team.IsZero() {
		s.rev++ // the rules assign what a route knows, in the same breath
	}
	if args.Lon != nil {
		s.follow()
	}
	if s.chance(photoShare) {
		s.pass(2 * time.Second)
		s.picture(s.reporter(a.channel), civic.StageReport)
	}
	if hazard {
		s.pass(s.minutes(6) + time.Minute)
		s.add(s.operator, civic.KindSet, civic.SetArgs{Field: civic.FieldPriority, Value: []byte(`"urgent"`)})
	}
	s.over = s.over || lost
}

// crowds are how many others said "me too", most of the time nobody.
var crowds = [...]int{0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 0, 4, 0, 1, 7}

// follow lets others say "me too". It draws nothing, so that the town stays the
// same for a seed: the report's id says how many.
func (s *story) follow() {
	if s.service.Public == civic.PublishNever {
		return
	}
	for range crowds[int(s.past.Report[15])%len(crowds)] {
		s.add(civic.Actor{Role: civic.RoleCitizen}, civic.KindFollow, civic.FollowArgs{})
	}
}

// answers choose one of each list that the service asks for. What is to be
// written was not known: everybody can say so.
func (s *story) answers() map[string][]string {
	given := map[string][]string{}
	for i, a := range s.service.Attributes {
		switch {
		case len(a.Values) > 0:
			given[a.Code] = []string{a.Values[int(s.past.Report[14-i])%len(a.Values)].Key}
		case a.Required:
			given[a.Code] = []string{"senza"}
		}
	}
	return given
}

// photoShare is how many cases of a hundred come with a picture, of those that
// have a subject to draw.
const photoShare = 11

// settle finds out who answers and who does the work.
func (s *story) settle() {
	route := s.rules.RouteOf(s.service.ID, s.area)
	desk := route.Desk
	if desk.IsZero() {
		desk = s.service.Desk
	}
	s.operator = s.answerer(desk, s.r.IntN(8))
	s.team = route.Team
	s.who = s.named(s.team, desk)
	s.worker = s.operator
	if worker, ok := s.workerOf(s.team); ok {
		s.worker = worker
	}
	if s.service.ResolutionDays > 0 {
		s.due = s.cal.AddDays(s.at, s.service.ResolutionDays)
	}
}

// reporter is who brings a case in by a channel.
func (s *story) reporter(by civic.Channel) civic.Actor {
	switch by {
	case civic.ChannelPhone, civic.ChannelCounter:
		return s.operator
	case civic.ChannelEmail:
		return civic.System
	case civic.ChannelOpen311:
		return civic.Actor{Role: civic.RoleService, Client: "fixmystreet"}
	default:
		return citizen
	}
}

// micro rounds degrees to a decimetre.
func micro(degrees float64) float64 { return math.Round(degrees*1e6) / 1e6 }
