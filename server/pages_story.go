package server

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"segnavia/civic"
	"segnavia/text"
)

// fillWords joins the conversation and tells what happened.
func (s *Server) fillWords(ctx context.Context, rq *request, report *civic.Report, v *caseView) error {
	texts, err := s.Store.Texts(ctx, rq.j(), report.ID)
	if err != nil {
		return err
	}
	history, err := s.Store.History(ctx, rq.j(), report.ID)
	if err != nil {
		return err
	}
	zone := s.zone(rq)
	for id, m := range report.Messages { // notes have their own map, and never come here
		said, mine := texts[civic.EditID(id)], m.From == civic.RoleCitizen
		if said == "" || m.Held && !mine {
			continue
		}
		v.Talk = append(v.Talk, talkView{
			At: local(m.At, zone), Who: s.who(rq.lang, m.From, mine), Text: said, Mine: mine, Exact: true,
		})
	}
	slices.SortFunc(v.Talk, func(a, b talkView) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(a.Text, b.Text)
	})
	v.Steps = s.story(rq, history)
	return nil
}

// atOnce is how soon after its report a photo is part of it.
const atOnce = 2 * time.Minute

// story tells a case's history to its reporter. Kinds that it does not name are
// the office's own business and are left out; handing a case from team to team
// is told once.
func (s *Server) story(rq *request, history []civic.Event) []stepView {
	// What followed a report at once has its very instant: the report comes first.
	slices.SortStableFunc(history, func(a, b civic.Event) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return birth(&b) - birth(&a)
	})
	var steps []stepView
	zone, last, handed := s.zone(rq), "", false
	for i := range history {
		e := &history[i]
		if e.Result.Status != civic.Applied && e.Result.Status != civic.Noticed {
			continue
		}
		key, args, more := s.stepOf(rq, e)
		if key == "" || key == last && key != "page.step.reply" && key != "page.step.message" {
			continue
		}
		switch e.Kind {
		case civic.KindAssign:
			if handed {
				continue
			}
			handed = true
		case civic.KindTransition, civic.KindContest:
			handed = false
		}
		if key == "page.step.photo" && e.At.Sub(history[0].At) < atOnce {
			continue
		}
		last = key
		steps = append(steps, stepView{At: local(e.At, zone), Text: s.Words.T(rq.lang, key, args), More: more})
	}
	return steps
}

func birth(e *civic.Event) int {
	if e.Kind == civic.KindCreate {
		return 1
	}
	return 0
}

// stepOf is the sentence of one event, or "" for what is not told.
func (s *Server) stepOf(rq *request, e *civic.Event) (key string, args text.Args, more string) {
	switch e.Kind {
	case civic.KindCreate:
		return "page.step.create", nil, ""
	case civic.KindAssign:
		return "page.step.assigned", nil, ""
	case civic.KindContest:
		return "page.step.contest", nil, ""
	case civic.KindReply:
		return "page.step.reply", nil, ""
	case civic.KindMessage:
		return "page.step.message", nil, ""
	case civic.KindAttach:
		var a civic.AttachArgs
		switch {
		case e.Role == civic.RoleCitizen:
			return "page.step.photo", nil, ""
		case json.Unmarshal(e.Args, &a) == nil && a.Stage == civic.StageAfter:
			return "page.step.photo.after", nil, ""
		}
	case civic.KindTransition:
		var a civic.TransitionArgs
		if json.Unmarshal(e.Args, &a) != nil || !a.To.Valid() || a.To == civic.StatusNew {
			return "", nil, ""
		}
		return s.moveOf(rq, e.Role, a)
	}
	return "", nil, ""
}

func (s *Server) moveOf(rq *request, role civic.Role, a civic.TransitionArgs) (key string, args text.Args, more string) {
	key = "page.step." + string(a.To)
	switch a.To {
	case civic.StatusPlanned:
		return key, text.Args{"month": s.Pages.Month(rq.lang, a.Month)}, a.Why
	case civic.StatusWaiting:
		if a.For == "citizen" {
			key += ".citizen"
		}
		return key, nil, ""
	case civic.StatusClosed:
		if role == civic.RoleCitizen {
			key += ".citizen"
		}
		return key, nil, ""
	default:
		return key, nil, s.reason(rq.lang, a.Reason)
	}
}
