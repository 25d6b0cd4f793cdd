package storage

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"segnavia/civic"
)

// spreadArgs ask to do to a picture, in every other report that has it, what an edit
// did to it in one: hide it, cover it, take it away.
type spreadArgs struct {
	Jurisdiction civic.JurisdictionID `json:"jurisdiction"`
	Report       civic.ReportID       `json:"report"`
	SHA256       civic.SHA256         `json:"sha256"`
	Edit         civic.EditID         `json:"edit"`
	Edited       civic.Kind           `json:"edited"`
	Whole        bool                 `json:"whole,omitempty"` // it was taken away
}

// Kind names the job in the queue.
func (spreadArgs) Kind() string { return "spread_photo" }

// SpreadPhoto makes the system's edits that follow, in each other report, from what
// an edit of kind hide or redact did to a picture in one; whole says that it was taken
// away there, and not covered. A cover is the one that the picture has now. Again it
// changes nothing.
func (db *DB) SpreadPhoto(ctx context.Context, j civic.JurisdictionID, report civic.ReportID, hash civic.SHA256, edit civic.EditID, kind civic.Kind, whole bool) error {
	r, err := db.Report(ctx, j, report)
	if err != nil {
		return err
	}
	args := civic.TargetArgs{Target: civic.TargetPhoto, ID: string(hash)}
	if kind == civic.KindRedact && !whole {
		p, there := r.Photos[hash]
		if !there {
			return nil // taken away since: what was drawn on it is gone, and no boxes would uncover
		}
		args.Boxes = append([]civic.Box{}, p.Boxes...)
	}
	others, err := db.othersWith(ctx, j, report, hash)
	for _, other := range others {
		_, one := db.Apply(ctx, j, civic.SystemEdit(db.TownKey(j), edit, other, kind, args, "everywhere:"+other.String()), 0)
		err = errors.Join(err, one)
	}
	return err
}

func (db *DB) othersWith(ctx context.Context, j civic.JurisdictionID, report civic.ReportID, hash civic.SHA256) (list []civic.ReportID, err error) {
	err = within(ctx, db.jobs, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT report_id FROM attachment
			WHERE jurisdiction_id = $1 AND sha256 = $2 AND report_id <> $3 ORDER BY report_id`, j, string(hash), report)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, pgx.RowTo[civic.ReportID])
		return err
	})
	return list, err
}

func (db *DB) workSpread(ctx context.Context, job *river.Job[spreadArgs]) error {
	a := job.Args
	return db.SpreadPhoto(ctx, a.Jurisdiction, a.Report, a.SHA256, a.Edit, a.Edited, a.Whole)
}
