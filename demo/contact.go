package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"segnavia/civic"
)

// contact makes somebody up, plainly so: the surnames say it, the address is of
// a domain that nobody has (RFC 2606) and the numbers lead nowhere. About half
// of the people leave nothing; who rings or comes by leaves a number.
func (w *words) contact(r *rand.Rand, by civic.Channel) civic.Contact {
	if r.IntN(100) >= 52 || by == civic.ChannelOpen311 {
		return civic.Contact{}
	}
	first, last := pick(r, w.Firstnames), pick(r, w.Surnames)
	c := civic.Contact{Name: first + " " + last, Lang: "it"}
	phone := fmt.Sprintf("010 555 %04d", r.IntN(10000))
	email := strings.ToLower(first+"."+last) + fmt.Sprint(r.IntN(90)+10) + "@example.org"
	switch by {
	case civic.ChannelPhone, civic.ChannelCounter:
		c.Phone, c.Prefers = phone, "phone"
		if r.IntN(5) == 0 {
			c.Prefers = pick(r, []string{"letter", "sms", "none"})
		}
	default:
		c.Email, c.Prefers = email, "email"
		if r.IntN(4) == 0 {
			c.Phone = phone
		}
	}
	return c
}
