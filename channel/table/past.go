package table

import (
	"encoding/json"
	"time"

	"segnavia/civic"
)

// clerk is who is taken to have moved an imported case: an operator without a
// name.
var clerk = civic.Actor{Role: civic.RoleOperator}

// importedReason stands where the rules want a typed reason and the table has
// none.
const importedReason = "Imported as closed"

// Past makes the case of a row: the edits that bring it to the row's status,
// each with an id of its source and row. now is when the import runs: what was
// closed long before has left its team and desk.
func (m *Mapping) Past(j civic.JurisdictionID, row Row, now time.Time) civic.Past {
	source := civic.DeriveID[civic.Past](j, m.Source)
	p := civic.Past{Report: civic.DeriveID[civic.Report](source, row.ID), Line: row.Line}
	add := func(what string, a civic.Actor, k civic.Kind, args any, at time.Time) {
		raw, err := json.Marshal(args)
		if err != nil {
			panic("table: arguments: " + err.Error()) // they are all ours
		}
		p.Edits = append(p.Edits, civic.PastEdit{
			Edit: civic.Edit{ID: civic.DeriveID[civic.Edit](p.Report, what), Report: p.Report, Kind: k, Args: raw, Actor: a},
			Now:  at,
		})
	}
	create := civic.CreateArgs{
		Service: m.service(j, row.Service).String(), Title: cut(row.Title, civic.MaxTitle),
		Description: cut(row.Description, civic.MaxDescription), Address: cut(row.Address, civic.MaxAddress),
		Channel: row.Channel, Created: row.Created, Followers: row.Supporters,
	}
	if row.Position != nil {
		create.Lon, create.Lat = &row.Position.Lon, &row.Position.Lat
	}
	if row.Team != "" {
		create.Team = m.team(j, row.Team)
	}
	if row.Desk != "" {
		create.Desk = m.desk(j, row.Desk)
	}
	add("create", civic.System, civic.KindCreate, create, row.Created)
	at := row.Created
	if row.Closed.After(at) {
		at = row.Closed
	}
	to := func(s civic.Status, a civic.Actor, reason string) {
		add("to "+string(s), a, civic.KindTransition, civic.TransitionArgs{
			To: s, Reason: reason, For: "body", Month: at.Format("2006-01"),
		}, at)
	}
	m.reach(row, to)
	if !row.Status.Open() && at.AddDate(0, 0, civic.MembershipDays).Before(now) {
		add("expire", civic.System, civic.KindExpire, civic.ExpireArgs{What: "membership"}, at.AddDate(0, 0, civic.MembershipDays))
	}
	return p
}

// reach takes the steps from where a case begins to its status.
func (m *Mapping) reach(row Row, to func(civic.Status, civic.Actor, string)) {
	if row.Status != civic.StatusNew && row.Status != civic.StatusAssigned && row.Team == "" {
		to(civic.StatusAcknowledged, clerk, "")
	}
	switch row.Status {
	case civic.StatusInProgress, civic.StatusPlanned, civic.StatusWaiting:
		to(row.Status, clerk, "")
	case civic.StatusRejected, civic.StatusResolved:
		to(row.Status, clerk, importedReason)
	case civic.StatusClosed:
		to(civic.StatusResolved, clerk, importedReason)
		to(civic.StatusClosed, civic.System, "")
	}
}

// cut shortens a text that is longer than a report may hold.
func cut(s string, longest int) string {
	r := []rune(s)
	if len(r) <= longest {
		return s
	}
	return string(r[:longest-1]) + "…"
}
