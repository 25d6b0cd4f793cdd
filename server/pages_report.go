package server

import (
	"hash/fnv"
	"net/http"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"segnavia/civic"
	"segnavia/text"
)

// formView is the page of a new report.
type formView struct {
	Errors pageErrors
	// Fresh asks the script for a new id: the old one names another report.
	Fresh bool

	Groups                    []groupView
	Lon, Lat, Address, Title  string
	Description, Hazard       string
	Kept                      []civic.SHA256
	FileInputs                []int
	MaxPhotos                 int
	Phone, Email, ContactName string
	Prefers                   []optionView
	Statuses                  string
	Shot                      *shotView
}

// fieldOrder is the order in which the page asks.
var fieldOrder = []string{"service", "address", "title", "description", "photos", "phone", "email", "name", "form"}

func (f *form) sortErrors() {
	slices.SortStableFunc(f.errors, func(a, b pageError) int {
		return slices.Index(fieldOrder, a.Field) - slices.Index(fieldOrder, b.Field)
	})
}

// Wrong is what is to be corrected in a field.
func (v formView) Wrong(field string) wrong { return v.Errors.Wrong(field) }

type groupView struct {
	Key, Icon, Name string
	Services        []serviceOption
	Single, Checked bool
}

type serviceOption struct {
	Code, Name, Lang, Words string
	Checked                 bool
}

type optionView struct {
	Value, Name string
	Checked     bool
}

func (s *Server) getForm(w http.ResponseWriter, r *http.Request, rq *request) error {
	return s.showForm(w, r, rq, http.StatusOK, &form{Values: r.URL.Query()}, false)
}

func (s *Server) showForm(w http.ResponseWriter, r *http.Request, rq *request, status int, f *form, fresh bool) error {
	f.sortErrors()
	v := formView{
		Errors: f.errors, Fresh: fresh, Groups: s.groups(rq, f), Lon: f.text("lon"), Lat: f.text("lat"),
		Address: f.text("address"), Title: f.text("title"), Description: f.text("description"), Hazard: f.text("hazard"),
		MaxPhotos: pagePhotos, Phone: f.text("phone"), Email: f.text("email"), ContactName: f.text("name"),
		Statuses: s.statusWords(rq.lang),
	}
	if _, _, ok := position(f); !ok {
		v.Lon, v.Lat = "", ""
	}
	shot, err := s.shotView(r.Context(), rq, f)
	if err != nil {
		return err
	}
	v.Shot = shot
	for _, p := range f.photos {
		v.Kept = append(v.Kept, p.SHA256)
	}
	for n := len(v.Kept) + 1; n <= min(len(v.Kept)+3, pagePhotos); n++ {
		v.FileInputs = append(v.FileInputs, n)
	}
	for _, wish := range []string{"phone", "sms", "email", "none"} {
		v.Prefers = append(v.Prefers, optionView{wish, s.Words.T(rq.lang, "page.report.prefers."+wish, nil), f.text("prefers") == wish})
	}
	title := s.Words.T(rq.lang, "page.report.title", nil)
	if len(f.errors) > 0 {
		title = s.Words.T(rq.lang, "page.error.summary", text.Args{"n": len(f.errors)}) + " – " + title
	}
	return s.show(w, r, rq, status, pageView{Name: "report", Title: title, V: v})
}

// pictures is how many groups of services have a picture of their own. The
// others stand under the last one, with "I do not know".
const pictures = 8

// isOther tells the service that takes what has no name.
func isOther(service civic.Service) bool { return service.Code == "other" || service.Code == "altro" }

// groups arranges the services as pictures, what people report most first.
func (s *Server) groups(rq *request, f *form) []groupView {
	chosen := f.text("service")
	list := s.groupsWithPictures(rq)
	at := make(map[string]int, len(list))
	for i := range list {
		at[list[i].Key] = i
	}
	other := groupView{Key: otherIcon, Icon: otherIcon, Name: s.Words.T(rq.lang, "page.report.other", nil)}
	var unknown []serviceOption
	for _, service := range rq.town.Services {
		option := serviceOption{Code: service.Code, Words: strings.Join(service.Keywords, " "), Checked: service.Code == chosen}
		option.Name, option.Lang = s.serviceName(rq, service)
		i, pictured := at[groupKey(service.Group)]
		switch {
		case isOther(service):
			option.Name, option.Lang = s.Words.T(rq.lang, "page.report.other.text", nil), ""
			unknown = append(unknown, option)
		case pictured:
			list[i].Services = append(list[i].Services, option)
		default:
			other.Services = append(other.Services, option)
		}
	}
	other.Services = append(unknown, other.Services...)
	if len(other.Services) > 0 {
		list = append(list, other)
	}
	picked := f.text("group")
	for i := range list {
		g := &list[i]
		g.Single = len(g.Services) == 1
		g.Checked = picked == g.Key
		for _, option := range g.Services {
			g.Checked = g.Checked || option.Checked && picked == ""
		}
	}
	return list
}

// groupsWithPictures are the groups that have a picture of their own, without
// their services.
func (s *Server) groupsWithPictures(rq *request) []groupView {
	var names []string
	for _, service := range rq.town.Services {
		if !isOther(service) && !slices.Contains(names, service.Group) {
			names = append(names, service.Group)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return groupRank(a) - groupRank(b) })
	list := make([]groupView, 0, pictures+1)
	for _, name := range names[:min(len(names), pictures)] {
		list = append(list, groupView{Key: groupKey(name), Icon: groupIcon(name), Name: s.groupName(rq.lang, name)})
	}
	return list
}

// groupKey names a group in a form: the same however many groups there are.
func groupKey(group string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(group)) // never fails
	return "g" + strconv.FormatUint(uint64(h.Sum32()), 36)
}

// chosenService finds the service of a form. A picture with one service behind
// it is enough; a service behind another picture than the one chosen is not.
func (s *Server) chosenService(rq *request, f *form) (code string, ok bool) {
	groups := s.groups(rq, f)
	for _, g := range groups {
		if !g.Checked {
			continue
		}
		for _, option := range g.Services {
			if option.Checked || g.Single {
				return option.Code, true
			}
		}
		if g.Key == otherIcon && isOther(civic.Service{Code: g.Services[0].Code}) {
			return g.Services[0].Code, true
		}
		f.wrong("service", "group-"+g.Key, s.Words.T(rq.lang, "page.error.service.which", text.Args{"group": g.Name}))
		return "", false
	}
	at := "service"
	if len(groups) > 0 {
		at = "group-" + groups[0].Key
	}
	f.wrong("service", at, s.Words.T(rq.lang, "page.error.service", nil))
	return "", false
}

// postForm takes a report. Without script there is no id yet: it is made here,
// and never written into a page.
func (s *Server) postForm(w http.ResponseWriter, r *http.Request, rq *request) error {
	asCitizen := *rq
	asCitizen.actor, asCitizen.user, asCitizen.staff = civic.Actor{Role: civic.RoleCitizen}, civic.User{}, false
	f, err := s.readForm(w, r, rq, pagePhotos)
	if err != nil {
		return err
	}
	f.acceptShot()
	args, err := s.reportOf(r, rq, f)
	if err != nil {
		return err
	}
	if len(f.errors) > 0 {
		return s.showForm(w, r, rq, http.StatusUnprocessableEntity, f, false)
	}
	id, err := civic.ParseID[civic.Report](f.text("id"))
	if err != nil || id.IsZero() {
		fresh, err := uuid.NewV7()
		if err != nil {
			return err
		}
		id = civic.ReportID(fresh)
	}
	receipt, _, err := s.ingest(r.Context(), &asCitizen, newReport{ID: id, Args: args, Photos: f.photos})
	if err != nil {
		return s.reportRefused(w, r, rq, f, err)
	}
	w.Header().Set("Cache-Control", "no-store")
	http.SetCookie(w, s.cookie(secretCookie(receipt.Code), receipt.Secret, yearSeconds))
	http.Redirect(w, r, "/r/"+string(receipt.Code)+"?k="+receipt.Secret+"&thanks=1", http.StatusSeeOther)
	return nil
}

// reportRefused shows the form again, with what the rules did not like.
func (s *Server) reportRefused(w http.ResponseWriter, r *http.Request, rq *request, f *form, err error) error {
	e := refusal(err)
	field, _ := e.Args["field"].(string)
	switch e.Code {
	case civic.CodeOutsideTown:
		f.Del("lon")
		f.Del("lat")
		f.wrong("address", "address", s.Words.T(rq.lang, "page.error.outside", nil))
	case civic.CodeIDTaken:
		f.wrong("form", "send", s.Words.T(rq.lang, "page.error.sent", nil))
		return s.showForm(w, r, rq, http.StatusConflict, f, true)
	case civic.CodeTooLong, civic.CodeInvalid, civic.CodeLimit:
		f.wrong(field, field, s.problemOf(rq.lang, 0, e).Detail)
	case "too_fast":
		f.wrong("form", "send", s.problemOf(rq.lang, 0, e).Detail)
		w.Header().Set("Retry-After", "60")
		return s.showForm(w, r, rq, http.StatusTooManyRequests, f, false)
	default:
		return err
	}
	return s.showForm(w, r, rq, http.StatusUnprocessableEntity, f, false)
}

// reportOf checks a form and makes the report of it. What is to be corrected is
// noted in the form.
func (s *Server) reportOf(r *http.Request, rq *request, f *form) (civic.CreateArgs, error) {
	args := civic.CreateArgs{
		Title: f.text("title"), Description: f.text("description"), Address: f.text("address"),
		Channel: civic.ChannelWeb, Hazard: f.text("hazard") == "yes", Contact: s.contactOf(rq, f),
	}
	code, chosen := s.chosenService(rq, f)
	args.Service = code
	var service civic.Service
	for _, one := range rq.town.Services {
		if chosen && one.Code == code {
			service = one
		}
	}
	if chosen && isOther(service) && args.Description == "" && args.Title == "" {
		f.wrong("description", "description", s.Words.T(rq.lang, "page.error.details", nil))
	}
	s.checkLengths(rq, f)
	street := args.Address
	if lon, lat, ok := position(f); ok {
		args.Lon, args.Lat = &lon, &lat
		if street == "" {
			near, err := s.Store.PlaceAt(r.Context(), rq.j(), civic.Position{Lon: lon, Lat: lat})
			if err != nil {
				return args, err
			}
			street, args.Address = near.Street, s.placeLabel(rq.lang, &near)
		}
	} else if args.Address != "" {
		found, ok, err := s.place(r.Context(), rq, args.Address)
		if err != nil {
			return args, err
		}
		if ok {
			args.Lon, args.Lat = &found.Lon, &found.Lat
			street = found.Street
		}
	} else if service.Kind != "assistance" {
		f.wrong("address", "address", s.Words.T(rq.lang, "page.error.address", nil))
	}
	if args.Title == "" && chosen {
		args.Title = titleOf(service, street, args.Description)
	}
	return args, nil
}

func (s *Server) checkLengths(rq *request, f *form) {
	for field, most := range map[string]int{
		"address": civic.MaxAddress, "title": civic.MaxTitle, "description": civic.MaxDescription,
		"phone": civic.MaxContact, "email": civic.MaxContact, "name": civic.MaxContact,
	} {
		if utf8.RuneCountInString(f.text(field)) > most {
			f.wrong(field, field, s.Words.T(rq.lang, "page.error.long", text.Args{"max": most}))
		}
	}
}

// titleOf writes the title that a reporter left out: the kind and the street,
// or the first words where the kind says nothing.
func titleOf(service civic.Service, street, description string) string {
	title := service.Name
	if isOther(service) && description != "" {
		title, _, _ = strings.Cut(description, "\n")
		if words := []rune(title); len(words) > 60 {
			title = strings.TrimSpace(string(words[:60])) + "…"
		}
	}
	if long := title + ", " + street; street != "" && utf8.RuneCountInString(long) <= civic.MaxTitle {
		return long
	}
	return title
}

// contactOf reads how to answer. A wish that cannot be kept is to be corrected.
func (s *Server) contactOf(rq *request, f *form) civic.Contact {
	c := civic.Contact{Name: f.text("name"), Email: f.text("email"), Phone: f.text("phone"), Prefers: f.text("prefers")}
	if c.Email != "" {
		if address, err := mail.ParseAddress(c.Email); err != nil || address.Address != c.Email {
			f.wrong("email", "email", s.Words.T(rq.lang, "page.error.email", nil))
		}
	} else if c.Prefers == "email" {
		f.wrong("email", "email", s.Words.T(rq.lang, "page.error.email.wanted", nil))
	}
	if (c.Prefers == "phone" || c.Prefers == "sms") && len(dialled(c.Phone)) < 5 {
		f.wrong("phone", "phone", s.Words.T(rq.lang, "page.error.phone", nil))
	}
	if !c.IsZero() {
		c.Lang = string(rq.lang)
	}
	return c
}

// position reads the place that a script or a map put into the form.
func position(f *form) (lon, lat float64, ok bool) {
	p, ok := parsePosition(f.text("lon"), f.text("lat"))
	return p.Lon, p.Lat, ok
}

func parsePosition(x, y string) (civic.Position, bool) {
	lon, err1 := strconv.ParseFloat(x, 64)
	lat, err2 := strconv.ParseFloat(y, 64)
	// NaN fails the comparisons.
	ok := err1 == nil && err2 == nil && lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90
	return civic.Position{Lon: lon, Lat: lat}, ok
}
