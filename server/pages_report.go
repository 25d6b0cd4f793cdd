package server

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"segnavia/civic"
	"segnavia/text"
)

// formView is the page of a new report.
type formView struct {
	Errors pageErrors
	// Fresh asks the script for a new id: the old one names another report.
	Fresh bool
	// Nonce is what the sender of this report proves themselves by, so that pressing
	// twice or going back makes no second report.
	Nonce string

	// Assist is the form for help from an office; the other is about a place.
	Assist, MayAssist bool
	// Step is what is still to be looked at before it is sent: questions,
	// similar reports, or both.
	Step      string
	Questions *questionsView
	Similar   []cardView
	Seen      bool
	ReadBack  string

	Groups                   []groupView
	Lon, Lat, Address, Title string
	Description, Hazard      string
	Kept                     []string // references of photos
	FileInputs               []int
	MaxPhotos                int
	Contact                  contactView
	Statuses                 string
	Shot                     *shotView
}

// fieldOrder is the order in which the page asks.
var fieldOrder = []string{
	"service", "attribute", "address", "title", "description", "photos", "name", "surname", "phone", "email", "prefers", "postal", "hours", "for", "form",
}

func (f *form) sortErrors() {
	at := func(field string) int {
		name, _, _ := strings.Cut(field, "[")
		return slices.Index(fieldOrder, name)
	}
	slices.SortStableFunc(f.errors, func(a, b pageError) int { return at(a.Field) - at(b.Field) })
}

// Wrong is what is to be corrected in a field.
func (v formView) Wrong(field string) wrong { return v.Errors.Wrong(field) }

type groupView struct {
	Key, Icon, Name string
	Services        []serviceOption
	Single, Checked bool
	Contact         string // of the single service
}

type serviceOption struct {
	Code, Name, Lang, Words string
	Checked, Asks           bool
	// Contact is what the service wants to know of whoever reports, where that is
	// not what they like.
	Contact string
}

type optionView struct {
	Value, Name string
	Checked     bool
}

func (s *Server) getForm(w http.ResponseWriter, r *http.Request, rq *request) error {
	// What a link says, whoever wrote it knows: the nonce is always drawn here.
	return s.showForm(w, r, rq, http.StatusOK, &form{Values: r.URL.Query()}, true)
}

func (s *Server) showForm(w http.ResponseWriter, r *http.Request, rq *request, status int, f *form, fresh bool) error {
	f.sortErrors()
	if wantsJSON(r) && r.Method == http.MethodPost {
		return s.formJSON(w, status, f)
	}
	nonce := f.text("nonce")
	if _, err := civic.ParseNonce(nonce); err != nil || nonce == "" || fresh {
		nonce = newNonce()
	}
	v := formView{
		Errors: f.errors, Fresh: fresh && len(f.errors) > 0, Nonce: nonce, Groups: s.groups(rq, f), Lon: f.text("lon"), Lat: f.text("lat"),
		Address: f.text("address"), Title: f.text("title"), Description: f.text("description"), Hazard: f.text("hazard"),
		MaxPhotos: pagePhotos, Contact: s.contactView(rq, f), Statuses: s.statusWords(rq.lang),
		Assist: s.kindOf(rq, f) == kindAssistance, Step: f.step, Similar: f.similar, ReadBack: f.readBack, Seen: f.seen || f.text("seen") != "",
	}
	v.MayAssist = !v.Assist && slices.ContainsFunc(rq.town.Services, func(o civic.Service) bool { return o.Kind == kindAssistance })
	if service, miss := s.chosenService(rq, f); miss == nil {
		v.Questions = s.questions(rq, service, f)
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
		v.Kept = append(v.Kept, s.photoRef(rq, p.SHA256))
	}
	for n := len(v.Kept) + 1; n <= pagePhotos; n++ {
		v.FileInputs = append(v.FileInputs, n)
	}
	title := s.Words.T(rq.lang, "page.report.title", nil)
	if v.Assist {
		title = s.Words.T(rq.lang, "page.assist.title", nil)
	}
	if v.Step != "" {
		title = v.Step + " – " + title
	}
	if len(f.errors) > 0 {
		title = s.Words.T(rq.lang, "page.error.summary", text.Args{"n": len(f.errors)}) + " – " + title
	}
	return s.show(w, r, rq, status, pageView{Name: "report", Title: title, V: v})
}

// postForm takes a report. Without script it has no id yet: that follows from the
// nonce in the page, so that the same page makes one report however often it is sent.
func (s *Server) postForm(w http.ResponseWriter, r *http.Request, rq *request) error {
	asCitizen := *rq
	asCitizen.actor, asCitizen.user, asCitizen.staff = civic.Actor{Role: civic.RoleCitizen}, civic.User{}, false
	f, err := s.readForm(w, r, rq, pagePhotos, false)
	if err != nil {
		return err
	}
	f.acceptShot()
	if f.text("step") == "near" {
		return s.showNear(w, r, rq, f)
	}
	in, err := s.bornWith(r.Context(), rq, f)
	if err != nil {
		return err
	}
	if in.Args, err = s.reportOf(r, rq, f); err != nil {
		return err
	}
	in.Photos = f.photos
	if len(f.errors) == 0 {
		again, sent, err := s.sentBefore(r, &asCitizen, f, &in)
		if err != nil {
			return s.reportRefused(w, r, rq, f, err)
		}
		if sent {
			return s.thank(w, r, again, f)
		}
		if err := s.nextStep(r.Context(), rq, f, &in.Args); err != nil {
			return err
		}
	}
	if f.later {
		http.SetCookie(w, s.cookie(laterCookie, laterPending, laterSeconds))
	}
	if len(f.errors) > 0 {
		return s.showForm(w, r, rq, http.StatusUnprocessableEntity, f, false)
	}
	if f.step != "" {
		if wantsJSON(r) {
			f.wrong("asked", "questions", f.step)
			return s.formJSON(w, http.StatusUnprocessableEntity, f)
		}
		return s.showForm(w, r, rq, http.StatusOK, f, false)
	}
	receipt, _, err := s.ingest(r.Context(), &asCitizen, in)
	if err != nil {
		return s.reportRefused(w, r, rq, f, err)
	}
	return s.thank(w, r, receipt, f)
}

// thank gives the sender of a report what lets them back in.
func (s *Server) thank(w http.ResponseWriter, r *http.Request, receipt civic.Receipt, f *form) error {
	w.Header().Set("Cache-Control", "no-store")
	http.SetCookie(w, s.cookie(secretCookie(receipt.Code), receipt.Secret, yearSeconds))
	if f.later || s.readCookie(r, laterCookie) == laterPending {
		http.SetCookie(w, s.cookie(laterCookie, string(receipt.Code), laterSeconds))
	}
	if wantsJSON(r) {
		return writeJSON(w, http.StatusCreated, sentBody{receipt.Code, receipt.Code.Spoken()})
	}
	s.keepSent(w, f)
	http.Redirect(w, r, "/r/"+string(receipt.Code)+"?k="+receipt.Secret+"&thanks=1", http.StatusSeeOther)
	return nil
}

// laterCookie names the report whose thanks say that its pictures are still to be
// sent, or says that there will be one.
const (
	laterCookie  = "later"
	laterPending = "1"
	laterSeconds = 600
)

// reportRefused shows the form again, with what the rules did not like.
func (s *Server) reportRefused(w http.ResponseWriter, r *http.Request, rq *request, f *form, err error) error {
	e := refusal(err)
	field, _ := e.Args["field"].(string)
	switch e.Code {
	case civic.CodeOutsideTown:
		s.wrongPlace(rq, f)
	case codeKnown:
		if wantsJSON(r) {
			return writeJSON(w, http.StatusOK, knownBody{true, s.problemOf(rq.lang, 0, e).Detail})
		}
		fallthrough
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
		Channel: civic.ChannelWeb, Hazard: f.text("hazard") == "yes",
	}
	service, miss := s.chosenService(rq, f)
	chosen := miss == nil
	args.Contact = s.contactOf(rq, f, service)
	if args.Service = service.Code; !chosen {
		f.errors = append(f.errors, *miss)
	} else if f.text("asked") == service.Code {
		args.Answers = s.answers(rq, service, f)
	}
	if s.kindOf(rq, f) == kindAssistance {
		s.checkLengths(rq, f)
		s.assistOf(rq, f, service, &args)
		return args, nil
	}
	if chosen && isOther(service) && args.Description == "" && args.Title == "" {
		f.wrong("description", "description", s.Words.T(rq.lang, "page.error.details", nil))
	}
	s.checkLengths(rq, f)
	street := civic.StreetOf(args.Address)
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
	} else {
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
		"surname": civic.MaxContact, "postal": civic.MaxAddress, "hours": civic.MaxContact, "for": civic.MaxContact,
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
