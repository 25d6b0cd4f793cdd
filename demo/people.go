package demo

import (
	"strings"

	"github.com/paulmach/orb"

	"segnavia/civic"
)

// people are who works for the town.
type people struct {
	Desks [][2]string
	Teams []crew
	Users []struct {
		Login, Name, Desks, Teams string
		Role                      civic.Role
	}
	Reasons [][3]string
}

// crew is a team with its trade and, unless it goes everywhere, the numbers of
// the municipi that it serves.
type crew struct{ Key, Name, Work, Areas, Kind string }

// settle puts the people, their offices and the typed reasons into the town.
func (p *people) settle(b *civic.Blueprint) {
	for _, d := range p.Desks {
		b.Desks = append(b.Desks, civic.Desk{ID: id[civic.Desk](b, d[0]), Name: d[1]})
	}
	for _, t := range p.Teams {
		kind := t.Kind
		if kind == "" {
			kind = "crew"
		}
		b.Teams = append(b.Teams, civic.Team{ID: id[civic.Team](b, t.Key), Name: t.Name, Kind: kind})
	}
	for _, u := range p.Users {
		user := civic.User{ID: id[civic.User](b, u.Login), Login: u.Login, Display: u.Name, Role: u.Role}
		for d := range strings.FieldsSeq(u.Desks) {
			user.Desks = append(user.Desks, id[civic.Desk](b, d))
		}
		for t := range strings.FieldsSeq(u.Teams) {
			user.Teams = append(user.Teams, id[civic.Team](b, t))
		}
		b.Users = append(b.Users, user)
	}
	for _, r := range p.Reasons {
		b.Reasons = append(b.Reasons, civic.Reason{
			ID: id[civic.Reason](b, "reason:"+r[1]), For: civic.Status(r[0]), Name: r[2], Means: meaning[r[1]],
		})
	}
}

// meaning says how a case ends with a reason; those that are not here end it
// without work.
var meaning = map[string]civic.Ending{
	"repaired": civic.EndingWork, "replaced": civic.EndingWork, "cleaned": civic.EndingWork,
	"duplicate": civic.EndingDuplicate, "not_ours": civic.EndingNotOurs,
}

func corners(ring orb.Ring) [][2]float64 {
	list := make([][2]float64, len(ring))
	for i, p := range ring {
		list[i] = p
	}
	return list
}
