package civic

import (
	"math"
	"time"
)

// CreateArgs are the arguments of create. Service is an id or a public code.
// Lon and Lat come together or not at all. Created, Team and Desk are for
// imports by the system only.
type CreateArgs struct {
	Service     string   `json:"service"`
	Title       string   `json:"title,omitempty"`
	Description string   `json:"description,omitempty"`
	Lon         *float64 `json:"lon,omitempty"`
	Lat         *float64 `json:"lat,omitempty"`
	Address     string   `json:"address,omitempty"`
	Channel     Channel  `json:"channel,omitempty"`
	Hazard      bool     `json:"hazard,omitempty"`
	Contact     Contact  `json:"contact,omitzero"`
	// Photos name the attachments that come with it, so that another choice of
	// photos is another create.
	Photos []SHA256 `json:"photos,omitempty"`
	// Answers are the answers to the service's questions, by their code.
	Answers map[string][]string `json:"answers,omitempty"`
	// Source and Media are for other programs only: their own id of the report,
	// and the addresses of pictures to fetch. The source's client is the actor's.
	Source *Source  `json:"source,omitempty"`
	Media  []string `json:"media,omitempty"`
	// Created is the instant of arrival in an import; else it is now.
	Created time.Time `json:"created,omitzero"`
	// Followers is how many others said the same, in an import.
	Followers int `json:"followers,omitempty"`
	// Team and Desk place an imported case that the routes do not know.
	Team TeamID `json:"team,omitzero"`
	Desk DeskID `json:"desk,omitzero"`
}

// created is what the history keeps of a create.
type created struct {
	Service ServiceID `json:"service"`
	Channel Channel   `json:"channel"`
	Hazard  bool      `json:"hazard,omitempty"`
}

func (c *change) create(args CreateArgs) Result {
	service, ok := c.rules.ServiceByName(args.Service)
	if !ok {
		return refused(Refuse(CodeUnknownValue, "field", "service"))
	}
	if err := tidyAll(
		tidied{"title", &args.Title, MaxTitle},
		tidied{"description", &args.Description, MaxDescription},
		tidied{"address", &args.Address, MaxAddress},
	); err != nil {
		return refused(err)
	}
	if err := args.Contact.tidy(); err != nil {
		return refused(err)
	}
	if c.edit.Actor.Role != RoleSystem {
		var err *Error
		if args.Contact, err = service.contact(args.Contact); err != nil {
			return refused(err)
		}
	}
	r := c.r
	answers, err := service.checkAnswers(args.Answers, c.edit.Actor.Role == RoleService)
	if err != nil {
		return refused(err)
	}
	if err := c.comesFrom(args); err != nil {
		return refused(err)
	}
	r.Answers = answers
	r.ID = c.edit.Report
	r.Code = c.edit.Minted.Code
	r.Service = service.ID
	r.Status = StatusNew
	r.Title, r.Description, r.Address = args.Title, args.Description, args.Address
	r.Hazard = args.Hazard
	r.Hidden = c.edit.Minted.Held
	r.Withheld = Personal(r.Title, r.Description)
	r.Created = c.now
	if r.Channel = args.Channel; !r.Channel.Valid() {
		r.Channel = channelOf(c.edit.Actor)
	}
	if c.edit.Actor.Role == RoleSystem && !args.Created.IsZero() {
		r.Created = args.Created.UTC().Truncate(time.Millisecond)
	}
	if c.edit.Actor.Role == RoleSystem {
		r.Followers = max(0, min(args.Followers, MaxFollowers))
	}
	if err := c.place(args.Lon, args.Lat); err != nil {
		return refused(err)
	}
	r.Deadlines = c.rules.deadlines(service, r.Created)
	route := c.rules.RouteOf(service.ID, r.Area)
	if r.Desk = route.Desk; r.Desk.IsZero() {
		r.Desk = service.Desk
	}
	if c.edit.Actor.Role == RoleSystem && !args.Desk.IsZero() {
		r.Desk = args.Desk
	}
	c.classify(service)
	r.Visible = r.visible(service)
	if !args.Contact.IsZero() {
		c.out.Contact = &args.Contact
	}
	c.record(created{service.ID, r.Channel, r.Hazard})
	c.follow(args, route)
	if r.Hazard {
		c.effect(EffectHazard)
	}
	return applied()
}

// comesFrom notes the other program that makes the report, and the pictures that
// it asks to be fetched. What anybody else says of either is left out.
func (c *change) comesFrom(args CreateArgs) *Error {
	if c.edit.Actor.Role != RoleService || c.edit.Actor.Client == "" {
		return nil
	}
	source := Source{Client: c.edit.Actor.Client}
	if args.Source != nil {
		source.ID = args.Source.ID
	}
	source.ID = Plain(source.ID)
	if err := tidyAll(tidied{"fixmystreet_id", &source.ID, MaxContact}); err != nil {
		return err
	}
	c.r.Source = &source
	return c.fetch(args.Media)
}

// fetch asks for pictures that are to be had elsewhere.
func (c *change) fetch(media []string) *Error {
	if c.edit.Actor.Role != RoleService {
		return nil
	}
	if len(media) > MaxAttachments {
		return Refuse(CodeLimit, "field", "media_url", "max", MaxAttachments)
	}
	for _, address := range media {
		if len(address) > MaxMediaURL {
			return Refuse(CodeTooLong, "field", "media_url", "max", MaxMediaURL)
		}
	}
	c.out.Media = append(c.out.Media, media...)
	return nil
}

// follow lets the system acknowledge nothing and assign what a route knows.
func (c *change) follow(args CreateArgs, route Route) {
	team := route.Team
	if c.edit.Actor.Role == RoleSystem && !args.Team.IsZero() {
		team = args.Team
	}
	if team.IsZero() || c.r.Confidential {
		return
	}
	c.out.Follow = append(c.out.Follow, SystemEdit(c.rules.Key, c.edit.ID, c.edit.Report, KindAssign, AssignArgs{Team: team}, "route"))
}

// createAgain answers a second create of one report: by the same person with
// another edit id it is the same wish; the storage answers equal ids itself.
func (c *change) createAgain() Result {
	return refused(Refuse(CodeIDTaken))
}

func channelOf(a Actor) Channel {
	switch a.Role {
	case RoleCitizen:
		return ChannelWeb
	case RoleService:
		return ChannelOpen311
	default:
		return ChannelStaff
	}
}

// place puts the report at a position and in its area.
func (c *change) place(lon, lat *float64) *Error {
	if lon == nil && lat == nil {
		c.r.Position, c.r.Spot, c.r.Area = nil, nil, AreaID{}
		return nil
	}
	if lon == nil || lat == nil {
		return Refuse(CodeInvalid, "field", "location")
	}
	if !(math.Abs(*lon) <= 180) || !(math.Abs(*lat) <= 90) { // NaN fails both
		return Refuse(CodeInvalid, "field", "location")
	}
	p := Position{Lon: *lon, Lat: *lat}.Rounded()
	area := AreaID{}
	if c.rules.Locate != nil {
		var ok bool
		if area, ok = c.rules.Locate(p); !ok {
			return Refuse(CodeOutsideTown)
		}
	}
	c.r.Position, c.r.Spot, c.r.Area = &p, c.edit.Minted.Spot, area
	return nil
}

// visible reports whether the public map shows the report's place.
func (r *Report) visible(s Service) bool {
	return !r.Hidden && !r.Erased && !s.Confidential && !r.Confidential && r.Position != nil && s.Public != PublishNever && s.Public != ""
}

// TextIsPublic reports whether the title and the description may be shown to
// anybody.
func (r *Report) TextIsPublic(s Service) bool {
	return r.visible(s) && len(r.Withheld) == 0 && (r.TextPublic || s.Public == PublishText || s.Public == PublishPhotos)
}
