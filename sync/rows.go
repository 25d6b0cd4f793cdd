package sync

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"segnavia/civic"
)

type snapshotHead struct {
	T     string      `json:"t"`
	Scope civic.Scope `json:"scope"`
	Epoch string      `json:"epoch"`
	V     int64       `json:"v"`
	N     int64       `json:"n"`
	Sum   civic.Sum   `json:"sum"`
}

type snapshotRow struct {
	ID   civic.ReportID  `json:"id"`
	Rev  int64           `json:"rev"`
	Body json.RawMessage `json:"body"`
}

type snapshotEnd struct {
	T    string `json:"t"`
	N    int    `json:"n"`
	Upto int64  `json:"upto"`
}

// ServeSnapshot answers GET /sync/snapshot with a scope's rows, line by line.
func (s *Server) ServeSnapshot(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID) {
	g, scope, ok := s.scoped(w, r, j)
	if !ok {
		return
	}
	var after civic.ReportID
	if text := r.URL.Query().Get("after"); text != "" {
		var err error
		if after, err = civic.ParseID[civic.Report](text); err != nil {
			refuse(w, failure(closeBad, "bad_after"))
			return
		}
	}
	out := s.newRowsAnswer(w, r, g, scope)
	upto, err := s.Rows.Snapshot(r.Context(), j, scope, after, out.first, func(page []civic.Row) error {
		return out.page(r.Context(), page)
	})
	out.finish(upto, err)
}

// rowsAnswer is a snapshot or a bucket on its way. Its first line waits for the
// first page, so that a failure until then is answered with a status.
type rowsAnswer struct {
	server *Server
	grant  civic.Grant
	out    *answer
	lines  lineWriter
	head   snapshotHead
	rows   int
}

func (s *Server) newRowsAnswer(w http.ResponseWriter, r *http.Request, g civic.Grant, scope civic.Scope) *rowsAnswer {
	out := newAnswer(w, r, "application/x-ndjson")
	return &rowsAnswer{
		server: s, grant: g, out: out, lines: lineWriter{out: out},
		head: snapshotHead{T: "snapshot", Scope: scope, Epoch: s.Log.Epoch()},
	}
}

func (a *rowsAnswer) first(h civic.Head) error {
	a.head.V, a.head.N, a.head.Sum = h.V, h.N, h.Sum
	return nil
}

func (a *rowsAnswer) begin() error {
	if a.out.begun {
		return nil
	}
	return a.lines.write(a.head)
}

// page joins the texts of rows and writes them.
func (a *rowsAnswer) page(ctx context.Context, page []civic.Row) error {
	list := make([]civic.Body, len(page))
	for i := range page {
		list[i] = civic.Body{ID: page[i].ID, Whole: true, JSON: &page[i].Body}
	}
	scope := a.head.Scope
	if scope.Kind() != civic.ScopeTown && scope.Kind() != civic.ScopeArea {
		if err := a.server.Log.Join(ctx, a.grant.Jurisdiction, list, whoIn(&a.grant, scope)); err != nil {
			return err
		}
	}
	if err := a.begin(); err != nil {
		return err
	}
	for _, row := range page {
		if err := a.lines.write(snapshotRow(row)); err != nil {
			return err
		}
	}
	a.rows += len(page)
	return nil
}

func (a *rowsAnswer) finish(upto int64, err error) {
	if err == nil {
		err = a.begin()
	}
	if err == nil {
		err = a.lines.write(snapshotEnd{"end", a.rows, upto})
	}
	a.out.finish(err)
}

type lineWriter struct {
	out io.Writer
	buf bytes.Buffer
}

func (l *lineWriter) write(line any) error {
	l.buf.Reset()
	l.buf.Write(encode(line))
	l.buf.WriteByte('\n')
	_, err := l.out.Write(l.buf.Bytes())
	return err
}

type repairFrame struct {
	T     string         `json:"t"`
	Scope civic.Scope    `json:"scope"`
	Epoch string         `json:"epoch"`
	V     int64          `json:"v"`
	Lanes [256]civic.Sum `json:"lanes"`
}

// ServeRepair answers GET /sync/repair with the checksums of a scope's buckets,
// or with the rows of one. A client asks only after a mismatch, so each call
// counts as an alarm; once a minute is enough for a device and scope.
func (s *Server) ServeRepair(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID) {
	g, scope, ok := s.scoped(w, r, j)
	if !ok {
		return
	}
	if prefix := r.URL.Query().Get("prefix"); prefix != "" {
		s.serveBucket(w, r, g, scope, prefix)
		return
	}
	k := allowed{g.Device, scope}
	if wait := s.repairs.take(k, s.Now()); wait > 0 {
		f := failure(closeTooFast, "too_fast")
		f.RetryAfter = wait.Seconds()
		refuse(w, f)
		return
	}
	if at, differs := s.differs(r.Context(), j, scope, r.URL.Query()); differs {
		s.mismatch()
		s.Logger.WarnContext(r.Context(), "checksum mismatch", "scope", string(scope), "device", g.Device.String(), "at", at)
	}
	v, lanes, err := s.Rows.Repair(r.Context(), j, scope)
	if err != nil {
		s.repairs.giveBack(k)
		trouble(w, err)
		return
	}
	reply(w, http.StatusOK, repairFrame{"repair", scope, s.Log.Epoch(), v, lanes})
}

// differs reports whether a sum that a client holds at a version really is not the
// scope's: what a client says by itself is no alarm.
func (s *Server) differs(ctx context.Context, j civic.JurisdictionID, scope civic.Scope, q url.Values) (at int64, differs bool) {
	at, err := strconv.ParseInt(q.Get("at"), 10, 64)
	if err != nil || at < 0 {
		return at, false
	}
	theirs, err := civic.ParseSum(q.Get("sum"))
	if err != nil {
		return at, false
	}
	if at == 0 {
		return at, theirs != civic.Sum{}
	}
	d, head, err := s.Log.Pull(ctx, j, scope, at-1, 1)
	if err != nil || at > head || d.To != at {
		return at, false // the log does not reach back, or not so far: nobody can tell
	}
	return at, d.Sum != theirs
}

// bucketTimeout bounds the transaction that a slow reader of a bucket holds.
const bucketTimeout = time.Minute

func (s *Server) serveBucket(w http.ResponseWriter, r *http.Request, g civic.Grant, scope civic.Scope, prefix string) {
	n, err := strconv.ParseUint(prefix, 16, 8)
	if err != nil || len(prefix) != 2 {
		refuse(w, failure(closeBad, "bad_prefix"))
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), bucketTimeout)
	defer cancel()
	out := s.newRowsAnswer(w, r, g, scope)
	err = s.Rows.RepairBucket(ctx, g.Jurisdiction, scope, byte(n), out.first, func(page []civic.Row) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return out.page(ctx, page)
	})
	out.finish(out.head.V, err)
}
