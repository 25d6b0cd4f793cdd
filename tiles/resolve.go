package tiles

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/google/uuid"

	"segnavia/geo"
)

// resolve turns the words of a filter into the numbers of the index. Words that
// the town does not know match nothing.
func (d *dictionary) resolve(f *Filter, a Access) geo.Filter {
	g := geo.Filter{
		Public: a != Staff, States: f.States, Channels: f.Channels, From: f.From, To: f.To,
	}
	if f.Services != nil || f.Groups != nil {
		g.Services = new(geo.Set)
		for n, s := range d.services {
			if n > 0 && f.wants(&s) {
				g.Services.Add(uint16(n))
			}
		}
	}
	if f.Teams != nil {
		g.Teams = new(geo.Set)
		for _, w := range f.Teams {
			if id, err := uuid.Parse(w); err != nil {
				g.Teams.Add(0)
			} else if n, ok := d.team[id]; ok {
				g.Teams.Add(uint16(n))
			}
		}
	}
	if f.Area != "" {
		if g.Area = d.area[uuid.MustParse(f.Area)]; g.Area == 0 {
			g.Services = new(geo.Set) // an area without reports, or of nobody
		}
	}
	return g
}

// wants tells whether a service is named, and in a group that is named.
func (f *Filter) wants(s *Service) bool {
	named := f.Services == nil || slices.Contains(f.Services, s.Code) ||
		slices.Contains(f.Services, s.ID.String())
	return named && (f.Groups == nil || slices.Contains(f.Groups, s.Group))
}

// key returns the filter as bytes that differ when filters differ.
func (f *Filter) key(b []byte) []byte {
	b = binary.LittleEndian.AppendUint16(b, f.States)
	b = binary.LittleEndian.AppendUint16(b, f.Channels)
	b = binary.LittleEndian.AppendUint16(b, uint16(f.From))
	b = binary.LittleEndian.AppendUint16(b, uint16(f.To))
	for _, list := range [...][]string{f.Services, f.Groups, f.Teams, {f.Area}} {
		b = append(b, strings.Join(list, "\n")...)
		b = append(b, 0)
	}
	if f.Style == Heat {
		b = append(b, 'h')
	}
	return b
}
