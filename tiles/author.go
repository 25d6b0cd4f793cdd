package tiles

import (
	"hash/fnv"
	"slices"

	"github.com/google/uuid"

	"segnavia/geo"
)

// author adds words to a dictionary, in a copy that it makes at the first new
// one: nearly every batch has none.
type author struct {
	*dictionary
	own bool
}

func (a *author) write() *dictionary {
	if !a.own {
		a.dictionary, a.own = a.clone(), true
	}
	return a.dictionary
}

// describe sets the words of the services, adding those that are new.
func (a *author) describe(services []Service) {
	d := a.write()
	for _, s := range services {
		if s.Code == "" {
			s.Code = s.ID.String()
		}
		if n := a.serviceOf(s.ID); n != 0 {
			d.services[n] = s
		}
	}
	d.digest = 0
	for _, s := range d.services[1:] {
		if s.Code == s.ID.String() && s.Group == "" {
			continue // a name that every node makes up alike
		}
		h := fnv.New64a()
		h.Write(s.ID[:])
		h.Write([]byte(s.Code + "\x00" + s.Group))
		d.digest += h.Sum64()
	}
}

// serviceOf returns the number of a service, a new one if need be; 0 when
// there is no id or there are no numbers left.
func (a *author) serviceOf(id uuid.UUID) geo.Service {
	n, ok := a.service[id]
	if ok || id == uuid.Nil || len(a.services) > geo.MaxService {
		return n
	}
	d := a.write()
	n = geo.Service(len(d.services))
	d.services = append(d.services, Service{ID: id, Code: id.String()})
	d.service[id] = n
	return n
}

func (a *author) teamOf(id uuid.UUID) geo.Team {
	n, ok := a.team[id]
	if ok || id == uuid.Nil || len(a.team) >= geo.MaxTeam {
		return n
	}
	n = geo.Team(len(a.team) + 1)
	a.write().team[id] = n
	return n
}

func (a *author) areaOf(id uuid.UUID) geo.Area {
	n, ok := a.area[id]
	if ok || id == uuid.Nil || len(a.area) >= geo.MaxArea {
		return n
	}
	n = geo.Area(len(a.area) + 1)
	a.write().area[id] = n
	return n
}

// codeOf packs a code such as GE48217308. A code of another shape, or of the
// 33rd prefix, becomes 0, which no report has: its check digit is wrong.
func (a *author) codeOf(code string) uint32 {
	if len(code) < 8 {
		return 0
	}
	prefix, digits := code[:len(code)-8], code[len(code)-8:]
	n := uint32(0)
	for i := range 8 {
		c := digits[i] - '0'
		if c > 9 {
			return 0
		}
		n = n*10 + uint32(c)
	}
	i := slices.Index(a.prefixes, prefix)
	if i < 0 {
		if len(a.prefixes) == maxPrefixes {
			return 0
		}
		i = len(a.prefixes)
		d := a.write()
		d.prefixes = append(d.prefixes, prefix)
	}
	return uint32(i)<<codeBits | n
}
