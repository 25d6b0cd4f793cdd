package open311

import (
	"log/slog"
	"net/http"
	"strings"
	"time"

	"segnavia/civic"
	words "segnavia/text"
)

// Limit names how often something may be done.
type Limit uint8

// The limits: calls of an address, calls of a key, wrong keys of an address, codes that
// an address asks about.
const (
	LimitCalls Limit = iota
	LimitKey
	LimitBadKey
	LimitCode
)

// Options are what a Door is made of.
type Options struct {
	Store    Store
	Photos   Attacher
	Intake   Intake
	Outside  Fetcher
	Words    *words.Catalogue
	Logger   *slog.Logger
	Now      func() time.Time
	Allow    func(l Limit, place string) bool // counts one; place is an address or a key's id
	Contacts func(town *civic.TownSite, base string, lang words.Lang) string
}

// Door answers the calls of GeoReport v2. It is safe for concurrent use.
type Door struct{ Options }

// New makes a door.
func New(o Options) *Door { return &Door{o} }

// Call is what is known of a call before it is read: the town that it came to,
// the language, what stands for the caller in limits, the address under which the
// caller knows this server, without a slash at its end, and where pictures wait.
type Call struct {
	Town  *civic.TownSite
	Lang  words.Lang
	Place string
	Base  string
	// Hold asks for a place for pictures of which nobody knows yet whose they are:
	// some clients send the fields of a form in any order.
	Hold func() (release func(), ok bool)
}

// call is one call in the course of being answered.
type call struct {
	*Door
	Call
	r      *http.Request
	json   bool
	plain  bool   // no charset: discovery
	late   func() // gives back what Hold gave; nil where nothing is held
	params *params
	key    civic.APIKey
	zone   *time.Location
}

// Operation is one thing that the door does.
type Operation func(*call) (status int, answer node, err error)

// Serve answers one call by an operation, in the format that its path ends in.
func (d *Door) Serve(w http.ResponseWriter, r *http.Request, in Call, do Operation) {
	c := &call{Door: d, Call: in, r: r, json: strings.HasSuffix(r.URL.Path, ".json"), params: &params{}}
	if c.zone, _ = time.LoadLocation(in.Town.Zone); c.zone == nil {
		c.zone = time.UTC
	}
	status, answer, err := c.answer(do)
	c.params.remove()
	if c.late != nil {
		c.late()
	}
	if err != nil {
		list, ours := faultsOf(err)
		if ours {
			d.Logger.ErrorContext(r.Context(), "open311 call not served", "code", list[0].key, "err", err)
		}
		status, answer = list[0].status, list.node(d.Words, in.Lang)
	}
	c.write(w, status, answer)
}

// Refuse answers a call that no operation saw with an error, in the format that its
// path ends in, else in XML.
func (d *Door) Refuse(w http.ResponseWriter, r *http.Request, lang words.Lang, status int, e *civic.Error) {
	f := refusal(e)
	f.status = status
	if e.Code == "not_found" {
		f.key = "open311.error.resource"
	}
	c := &call{Door: d, r: r, json: strings.HasSuffix(r.URL.Path, ".json")}
	c.write(w, status, faults{f}.node(d.Words, lang))
}

func (c *call) answer(do Operation) (int, node, error) {
	if !c.Allow(LimitCalls, c.Place) {
		return 0, node{}, refusal(civic.Refuse("too_fast"))
	}
	if !formatted(c.r.URL.Path) {
		return 0, node{}, unknown("open311.error.resource")
	}
	var err error
	if c.params, err = readParams(c.r, c.mayUpload); err != nil {
		return 0, node{}, err
	}
	if err := c.checkTown(); err != nil {
		return 0, node{}, err
	}
	return do(c)
}

// checkTown holds jurisdiction_id against the town that the host names: its id,
// its short name, or one of its hosts.
func (c *call) checkTown() error {
	asked := c.params.get("jurisdiction_id")
	if asked == "" || asked == c.Town.ID.String() || strings.EqualFold(asked, c.Town.Slug) {
		return nil
	}
	for _, host := range c.Town.Hosts {
		if strings.EqualFold(asked, host) || strings.EqualFold("www."+asked, host) {
			return nil
		}
	}
	return unknown("open311.error.jurisdiction")
}

// mayUpload is asked before the first picture of a body is read. A key that is not
// there yet may still come, for a few bodies at a time.
func (c *call) mayUpload(p *params) error {
	c.params = p
	if p.get("api_key") != "" {
		return c.need(civic.KeyRequests)
	}
	var ok bool
	if c.late, ok = c.Hold(); !ok {
		c.late = nil
		return refusal(civic.Refuse("too_fast"))
	}
	return nil
}

func (c *call) write(w http.ResponseWriter, status int, answer node) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	if c.r.Method == http.MethodGet {
		h.Set("Access-Control-Allow-Origin", "*") // nothing here hangs on a cookie
	}
	body, kind := answer.xml, "text/xml"
	if c.json {
		body, kind = answer.json, "application/json"
	}
	if !c.plain {
		kind += "; charset=utf-8"
	}
	h.Set("Content-Type", kind)
	if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
		h.Set("Retry-After", "60")
	}
	w.WriteHeader(status)
	_, _ = w.Write(body()) // a caller that has gone
}

// say is a sentence in the caller's language.
func (c *call) say(key string, args words.Args) string { return c.Words.T(c.Lang, key, args) }

// name is the last part of the path, without its format.
func (c *call) name(value string) string {
	for _, format := range []string{".xml", ".json"} {
		if cut, ok := strings.CutSuffix(value, format); ok {
			return cut
		}
	}
	return value
}

// formatted reports whether the path ends in a format that is spoken here.
func formatted(path string) bool {
	return strings.HasSuffix(path, ".xml") || strings.HasSuffix(path, ".json")
}
