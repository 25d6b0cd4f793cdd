package open311

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"segnavia/civic"
	words "segnavia/text"
)

// PostUpdate takes what another program's people say about a report: a message to
// the office, and what follows from its status. The same update_id counts once.
func PostUpdate(c *call) (int, node, error) {
	if err := c.need(civic.KeyUpdates); err != nil {
		return 0, node{}, err
	}
	in, err := c.readUpdate()
	if err != nil {
		return 0, node{}, err
	}
	r, err := c.touched(in.code)
	if err != nil {
		return 0, node{}, err
	}
	e := civic.Named(c.Store.TownKey(c.Town.ID), r.ID, "open311\x00"+c.key.Name+"\x00"+in.id, civic.Edit{Kind: civic.KindMessage})
	id, err := c.apply(e, r, civic.TextArgs{Text: in.text, Channel: civic.ChannelOpen311, Media: in.media})
	if err != nil {
		return 0, node{}, err
	}
	if err := c.follow(id, r, in.means); err != nil {
		return 0, node{}, err
	}
	return http.StatusCreated, list("service_request_updates",
		group("request_update", text("update_id", id.String()), text("account_id", c.params.get("account_id")))), nil
}

type update struct {
	id, text string
	code     civic.Code
	means    said
	media    []string
}

func (c *call) readUpdate() (in update, err error) {
	p := c.params
	var wrong faults
	need := func(name string) string {
		v := p.get(name)
		if v == "" {
			wrong = append(wrong, bad("open311.error.missing", "field", name))
		}
		return v
	}
	if in.id = need("update_id"); len(in.id) > civic.MaxContact {
		wrong = append(wrong, bad("open311.error.too_long", "field", "update_id", "max", civic.MaxContact))
	}
	code := need("service_request_id")
	status, means, ok := statusOf(p.get("status"))
	if in.means = means; !ok {
		wrong = append(wrong, bad("open311.error.status", "field", "status"))
	}
	if v := p.get("updated_datetime"); v != "" {
		if t, ok := moment(v, c.zone); !ok {
			wrong = append(wrong, bad("open311.error.date", "field", "updated_datetime"))
		} else if t.After(c.Now().Add(clockSkew)) {
			wrong = append(wrong, bad("open311.error.future", "field", "updated_datetime"))
		}
	}
	media, list := p.media()
	in.media, wrong = media, append(wrong, list...)
	if in.text = p.get("description"); in.text == "" && status != "" && ok {
		in.text = c.Words.T(words.Choose(c.Town.Locale, ""), "open311.says", map[string]any{"client": c.key.Name, "status": status})
	}
	if in.text == "" {
		wrong = append(wrong, bad("open311.error.missing", "field", "description"))
	}
	if len(wrong) > 0 {
		return in, wrong
	}
	if in.code, err = civic.ParseCode(code); err != nil {
		return in, unknown("open311.error.not_found")
	}
	return in, nil
}

// touched is the report that an update is about, if the program may know it.
func (c *call) touched(code civic.Code) (*civic.Report, error) {
	reports, err := c.Store.ReportsByCode(c.r.Context(), c.Town.ID, []civic.Code{code})
	if err != nil {
		return nil, err
	}
	if len(reports) == 0 || !reports[0].Visible && !c.own(&reports[0]) {
		return nil, unknown("open311.error.not_found")
	}
	return &reports[0], nil
}

// follow makes the step that a status asks for. What the town does with an open
// case is the town's: the words of the update are in its conversation.
func (c *call) follow(id civic.EditID, r *civic.Report, means said) error {
	next := civic.Named(c.Store.TownKey(c.Town.ID), id, "status", civic.Edit{})
	var err error
	switch {
	case means == saysAgain && !r.Status.Open():
		next.Kind = civic.KindContest
		_, err = c.apply(next, r, civic.ContestArgs{})
	case means == saysDone && r.Status == civic.StatusResolved:
		next.Kind = civic.KindTransition
		_, err = c.apply(next, r, civic.TransitionArgs{From: r.Status, To: civic.StatusClosed})
	}
	if civic.CodeOf(err) == civic.CodeIllegalStep {
		return nil // somebody was faster
	}
	return err
}

// apply makes a named edit as the key's program and gives the id under which it is
// kept. One that was made before counts as made.
func (c *call) apply(e civic.Edit, r *civic.Report, args any) (civic.EditID, error) {
	if err := c.rehearse(*r, r.ID, e.Kind, args); err != nil {
		return e.ID, err
	}
	raw, err := json.Marshal(args)
	if err != nil {
		return e.ID, err
	}
	e.Report, e.BaseRev, e.Args, e.At, e.Actor = r.ID, r.Rev, raw, c.Now(), c.key.Actor()
	return applied(c.r.Context(), c.Store, c.Town.ID, e)
}

func applied(ctx context.Context, edits Edits, j civic.JurisdictionID, e civic.Edit) (civic.EditID, error) {
	a, err := edits.Apply(ctx, j, e, 0)
	if err != nil {
		return e.ID, err
	}
	if a.Status == civic.Refused && a.Code != civic.CodeIDTaken {
		return a.ID, &civic.Error{Code: a.Code, Args: a.Args}
	}
	return a.ID, nil
}

var errLater = errors.New("some pictures could not be fetched yet")
