package storage

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// queueReport writes the report as it now stands.
func (w *job) queueReport(batch *pgx.Batch, r *civic.Report) error {
	args, err := reportArgs(w.j, r)
	if err != nil {
		return err
	}
	if w.before.Exists() {
		batch.Queue(updateReport, args)
		return nil
	}
	// What refers to the report was queued before it: put it first.
	rest := batch.QueuedQueries
	batch.QueuedQueries = nil
	batch.Queue(insertReport, args)
	batch.QueuedQueries = append(batch.QueuedQueries, rest...)
	return nil
}

// queueApart writes what is kept apart from the report: texts, attachments,
// the person behind it.
func (w *job) queueApart(batch *pgx.Batch, e civic.Edit, out civic.Outcome, now time.Time) {
	if !out.Result.Changes() {
		return
	}
	for _, t := range out.Texts {
		batch.Queue(`INSERT INTO message (jurisdiction_id, id, report_id, kind, text) VALUES ($1, $2, $3, $4, $5)`,
			w.j, t.ID, e.Report, string(t.Kind), t.Text)
	}
	if len(out.Drop) > 0 {
		ids := make([]string, len(out.Drop))
		for i, id := range out.Drop {
			ids[i] = id.String()
		}
		batch.Queue(`DELETE FROM message WHERE jurisdiction_id = $1 AND id = ANY($2::text[]::uuid[])`, w.j, ids)
	}
	if e.Kind == civic.KindAttach {
		var args civic.AttachArgs
		if json.Unmarshal(e.Args, &args) == nil {
			proven := e.Minted.Proven || e.Actor.Role == civic.RoleSystem
			batch.Queue(`INSERT INTO attachment AS a (jurisdiction_id, report_id, sha256, attached, proven) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (jurisdiction_id, report_id, sha256) DO UPDATE SET proven = a.proven OR excluded.proven`,
				w.j, e.Report, string(args.SHA256), now, proven)
		}
	}
	if e.Kind == civic.KindPhoto {
		var args civic.PhotoArgs
		if json.Unmarshal(e.Args, &args) == nil {
			batch.Queue(`UPDATE attachment SET waiting = false WHERE jurisdiction_id = $1 AND report_id = $2 AND sha256 = $3`,
				w.j, e.Report, string(args.SHA256))
		}
	}
	if e.Kind == civic.KindExpire {
		// Those that were waited for long enough are waited for no more.
		batch.Queue(`UPDATE attachment SET waiting = false WHERE jurisdiction_id = $1 AND report_id = $2 AND attached <= $3`,
			w.j, e.Report, now.AddDate(0, 0, -civic.ProofDays))
	}
	for _, effect := range out.Effects {
		if effect.Kind == civic.EffectErasePhoto {
			batch.Queue(`DELETE FROM attachment WHERE jurisdiction_id = $1 AND report_id = $2 AND sha256 = $3`,
				w.j, e.Report, string(effect.SHA256))
		}
	}
	for i, address := range out.Media {
		batch.Queue(`INSERT INTO remote_media (jurisdiction_id, id, report_id, url) VALUES ($1, $2, $3, $4)`,
			w.j, civic.DeriveID[civic.RemoteMedia](e.ID, "media:"+strconv.Itoa(i)), e.Report, address)
	}
	if e.Kind == civic.KindPurge {
		batch.Queue(`DELETE FROM profile p USING subscription s WHERE p.jurisdiction_id = $1
			AND s.jurisdiction_id = $1 AND s.report_id = $2 AND s.profile_id = p.id`, w.j, e.Report)
		batch.Queue(`DELETE FROM remote_media WHERE jurisdiction_id = $1 AND report_id = $2`, w.j, e.Report)
		batch.Queue(`DELETE FROM pin_place WHERE jurisdiction_id = $1 AND report_id = $2`, w.j, e.Report)
	}
	w.queueContact(batch, e, out.Contact)
	w.queueFollower(batch, e, out.Follower)
}

// queueContact keeps who reported; an empty contact strips the person.
func (w *job) queueContact(batch *pgx.Batch, e civic.Edit, c *civic.Contact) {
	if c == nil {
		return
	}
	profile := civic.DeriveID[civic.Profile](e.Report, "reporter")
	if c.IsZero() {
		batch.Queue(`DELETE FROM report_reporter WHERE jurisdiction_id = $1 AND report_id = $2`, w.j, e.Report)
		batch.Queue(`DELETE FROM profile WHERE jurisdiction_id = $1 AND id = $2`, w.j, profile)
		return
	}
	queueProfile(batch, w.j, profile, c)
	batch.Queue(`INSERT INTO report_reporter (jurisdiction_id, report_id, profile_id) VALUES ($1, $2, $3)`,
		w.j, e.Report, profile)
}

// queueFollow keeps an edit of the system that came with another.
func (w *job) queueFollow(batch *pgx.Batch, e civic.Edit, out civic.Outcome) error {
	result, err := json.Marshal(struct {
		civic.Result
		Versions struct{} `json:"versions"`
	}{Result: out.Result})
	if err != nil {
		return err
	}
	digest := e.Digest()
	batch.Queue(`
		INSERT INTO edit (jurisdiction_id, id, report_id, kind, digest, args, result, rev, role, received)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())`,
		w.j, e.ID, e.Report, string(e.Kind), digest[:], bodyOrNull(out.Record), result,
		numberOrNull(out.Result.Rev), string(e.Actor.Role))
	return nil
}
