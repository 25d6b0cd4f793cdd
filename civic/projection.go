package civic

import (
	"encoding/json"
	"time"
)

// AreaBody is a report as area:<id> holds it: what a map and a planner need,
// and nothing that anybody wrote.
type AreaBody struct {
	Code     Code      `json:"code"`
	Service  ServiceID `json:"service"`
	Status   Status    `json:"status"`
	Priority Priority  `json:"priority,omitempty"`
	Team     TeamID    `json:"team,omitzero"`
	Channel  Channel   `json:"channel"`
	Created  time.Time `json:"created"`
	Closed   time.Time `json:"closed,omitzero"`
	Lon      float64   `json:"lon"`
	Lat      float64   `json:"lat"`
	// Spot is the place that the public map shows, longitude first.
	Spot    *[2]float64 `json:"spot,omitempty"`
	Visible bool        `json:"visible"`
}

// TeamBody is a report as team:<id> and own:<id> hold it: what the work needs.
// Texts of notes and the reporter are joined when a frame is written.
type TeamBody struct {
	Code        Code      `json:"code"`
	Service     ServiceID `json:"service"`
	Title       string    `json:"title,omitempty"`
	Description string    `json:"description,omitempty"`
	Status      Status    `json:"status"`
	Priority    Priority  `json:"priority,omitempty"`
	Hazard      bool      `json:"hazard,omitempty"`
	*Position
	Address   string              `json:"address,omitempty"`
	Area      AreaID              `json:"area,omitzero"`
	Created   time.Time           `json:"created"`
	Closed    time.Time           `json:"closed,omitzero"`
	Deadlines Deadlines           `json:"deadlines,omitzero"`
	Reason    string              `json:"reason,omitempty"`
	Waiting   *Waiting            `json:"waiting,omitempty"`
	Planned   *Planned            `json:"planned,omitempty"`
	Safe      *Safe               `json:"safe,omitempty"`
	Promise   *Promise            `json:"promise,omitempty"`
	Plan      *Plan               `json:"plan,omitempty"`
	Effort    *Effort             `json:"effort,omitempty"`
	Checklist map[string]Check    `json:"checklist,omitempty"`
	Notes     map[EditID]Note     `json:"notes,omitempty"`
	Answers   map[string][]string `json:"answers,omitempty"`
	Photos    map[SHA256]Photo    `json:"photos,omitempty"`
	Conflicts map[EditID]Conflict `json:"conflicts,omitempty"`
	User      UserID              `json:"user,omitzero"`
	Followers int                 `json:"followers,omitempty"`
}

// DeskBody is a report as desk:<id> holds it: the team's view, and what an
// office needs to answer.
type DeskBody struct {
	TeamBody
	Channel    Channel               `json:"channel"`
	Team       TeamID                `json:"team,omitzero"`
	Owner      UserID                `json:"owner,omitzero"`
	Source     *Source               `json:"source,omitempty"`
	Messages   map[MessageID]Message `json:"messages,omitempty"`
	Replied    time.Time             `json:"replied,omitzero"`
	Visible    bool                  `json:"visible,omitempty"`
	TextPublic bool                  `json:"text_public,omitempty"`
	Hidden     bool                  `json:"hidden,omitempty"`
	Withheld   []string              `json:"withheld,omitempty"`
	EraseBy    time.Time             `json:"erase_by,omitzero"`
	Original   *Words                `json:"original,omitempty"`
}

// Project gives the body of a report in a kind of scope, as compact JSON
// without nulls. It is a function of the stored report at its rev, and of
// nothing else.
func Project(k ScopeKind, r *Report) json.RawMessage {
	var body any
	if r.Confidential && (k == ScopeDesk || k == ScopeOwn) {
		return marshalBody(r, confidentialBody(r))
	}
	switch k {
	case ScopeArea:
		body = areaBody(r)
	case ScopeTeam, ScopeOwn:
		body = teamBody(r)
	case ScopeDesk:
		body = DeskBody{
			TeamBody: teamBody(r), Channel: r.Channel, Team: r.Team, Owner: r.Owner, Source: r.Source,
			Messages: r.Messages, Replied: r.Replied, Visible: r.Visible,
			TextPublic: r.TextPublic, Hidden: r.Hidden, Withheld: r.Withheld, EraseBy: r.EraseBy, Original: r.Original,
		}
	default:
		return nil
	}
	return marshalBody(r, body)
}

func marshalBody(r *Report, body any) json.RawMessage {
	raw, err := json.Marshal(body)
	if err != nil {
		// Coordinates are checked at the door; nothing else can fail to marshal.
		panic("civic: body of report " + r.ID.String() + ": " + err.Error())
	}
	return raw
}

func areaBody(r *Report) AreaBody {
	b := AreaBody{
		Code: r.Code, Service: r.Service, Status: r.Status, Priority: r.Priority,
		Team: r.Team, Channel: r.Channel, Created: r.Created, Closed: r.Closed, Visible: r.Visible,
	}
	if r.Position != nil {
		b.Lon, b.Lat = r.Lon, r.Lat
		spot := r.PublicSpot()
		b.Spot = &[2]float64{spot.Lon, spot.Lat}
	}
	return b
}

func teamBody(r *Report) TeamBody {
	return TeamBody{
		Code: r.Code, Service: r.Service, Title: r.Title, Description: r.Description,
		Status: r.Status, Priority: r.Priority, Hazard: r.Hazard, Position: r.Position,
		Address: r.Address, Area: r.Area, Created: r.Created, Closed: r.Closed,
		Deadlines: r.Deadlines, Reason: r.Reason, Waiting: r.Waiting, Planned: r.Planned,
		Safe: r.Safe, Promise: r.Promise, Plan: r.Plan, Effort: r.Effort,
		Checklist: r.Checklist, Notes: r.Notes, Answers: r.Answers, Photos: r.Photos, Conflicts: r.Conflicts,
		User: r.User, Followers: r.Followers,
	}
}
