package demo

import (
	"math/rand/v2"
	"slices"
	"sort"
	"time"

	"segnavia/civic"
)

// span is how far back the demonstration goes, in days.
const span = 730

// arrival is when and how a report came, and whether the flood brought it.
type arrival struct {
	at      time.Time
	channel civic.Channel
	flood   bool
}

// doors are the channels with their shares of a hundred.
var doors = []struct {
	channel civic.Channel
	share   int
}{
	{civic.ChannelWeb, 35},
	{civic.ChannelApp, 25},
	{civic.ChannelPhone, 25},
	{civic.ChannelCounter, 5},
	{civic.ChannelEmail, 7},
	{civic.ChannelOpen311, 3},
}

// hours is how busy each hour of a day is, on the web and for the app.
var hours = [24]int{2, 1, 1, 1, 1, 2, 5, 12, 18, 19, 18, 16, 13, 12, 13, 14, 15, 17, 18, 16, 13, 11, 8, 4}

// arrivals draws n arrivals before now, oldest first.
func arrivals(r *rand.Rand, cal *civic.Calendar, zone *time.Location, n int, now time.Time) []arrival {
	today := now.In(zone)
	days := make([]time.Time, span)
	// Running sums of the days' weights: of all, and of those with an office open.
	var sums [2][span]float64
	var total [2]float64
	for i := range days {
		y, m, d := today.AddDate(0, 0, i-span+1).Date()
		days[i] = time.Date(y, m, d, 0, 0, 0, 0, zone)
		open := len(cal.Open(days[i])) > 0
		weight := busy(days[i], i, open)
		if total[0] += weight; open {
			total[1] += weight
		}
		sums[0][i], sums[1][i] = total[0], total[1]
	}
	flood := floodDay(today, zone)
	list := make([]arrival, 0, n)
	for len(list) < n {
		a := arrival{channel: door(r)}
		k := 0
		if attended(a.channel) && total[1] > 0 {
			k = 1
		}
		day := days[min(sort.SearchFloat64s(sums[k][:], r.Float64()*total[k]), span-1)]
		if a.flood = r.IntN(24) == 0; a.flood {
			day = flood
		}
		a.channel, a.at = moment(r, cal, day, a.channel)
		if a.at.Before(now) {
			list = append(list, a)
		}
	}
	slices.SortStableFunc(list, func(a, b arrival) int { return a.at.Compare(b.at) })
	return list
}

// busy weighs a day: more people know the service each month, closed offices
// and August bring fewer reports, autumn rain brings more.
func busy(day time.Time, i int, open bool) float64 {
	w := 0.7 + 0.6*float64(i)/span
	if !open {
		w *= 0.55
	}
	switch day.Month() {
	case time.August:
		w *= 0.65
	case time.October, time.November, time.March:
		w *= 1.25
	case time.January, time.February:
		w *= 1.1
	}
	if day.Weekday() == time.Monday {
		w *= 1.2
	}
	return w
}

// floodDay is the last 9 October, a date the city remembers, that lies at least
// six weeks back.
func floodDay(today time.Time, zone *time.Location) time.Time {
	day := time.Date(today.Year(), time.October, 9, 0, 0, 0, 0, zone)
	if today.Sub(day) < 42*24*time.Hour {
		day = time.Date(today.Year()-1, time.October, 9, 0, 0, 0, 0, zone)
	}
	return day
}

// door draws a channel.
func door(r *rand.Rand) civic.Channel {
	n := r.IntN(100)
	for _, d := range doors {
		if n -= d.share; n < 0 {
			return d.channel
		}
	}
	return doors[0].channel
}

// attended reports whether a channel needs somebody on the other side.
func attended(c civic.Channel) bool { return c == civic.ChannelPhone || c == civic.ChannelCounter }

// moment draws an instant of a day at which the channel is open. Where the
// office is shut people write instead.
func moment(r *rand.Rand, cal *civic.Calendar, day time.Time, channel civic.Channel) (civic.Channel, time.Time) {
	second := time.Duration(r.IntN(3600)) * time.Second
	if attended(channel) {
		if open := cal.Open(day); len(open) > 0 {
			length := open[0].To - open[0].From - 30
			return channel, wall(day, open[0].From+r.IntN(length)).Add(second % time.Minute)
		}
		channel = civic.ChannelWeb
	}
	n := r.IntN(sum(hours[:]))
	hour := 0
	for n >= hours[hour] {
		n -= hours[hour]
		hour++
	}
	return channel, wall(day, hour*60).Add(second)
}

// wall is an instant of a day by its clock on the wall.
func wall(day time.Time, minutes int) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, 0, minutes, 0, 0, day.Location())
}

func sum(list []int) int {
	total := 0
	for _, v := range list {
		total += v
	}
	return total
}
