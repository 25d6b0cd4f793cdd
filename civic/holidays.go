package civic

import "time"

// saintFrancis is the first year in which 4 October is a public holiday again
// (law 151 of 2025).
const saintFrancis = 2026

// ItalianHoliday reports whether a date is a national public holiday in Italy
// (law 260 of 1949 as amended; law 151 of 2025), Sundays apart.
func ItalianHoliday(year int, month time.Month, day int) bool {
	switch month {
	case time.January:
		return day == 1 || day == 6
	case time.April:
		if day == 25 {
			return true
		}
	case time.May:
		if day == 1 {
			return true
		}
	case time.June:
		return day == 2
	case time.August:
		return day == 15
	case time.October:
		return day == 4 && year >= saintFrancis
	case time.November:
		return day == 1
	case time.December:
		return day == 8 || day == 25 || day == 26
	}
	if month < time.March || month > time.April {
		return false
	}
	date := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	easter := Easter(year)
	return date.Equal(easter) || date.Equal(easter.AddDate(0, 0, 1))
}

// Easter is Easter Sunday of a year of the Gregorian calendar, at midnight UTC
// (Meeus, Jones, Butcher: Nature, 20 April 1876).
func Easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	month := (h + l - 7*m + 114) / 31
	day := (h+l-7*m+114)%31 + 1
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}
