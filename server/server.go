package server

import (
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime"
	"time"

	"golang.org/x/time/rate"

	"segnavia/channel/open311"
	"segnavia/civic"
	"segnavia/photo"
	fieldsync "segnavia/sync"
	"segnavia/text"
	"segnavia/tiles"
	"segnavia/web"
)

// Options are what a Server is made of.
type Options struct {
	Store  Store
	Bucket Bucket
	Sync   *fieldsync.Server
	Tiles  *tiles.Server
	Town   func(civic.JurisdictionID) *tiles.Town // nil until its index is built
	Photos *photo.Processor
	Words  *text.Catalogue
	Pages  *web.Pages
	Assets fs.FS // the built staff apps
	// Metrics are the figures of this node, for whoever shows MetricsToken; without
	// a token they are not served here.
	Metrics      http.Handler
	MetricsToken string
	Logger       *slog.Logger
	Now          func() time.Time
	// PublicURL is the address that people see, without a slash at its end; it
	// decides whether cookies are for HTTPS only.
	PublicURL string
	// Basemap is a PMTiles file of the town's own, or "".
	Basemap string
	// Room reports whether the disk takes more pictures; nil is always.
	Room func() bool
	// Geocoder may be nil.
	Geocoder Geocoder
	// Outside fetches from the world outside; nil is the real one.
	Outside open311.Fetcher
	// Closing is closed when answers that never end by themselves should.
	Closing <-chan struct{}
	// TrustProxy are the networks of our own proxies: X-Forwarded-For is believed
	// from them, and their connections are not counted.
	TrustProxy []netip.Prefix
	// Allowance is how many connections one address may have open, and MaxOpen how
	// many all strangers together; 0 takes what a town needs.
	Allowance, MaxOpen int
	// Open turns every check of who may do what off, to prove in tests that the
	// database keeps towns apart by itself. Never set it elsewhere.
	Open bool
}

// Server answers requests for all towns.
type Server struct {
	Options
	mux           *http.ServeMux
	routes        []Route
	ground        basemap
	registering   Route // what operation is registering at this moment
	document      []byte
	limits        *limiter
	sessions      *sessionCache
	conns         *guests // open connections of strangers
	bodies        *guests // bodies in progress
	sockets       *guests // websockets that have not said who they are
	streams       *guests // open streams of strangers
	late          *guests // bodies whose pictures came before their key
	hashers       *hashers
	delays        *delays // of passwords
	alarms        alarms
	loose, linked *budgets // bytes of strangers without a report, and with one
	stream        *rate.Limiter
	patience      time.Duration // how long a reader may stand still
	bodyPace      pace
	small         squeezed
	door          *open311.Door
	handler       http.Handler
	towns         *townList
}

// New makes a server and all its routes.
func New(o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Outside = outside(o)
	s := &Server{
		Options: o, mux: http.NewServeMux(), limits: newLimiter(o.Now, maxPlaces),
		sessions: newSessionCache(maxSessions), hashers: newHashers(runtime.GOMAXPROCS(0)), delays: newDelays(maxDelays),
		towns:    &townList{store: o.Store, now: o.Now},
		patience: readerPatience, bodyPace: bodyPace, ground: basemap{path: o.Basemap},
	}
	s.countGuests()
	s.stream = newStream()
	s.loose = newBudgets(o.Now, bytesOfPlace, bytesOfTown, bytesOfAll)
	s.linked = newBudgets(o.Now, 2*bytesOfPlace, 2*bytesOfTown, 2*bytesOfAll)
	s.register()
	if o.PublicURL != "" {
		if err := new(http.CrossOriginProtection).AddTrustedOrigin(o.PublicURL); err != nil {
			return nil, err
		}
	}
	s.handler = s.outermost(s.boundHead(s.guardCrossSite(s.mux)))
	return s, nil
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// HTTP wraps the server with the timeouts that keep slow clients from costing
// others. Bodies have no deadline here: each has its own pace (body.go).
func (s *Server) HTTP() *http.Server {
	return &http.Server{
		Handler: s, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: maxRawHead,
		ErrorLog:  slog.NewLogLogger(s.Logger.Handler(), slog.LevelDebug),
		ConnState: connState, ConnContext: withConn,
	}
}

// What one address and all strangers may have open where nobody says otherwise. A
// school or a carrier is one address.
const (
	defaultAllowance = 256
	defaultMaxOpen   = 4096
	// A head that is sent at all is here by then, from however far.
	idleGrace = time.Second
	// Each late body may keep its pictures on our disk, 64 MB of them.
	lateOfOne = 2
	lateOfAll = 8
)

// countGuests divides what may be open at once. Of its connections an address may
// give half to streams that never end, and a quarter each to bodies and to sockets
// that have not said who they are.
func (s *Server) countGuests() {
	each, all := s.Allowance, s.MaxOpen
	if each <= 0 {
		each = defaultAllowance
	}
	if all <= 0 {
		all = defaultMaxOpen
	}
	s.conns = newGuests(each, each/4, all)
	s.conns.grace = idleGrace
	s.bodies = newGuests(max(1, each/4), each/4, max(1, all/4))
	s.sockets = newGuests(max(1, each/4), 0, max(1, all/4))
	s.sockets.grace = idleGrace
	s.streams = newGuests(max(1, each/2), 0, max(1, all/2))
	s.late = newGuests(lateOfOne, 0, lateOfAll)
}
