package server

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"segnavia/civic"
)

const minute = time.Minute

// newReport is a report as any door hands it over: who reports, what, and the
// photos whose bytes came before. Nonce is what the sender proves themselves by.
type newReport struct {
	ID     civic.ReportID
	Nonce  civic.NonceHash
	Args   civic.CreateArgs
	Photos []civic.AttachArgs

	admitted bool // no flood, which is asked once
	held     bool // too many: a person looks before it is shown
}

// codeKnown says that a report has arrived before, to whoever sends it again and
// does not prove that they sent it.
const codeKnown = "known"

// ingest is the one way in for reports. The ids of its edits derive from the
// report's, so that a retry changes nothing. It gets the same receipt if it shows
// the nonce that the report came with, or comes from the same person of the town
// hall; else it is told "known" and nothing more: the words are in others' hands.
func (s *Server) ingest(ctx context.Context, rq *request, in newReport) (civic.Receipt, civic.Answer, error) {
	if in.ID.IsZero() {
		return civic.Receipt{}, civic.Answer{}, civic.Refuse(civic.CodeMissing, "field", "id")
	}
	if err := s.admit(rq, &in); err != nil {
		return civic.Receipt{}, civic.Answer{}, err
	}
	in.held = rq.actor.Role == civic.RoleCitizen && !s.limits.allow(limitReport, rq.place)
	return s.take(ctx, rq, in)
}

// admit refuses a citizen's report with "too_fast" where they flood the town.
func (s *Server) admit(rq *request, in *newReport) error {
	if in.admitted || rq.actor.Role != civic.RoleCitizen {
		return nil
	}
	if !s.limits.allow(limitFlood, rq.place) {
		return civic.Refuse("too_fast")
	}
	in.admitted = true
	return nil
}

// take is ingest behind the limits.
func (s *Server) take(ctx context.Context, rq *request, in newReport) (civic.Receipt, civic.Answer, error) {
	actor := rq.actor
	if actor.Role == civic.RoleCitizen {
		actor.Proof = civic.ProofSecret // whoever makes a report holds its secret
	}
	for _, p := range in.Photos {
		in.Args.Photos = append(in.Args.Photos, p.SHA256)
	}
	raw, err := json.Marshal(in.Args)
	if err != nil {
		return civic.Receipt{}, civic.Answer{}, err
	}
	e := civic.Named(s.Store.TownKey(rq.j()), in.ID, "create", civic.Edit{
		Report: in.ID, Kind: civic.KindCreate,
		Args: raw, At: s.Now(), Actor: actor, Minted: civic.Minted{Held: in.held, Nonce: in.Nonce},
	})
	if err := s.rehearse(ctx, rq, e); err != nil {
		return civic.Receipt{}, civic.Answer{}, err
	}
	answer, err := s.Store.Apply(ctx, rq.j(), e, 0)
	if err == nil {
		err = refused(answer)
	}
	if err != nil {
		return civic.Receipt{}, answer, err
	}
	// The words name the photos, so that whoever repeats them attaches the same.
	if err := s.attachAll(ctx, rq, actor, in); err != nil {
		return civic.Receipt{}, answer, err
	}
	if answer.Repeated && actor.Role == civic.RoleCitizen {
		sent, err := s.Store.SentWith(ctx, rq.j(), in.ID, in.Nonce)
		if err == nil && !sent {
			err = civic.Refuse(codeKnown)
		}
		if err != nil {
			return civic.Receipt{}, answer, err
		}
	}
	receipt, err := s.Store.Receipt(ctx, rq.j(), in.ID)
	return receipt, answer, err
}

// rehearse lets the rules decide about a new report without keeping what they say:
// a refusal that is kept would stand for its id for ever, and nobody could mend
// the report and send it again.
func (s *Server) rehearse(ctx context.Context, rq *request, e civic.Edit) error {
	rules, err := s.Store.Rules(ctx, rq.j())
	if err != nil {
		return err
	}
	_, out, err := civic.Apply(rules, civic.Report{}, e, s.Now())
	if err != nil {
		return err
	}
	err = refused(civic.Answer{Result: out.Result})
	if known, ok := errors.AsType[*civic.Error](err); ok {
		var at struct{ Lon, Lat *float64 }
		_ = json.Unmarshal(e.Args, &at) // what has no place is told without one
		err = rules.Misplaced(known, at.Lon, at.Lat)
	}
	return err
}

// attachAll attaches photos whose senders have shown that they have them.
func (s *Server) attachAll(ctx context.Context, rq *request, actor civic.Actor, in newReport) error {
	for _, p := range in.Photos {
		raw, err := json.Marshal(p)
		if err != nil {
			return err
		}
		a, err := s.Store.Apply(ctx, rq.j(), civic.Named(s.Store.TownKey(rq.j()), in.ID, "attach:"+string(p.SHA256), civic.Edit{
			Report: in.ID, Kind: civic.KindAttach, Args: raw, At: s.Now(), Actor: actor, Minted: civic.Minted{Proven: true},
		}), 0)
		if err != nil {
			return err
		}
		if a.Status == civic.Merged { // perhaps somebody knew the hash before the bytes came
			if err := s.Store.ProveAttachment(ctx, rq.j(), in.ID, p.SHA256); err != nil {
				return err
			}
		}
		if a.Status == civic.Refused {
			// The report stands, and its receipt is worth more than one photo.
			s.Logger.WarnContext(ctx, "photo not attached", "report", in.ID.String(), "code", a.Code)
		}
	}
	return nil
}
