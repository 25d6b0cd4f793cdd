package civic

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// PublicReport lists what anybody may see of a report. It is built up from
// nothing: a field that is not here is never shown.
//
// Day is the day of arrival in the town's zone; the place is the report's Spot,
// so that it names a street and not a door.
type PublicReport struct {
	// ID is not told: whoever knows it may be who made the report.
	ID          ReportID        `json:"-"`
	Code        Code            `json:"code"`
	Service     string          `json:"service"`
	ServiceName string          `json:"service_name"`
	Group       string          `json:"group"`
	Status      Status          `json:"status"`
	Day         string          `json:"day"`
	Closed      string          `json:"closed,omitempty"`
	Lon         float64         `json:"lon"`
	Lat         float64         `json:"lat"`
	Title       string          `json:"title,omitempty"`
	Description string          `json:"description,omitempty"`
	Address     string          `json:"address,omitempty"`
	Area        string          `json:"area,omitempty"`
	Followers   int             `json:"followers,omitempty"`
	Photos      []PublicPhoto   `json:"photos,omitempty"`
	Messages    []PublicMessage `json:"messages,omitempty"`
}

// PublicPhoto is a picture that a person has looked at and let through. ID is its
// hash's PublicID; the hash itself is not told.
type PublicPhoto struct {
	SHA256 SHA256 `json:"-"`
	ID     string `json:"id"`
	Stage  string `json:"stage"`
	W      int    `json:"w"`
	H      int    `json:"h"`
	// Cover stands in the address, so that a picture covered anew has a new one.
	Cover string `json:"cover,omitempty"`
}

// PublicMessage is an answer that anybody may read; Text is joined by ID.
type PublicMessage struct {
	ID   MessageID `json:"id"`
	From Role      `json:"from"`
	Day  string    `json:"day"`
	Text string    `json:"text,omitempty"`
}

// Public gives what anybody may see of a report, and false when that is
// nothing. zone is the town's.
func Public(r *Report, s Service, area string, zone *time.Location) (PublicReport, bool) {
	if !r.visible(s) {
		return PublicReport{}, false
	}
	spot := r.PublicSpot()
	p := PublicReport{
		ID: r.ID, Code: r.Code, Service: s.Code, ServiceName: s.Name, Group: s.Group, Status: r.Status,
		Day: day(r.Created, zone), Closed: day(r.Closed, zone), Area: area, Followers: r.Followers,
		Lon: spot.Lon, Lat: spot.Lat, Address: spot.Street,
	}
	if !r.TextIsPublic(s) {
		return p, true
	}
	p.Title, p.Description = r.Title, r.Description
	if p.Address == "" {
		p.Address = StreetOf(r.Address)
	}
	for _, hash := range InOrder(r.Photos) {
		if photo := r.Photos[hash]; photo.Shown() {
			p.Photos = append(p.Photos, PublicPhoto{hash, hash.PublicID(), photo.Stage, photo.W, photo.H, photo.Cover})
		}
	}
	for id, m := range r.Messages {
		if m.Public && !m.Held {
			p.Messages = append(p.Messages, PublicMessage{ID: id, From: m.From, Day: day(m.At, zone)})
		}
	}
	slices.SortFunc(p.Messages, func(a, b PublicMessage) int { return r.Messages[a.ID].At.Compare(r.Messages[b.ID].At) })
	return p, true
}

func day(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(time.DateOnly)
}

// Filter chooses reports for a list. Zero fields choose all. Status is "open",
// "closed" or one status.
type Filter struct {
	Status   string
	Services []ServiceID
	Area     AreaID
	Team     TeamID
	Channel  Channel
	From, To time.Time
	Public   bool // only what the public map shows
	// After continues a list behind a report: the last one's creation and id.
	After   time.Time
	AfterID ReportID
	Limit   int
}

// aside is how a person says where exactly, or at whose door.
var aside = regexp.MustCompile(`(?i)\s+(davanti|vicino|near|angolo|presso|accanto|dietro|fronte|di fronte|sopra|sotto|int|interno|scala|piano|citofono|suona|suonare|c/o)\b.*$`)

// besideStreet is what no name of a street holds: brackets, dashes that set off a
// remark, telephone numbers, addresses of e-mail.
var besideStreet = regexp.MustCompile(`(?i)\s*([(\[;:–—]|\s-\s|\btel\b|\d{5,}|\S+@).*$`)

// abroad are the kinds of streets in English, which stand behind the name.
var abroad = regexp.MustCompile(`(?i)\b(street|st|avenue|ave|road|rd|lane|square|place|drive|boulevard|blvd)\b`)

// StreetOf is what of an address anybody may know: the street, without the door
// and without whatever else was written. Words without a street's kind among
// them may be anybody's name: nothing of them is told.
func StreetOf(address string) string {
	whole := kilometreComma.ReplaceAllString(besideStreet.ReplaceAllString(address, ""), "$1.$2")
	parts := strings.Split(whole, ",")
	chosen := ""
	for _, part := range parts {
		words := strings.Fields(part)
		if i := slices.IndexFunc(words, isStreetKind); i >= 0 {
			chosen = strings.Join(words[i:], " ")
			break
		}
		if chosen == "" && abroad.MatchString(part) {
			chosen = strings.Join(words, " ")
		}
	}
	chosen = aside.ReplaceAllString(chosen, "")
	return strings.TrimRight(beforeDoor(strings.Fields(chosen)), " ,.")
}

// beforeDoor is a street without its house number and what follows: a door is
// nobody's business but the town's.
func beforeDoor(words []string) string {
	if len(words) > 1 && strings.Trim(words[0], "0123456789") == "" {
		words = words[1:] // "1234 5th street"
	}
	for i := range words {
		if i > 0 && endsStreet(words, i) {
			return strings.Join(words[:i], " ")
		}
	}
	return strings.Join(words, " ")
}
