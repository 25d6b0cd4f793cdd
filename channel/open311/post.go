package open311

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/mail"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"

	"segnavia/civic"
)

// PostRequest makes a report. It answers with its code; where the report is kept and its
// code cannot be read at the moment, with a token by which to ask again.
func PostRequest(c *call) (int, node, error) {
	if err := c.need(civic.KeyRequests); err != nil {
		return 0, node{}, err
	}
	args, err := c.created()
	if err != nil {
		return 0, node{}, err
	}
	id, former, err := c.idOf(args.Source.ID)
	if err != nil {
		return 0, node{}, err
	}
	if known, err := c.sent(args.Source.ID, id, former); err == nil {
		return c.receipt(known)
	} else if !errors.Is(err, civic.ErrNotFound) {
		return 0, node{}, err
	}
	if err := c.rehearse(civic.Report{}, id, civic.KindCreate, args); err != nil {
		return 0, node{}, err
	}
	photos, err := c.photos()
	if err != nil {
		return 0, node{}, err
	}
	nonce := civic.HashNonce(c.Store.TownKey(c.Town.ID).Sum("open311 nonce", []byte(c.key.Name), id[:]))
	taken := c.Intake.Take(c.r.Context(), c.Town, c.key.Actor(), id, nonce, args, photos)
	if taken != nil && civic.CodeOf(taken) != civic.CodeIDTaken {
		return 0, node{}, taken
	}
	// A report under this id is the one that the same program sent before, or at
	// this moment in another call.
	r, err := c.Store.Report(c.r.Context(), c.Town.ID, id)
	switch {
	case err != nil && taken != nil:
		return 0, node{}, taken
	case err != nil:
		return http.StatusCreated, list("service_requests", group("request",
			text("token", id.String()), text("service_notice", ""), text("account_id", c.params.get("account_id")))), nil
	}
	return c.receipt(&r)
}

// rehearse lets the rules decide without keeping what they say: an edit that they
// refused would keep its id for ever, and the same report, mended, needs it.
func (c *call) rehearse(r civic.Report, id civic.ReportID, k civic.Kind, args any) error {
	rules, err := c.Store.Rules(c.r.Context(), c.Town.ID)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(args)
	if err != nil {
		return err
	}
	e := civic.Edit{Report: id, BaseRev: r.Rev, Kind: k, Args: raw, Actor: c.key.Actor()}
	_, out, err := civic.Apply(rules, r, e, c.Now())
	if err == nil && out.Result.Status == civic.Refused {
		refused := &civic.Error{Code: out.Result.Code, Args: out.Result.Args}
		if create, ok := args.(civic.CreateArgs); ok {
			refused = rules.Misplaced(refused, create.Lon, create.Lat)
		}
		return refused
	}
	return err
}

// idOf is the id of a report: derived from the program and from its own id for the
// report, so that a report sent again is the same, whichever of its keys it shows.
// former is the id that it had before ids were keyed.
func (c *call) idOf(theirs string) (id, former civic.ReportID, err error) {
	if theirs == "" {
		fresh, err := uuid.NewV7()
		return civic.ReportID(fresh), civic.ReportID{}, err
	}
	what := "open311\x00" + c.key.Name + "\x00" + theirs
	return civic.KeyedID[civic.Report](c.Store.TownKey(c.Town.ID), c.Town.ID, what), civic.DeriveID[civic.Report](c.Town.ID, what), nil
}

// sent finds the report that the program sent before under its own id. What anybody
// else put in its place is not the program's.
func (c *call) sent(theirs string, ids ...civic.ReportID) (*civic.Report, error) {
	reports, err := c.Store.ReportsByID(c.r.Context(), c.Town.ID, ids)
	for i := range reports {
		if r := &reports[i]; err == nil && c.own(r) && r.Source.ID == theirs {
			return r, nil
		}
	}
	if err != nil {
		return nil, err
	}
	return nil, civic.ErrNotFound
}

func (c *call) receipt(r *civic.Report) (int, node, error) {
	return http.StatusCreated, list("service_requests", group("request",
		text("service_request_id", string(r.Code)), text("service_notice", c.notice(r)),
		text("account_id", c.params.get("account_id")))), nil
}

// notice says what happens next, as far as the service promises it.
func (c *call) notice(r *civic.Report) string {
	day := func(t time.Time) string { return t.In(c.zone).Format("02/01/2006") }
	var said []string
	if t := r.Deadlines.FirstReply; !t.IsZero() {
		said = append(said, c.say("open311.notice.reply", map[string]any{"day": day(t)}))
	}
	if t := r.Deadlines.Resolution; !t.IsZero() {
		said = append(said, c.say("open311.notice.resolution", map[string]any{"day": day(t)}))
	}
	if len(r.Withheld) > 0 {
		said = append(said, c.say("open311.notice.withheld", nil))
	}
	return strings.Join(said, " ")
}

// created reads a report. All that is wrong with its parameters is told at once.
func (c *call) created() (civic.CreateArgs, error) {
	p := c.params
	args := civic.CreateArgs{
		Channel: civic.ChannelOpen311, Description: p.get("description"), Address: p.get("address_string"),
		Answers: p.attributes(), Source: &civic.Source{Client: c.key.Name},
		Contact: civic.Contact{
			Name: strings.TrimSpace(p.get("first_name") + " " + p.get("last_name")), Email: p.get("email"), Phone: p.get("phone"),
		},
	}
	code := p.get("service_code")
	if code == "" {
		return args, bad("open311.error.missing", "field", "service_code")
	}
	service, err := c.service(code)
	if err != nil {
		return args, err
	}
	args.Service = service.Code
	if own := args.Answers[fixMyStreetID]; len(own) > 0 {
		args.Source.ID = own[0]
	}
	delete(args.Answers, fixMyStreetID)
	var wrong, list faults
	args.Lon, args.Lat, wrong = p.place()
	args.Media, list = p.media()
	wrong = append(wrong, list...)
	if args.Contact.Email != "" {
		if a, err := mail.ParseAddress(args.Contact.Email); err != nil || a.Address != args.Contact.Email {
			wrong = append(wrong, bad("open311.error.invalid", "field", "email"))
		}
	}
	if !args.Contact.IsZero() {
		args.Contact.Lang = string(c.Lang)
	}
	if args.Lon == nil && args.Address == "" {
		if args.Address = p.get("address_id"); args.Address == "" && len(wrong) == 0 {
			wrong = append(wrong, bad("open311.error.place"))
		}
	}
	if len(wrong) > 0 {
		return args, wrong
	}
	return args, c.find(c.r.Context(), &args)
}

// find places a report that came with words instead of a point. Where no street is
// like them, the office finds the place.
func (c *call) find(ctx context.Context, args *civic.CreateArgs) error {
	if args.Lon != nil || args.Address == "" {
		return nil
	}
	p, ok, err := c.Intake.Place(ctx, c.Town, args.Address)
	if ok {
		args.Lon, args.Lat = &p.Lon, &p.Lat
	}
	return err
}

// photos hands the pictures of a multipart body to the pipeline.
func (c *call) photos() ([]civic.AttachArgs, error) {
	var list []civic.AttachArgs
	for _, name := range c.params.files {
		one, err := c.photo(name)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

func (c *call) photo(name string) (civic.AttachArgs, error) {
	f, err := os.Open(name)
	if err != nil {
		return civic.AttachArgs{}, errors.Join(civic.ErrBusy, err)
	}
	defer f.Close() //nolint:errcheck // only read
	a, err := c.Photos.Take(c.r.Context(), c.Town.ID, f)
	a.Stage = civic.StageReport
	return a, err
}
