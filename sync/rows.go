package sync

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"

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
	writeZipped(w, r, "application/x-ndjson", func(out io.Writer) error {
		lines := &lineWriter{out: out}
		rows := 0
		upto, err := s.Rows.Snapshot(r.Context(), j, scope, after, func(h civic.Head) error {
			return lines.write(snapshotHead{"snapshot", scope, s.Log.Epoch(), h.V, h.N, h.Sum})
		}, func(page []civic.Row) error {
			rows += len(page)
			return s.writeRows(r.Context(), lines, g, scope, page)
		})
		if err != nil {
			return err
		}
		return lines.write(snapshotEnd{"end", rows, upto})
	})
}

func (s *Server) writeRows(ctx context.Context, lines *lineWriter, g civic.Grant, scope civic.Scope, page []civic.Row) error {
	list := make([]civic.Body, len(page))
	for i := range page {
		list[i] = civic.Body{ID: page[i].ID, Whole: true, JSON: &page[i].Body}
	}
	if scope.Kind() != civic.ScopeTown && scope.Kind() != civic.ScopeArea {
		if err := s.Log.Join(ctx, g.Jurisdiction, list, reporters(&g, scope)); err != nil {
			return err
		}
	}
	for _, row := range page {
		if err := lines.write(snapshotRow(row)); err != nil {
			return err
		}
	}
	return nil
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
// counts as an alarm.
func (s *Server) ServeRepair(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID) {
	g, scope, ok := s.scoped(w, r, j)
	if !ok {
		return
	}
	if prefix := r.URL.Query().Get("prefix"); prefix != "" {
		s.serveBucket(w, r, g, scope, prefix)
		return
	}
	s.mismatch()
	s.Logger.WarnContext(r.Context(), "checksum mismatch", "scope", string(scope), "device", g.Device.String(),
		"at", r.URL.Query().Get("at"))
	v, lanes, err := s.Rows.Repair(r.Context(), j, scope)
	if err != nil {
		trouble(w, err)
		return
	}
	reply(w, http.StatusOK, repairFrame{"repair", scope, s.Log.Epoch(), v, lanes})
}

func (s *Server) serveBucket(w http.ResponseWriter, r *http.Request, g civic.Grant, scope civic.Scope, prefix string) {
	n, err := strconv.ParseUint(prefix, 16, 8)
	if err != nil || len(prefix) != 2 {
		refuse(w, failure(closeBad, "bad_prefix"))
		return
	}
	h, page, err := s.Rows.RepairBucket(r.Context(), g.Jurisdiction, scope, byte(n))
	if err != nil {
		trouble(w, err)
		return
	}
	writeZipped(w, r, "application/x-ndjson", func(out io.Writer) error {
		lines := &lineWriter{out: out}
		if err := lines.write(snapshotHead{"snapshot", scope, s.Log.Epoch(), h.V, h.N, h.Sum}); err != nil {
			return err
		}
		if err := s.writeRows(r.Context(), lines, g, scope, page); err != nil {
			return err
		}
		return lines.write(snapshotEnd{"end", len(page), h.V})
	})
}
