package tiles

import (
	"encoding/binary"
	"hash/fnv"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/orb"

	"segnavia/geo"
)

// Town is what a request is about.
type Town struct {
	ID          uuid.UUID // the jurisdiction
	Name        string
	Bounds      orb.Bound // degrees
	Attribution string    // HTML, as TileJSON has it
	Index       *Index
	Streets     *Streets // nil when the town has none
}

// Server answers HTTP requests for tiles of any number of towns. What it keeps
// is a bounded cache of compressed answers.
type Server struct {
	cache   *cache
	writers sync.Pool
	now     func() time.Time
}

// NewServer returns a server that caches at most cacheBytes. now is time.Now.
func NewServer(cacheBytes int, now func() time.Time) *Server {
	return &Server{cache: newCache(cacheBytes), now: now}
}

// ServeTile answers GET /tiles/reports/{z}/{x}/{y}.mvt with the filter in the
// query. A request whose If-None-Match names the tile's version is answered by
// 304 without drawing. A *ParameterError means that nothing has been written
// and that the request is a bad one.
func (s *Server) ServeTile(w http.ResponseWriter, r *http.Request, t *Town, a Access, c geo.Cell) error {
	if !c.Valid() || c.Zoom > MaxZoom {
		return &ParameterError{"z/x/y", "out_of_range"}
	}
	var f Filter
	if r.URL.RawQuery != "" {
		q, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return &ParameterError{"query", "not_a_query"}
		}
		if f, err = ParseFilter(q); err == nil {
			err = f.allowed(a)
		}
		if err != nil {
			return err
		}
	}
	v := t.Index.view()
	key := make([]byte, 0, 96)
	key = append(key, byte(a), byte(c.Zoom))
	key = append(key, t.ID[:]...)
	key = binary.LittleEndian.AppendUint32(key, c.X)
	key = binary.LittleEndian.AppendUint32(key, c.Y)
	key = f.key(key)
	zip := accepts(r)
	if zip {
		key = append(key, 'z')
	}
	at := v.moment()
	version, ok := s.cache.version(key, at)
	if !ok {
		version = v.version(c, &f, a)
	}
	q := request{key, version, at, zip, a.letter(), cacheControl(a)}
	return s.answer(w, r, q, func() ([]byte, error) { return t.Index.draw(v, c, &f, a), nil })
}

// request is what an answer is kept and named by.
type request struct {
	key          []byte // of the cache; another key for another access
	version      uint64 // of what the answer shows
	at           moment // when it does
	zip          bool   // the client takes gzip
	letter       byte   // sets views apart in the entity tag
	cacheControl string
}

// answer writes what draw returns, or the cached answer of the same version.
// After an error, which is draw's, nothing is written. The public's tag is that of
// what is drawn: a version counts changes too that the public may not know of.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, q request, draw func() ([]byte, error)) error {
	h := w.Header()
	tag := etag(q.version, q.letter)
	var body answer
	var err error
	public := q.letter == Public.letter()
	if public {
		if body, err = s.drawn(q, draw); err != nil {
			return err
		}
		tag = etag(body.sum, q.letter)
	}
	if unchanged(r, tag) {
		h["Vary"] = []string{vary}
		h["Cache-Control"] = []string{q.cacheControl}
		h["Etag"] = []string{`"` + tag + `"`}
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if !public {
		if body, err = s.drawn(q, draw); err != nil {
			return err
		}
	}
	h["Vary"] = []string{vary}
	h["Cache-Control"] = []string{q.cacheControl}
	h["Content-Type"] = []string{"application/vnd.mapbox-vector-tile"}
	if body.gzip {
		h["Content-Encoding"] = []string{"gzip"}
		tag += "-gzip"
	}
	h["Etag"] = []string{`"` + tag + `"`}
	if r.Method != http.MethodHead {
		// A client that is gone is nobody's error.
		_, _ = w.Write(body.body)
	}
	return nil
}

// drawn is the cached answer of a version, drawn if need be.
func (s *Server) drawn(q request, draw func() ([]byte, error)) (answer, error) {
	body, ok := s.cache.get(q.key, q.version, q.at)
	if ok {
		return body, nil
	}
	b, err := draw()
	if err != nil {
		return answer{}, err
	}
	h := fnv.New64a()
	_, _ = h.Write(b) // never fails
	body = s.compress(b, q.zip)
	body.sum = h.Sum64()
	s.cache.put(q.key, q.version, q.at, body)
	return body, nil
}

// vary names what an answer depends on beside its address: who asks is in the
// cookie or the authorisation.
const vary = "Accept-Encoding, Cookie, Authorization"

// worthZip is the size from which compressing pays: less fits a packet.
const worthZip = 1400

func (s *Server) compress(b []byte, zip bool) answer {
	if !zip || len(b) < worthZip {
		return answer{body: b}
	}
	z, ok := s.writers.Get().(*zipper)
	if !ok {
		z = new(zipper)
		// The level is a constant that the package knows.
		z.gzip, _ = gzip.NewWriterLevel(z, gzip.BestSpeed)
	}
	defer s.writers.Put(z)
	z.out = z.out[:0]
	z.gzip.Reset(z)
	// Writing to memory cannot fail.
	_, _ = z.gzip.Write(b)
	_ = z.gzip.Close()
	return answer{body: slices.Clone(z.out), gzip: true}
}

// zipper is a gzip writer and the memory that it writes to.
type zipper struct {
	gzip *gzip.Writer
	out  []byte
}

func (z *zipper) Write(b []byte) (int, error) {
	z.out = append(z.out, b...)
	return len(b), nil
}
