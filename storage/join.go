package storage

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// Join adds to bodies what is never stored in them: the texts of the notes and
// messages that they name and, as far as who says, the person. It is done
// each time a frame is written, so that a redaction reaches every reader.
func (db *DB) Join(ctx context.Context, j civic.JurisdictionID, bodies []civic.Body, who civic.Who) error {
	open := make([]map[string]json.RawMessage, len(bodies))
	var texts []string
	for i, b := range bodies {
		if b.JSON == nil || bytes.Contains(*b.JSON, confidential) || !hasTexts(*b.JSON) && (who == civic.WhoNobody || !b.Whole) {
			continue
		}
		if json.Unmarshal(*b.JSON, &open[i]) != nil {
			open[i] = nil
			continue
		}
		for _, key := range textKeys {
			for id := range idsIn(open[i][key]) {
				texts = append(texts, id)
			}
		}
	}
	found, people, err := db.readTexts(ctx, j, texts, bodies, open, who)
	if err != nil {
		return err
	}
	for i, b := range bodies {
		if open[i] == nil {
			continue
		}
		for _, key := range textKeys {
			if filled, ok := fill(open[i][key], found); ok {
				open[i][key] = filled
			}
		}
		if person, ok := people[b.ID]; ok && b.Whole {
			open[i]["reporter"] = person
		}
		raw, err := json.Marshal(open[i])
		if err != nil {
			return err
		}
		*b.JSON = raw
	}
	return nil
}

// confidential marks a body to which nothing is joined: no other has the key, and in
// a text its quotes are escaped.
var confidential = []byte(`"confidential":true`)

// textKeys are where a body names texts that are kept apart.
var textKeys = []string{"notes", "messages"}

func hasTexts(body []byte) bool {
	return bytes.Contains(body, []byte(`"notes":`)) || bytes.Contains(body, []byte(`"messages":`))
}

func idsIn(raw json.RawMessage) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if len(raw) == 0 || json.Unmarshal(raw, &m) != nil {
		return nil
	}
	for id, value := range m {
		if len(value) == 0 || value[0] != '{' {
			delete(m, id)
		}
	}
	return m
}

// fill puts the texts into an object of notes or messages.
func fill(raw json.RawMessage, texts map[string]string) (json.RawMessage, bool) {
	var m map[string]json.RawMessage
	if len(raw) == 0 || json.Unmarshal(raw, &m) != nil {
		return nil, false
	}
	for id := range m {
		var one map[string]json.RawMessage
		text, ok := texts[id]
		if !ok || json.Unmarshal(m[id], &one) != nil || one == nil {
			continue
		}
		quoted, err := json.Marshal(text)
		if err != nil {
			return nil, false
		}
		one["text"] = quoted
		if m[id], err = json.Marshal(one); err != nil {
			return nil, false
		}
	}
	filled, err := json.Marshal(m)
	return filled, err == nil
}

func (db *DB) readTexts(ctx context.Context, j civic.JurisdictionID, ids []string, bodies []civic.Body, open []map[string]json.RawMessage, who civic.Who) (map[string]string, map[civic.ReportID]json.RawMessage, error) {
	var reports []string
	for i, b := range bodies {
		if who != civic.WhoNobody && b.Whole && open[i] != nil {
			reports = append(reports, b.ID.String())
		}
	}
	if len(ids) == 0 && len(reports) == 0 {
		return nil, nil, nil
	}
	texts := make(map[string]string, len(ids))
	people := make(map[civic.ReportID]json.RawMessage, len(reports))
	err := within(ctx, db.sync, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id::text, text FROM message WHERE jurisdiction_id = $1 AND id = ANY($2::text[]::uuid[])`, j, ids)
		if err != nil {
			return err
		}
		var id, text string
		if _, err := pgx.ForEachRow(rows, []any{&id, &text}, func() error {
			texts[id] = text
			return nil
		}); err != nil || len(reports) == 0 {
			return err
		}
		return readReporters(ctx, tx, j, reports, people, who)
	})
	return texts, people, err
}

// Reporter reads who reported, as an office answers them; nil for nobody.
func (db *DB) Reporter(ctx context.Context, j civic.JurisdictionID, id civic.ReportID) (json.RawMessage, error) {
	people := make(map[civic.ReportID]json.RawMessage, 1)
	err := within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		return readReporters(ctx, tx, j, []string{id.String()}, people, civic.WhoToAnswer)
	})
	return people[id], err
}

func readReporters(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, reports []string, people map[civic.ReportID]json.RawMessage, who civic.Who) error {
	rows, err := tx.Query(ctx, `
		SELECT r.report_id, jsonb_strip_nulls(jsonb_build_object('name', nullif(p.name, ''), 'phone', c.value,
		       'prefers', nullif(p.prefers, ''), 'hours', nullif(p.hours, ''), 'note', nullif(p.note, ''),
		       'for', nullif(p.speaks_for, ''), 'lang', p.lang)
		       || CASE WHEN $3 THEN jsonb_build_object('email', m.value, 'postal', nullif(p.postal, '')) ELSE '{}' END)
		FROM report_reporter r
		JOIN profile p ON p.jurisdiction_id = r.jurisdiction_id AND p.id = r.profile_id
		LEFT JOIN contact c ON c.jurisdiction_id = p.jurisdiction_id AND c.profile_id = p.id AND c.kind = 'phone'
		LEFT JOIN contact m ON m.jurisdiction_id = p.jurisdiction_id AND m.profile_id = p.id AND m.kind = 'email'
		WHERE r.jurisdiction_id = $1 AND r.report_id = ANY($2::text[]::uuid[])`, j, reports, who == civic.WhoToAnswer)
	if err != nil {
		return err
	}
	var report civic.ReportID
	var person []byte
	_, err = pgx.ForEachRow(rows, []any{&report, &person}, func() error {
		people[report] = append(json.RawMessage(nil), person...)
		return nil
	})
	return err
}
