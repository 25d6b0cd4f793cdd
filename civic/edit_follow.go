package civic

import "slices"

// FollowArgs say "me too". Contact may be left, to hear what becomes of it.
type FollowArgs struct {
	Contact Contact `json:"contact,omitzero"`
}

// meToo counts one more person whom a public report concerns. That nobody is
// counted twice is the id's affair: the door derives it from the report and
// from who follows.
func (c *change) meToo(args FollowArgs) Result {
	if !c.before.visible(c.rules.Services[c.before.Service]) {
		return refused(Refuse(CodeForbidden))
	}
	if !c.before.Status.Open() {
		return refused(Refuse(CodeAlreadyDone))
	}
	if err := args.Contact.tidy(); err != nil {
		return refused(err)
	}
	if c.r.Followers >= MaxFollowers {
		return refused(Refuse(CodeLimit, "field", "followers", "max", MaxFollowers))
	}
	c.r.Followers++
	if !args.Contact.IsZero() {
		c.out.Follower = &args.Contact
	}
	c.record(struct{}{})
	return applied()
}

// RateArgs say how it went: a score from 1 to 5, the answers chosen to the
// question that follows it, and words for the office.
type RateArgs struct {
	Score   int      `json:"score"`
	Answers []string `json:"answers,omitempty"`
	Text    string   `json:"text,omitempty"`
}

// Ratings are what may be answered to the question behind a score: what was
// hard (up to 3) and what was good (from 4 on), as the official form asks.
var (
	HardAnswers = []string{"instructions", "doubt", "where", "technical", "other"}
	GoodAnswers = []string{"clear", "complete", "sure", "smooth", "other"}
)

// AnswersTo lists the answers that a score asks for.
func AnswersTo(score int) []string {
	if score <= 3 {
		return HardAnswers
	}
	return GoodAnswers
}

// maxRatingText is the official form's bound, in characters.
const maxRatingText = 200

// rate keeps what the reporter thinks; a later rating takes the earlier's place.
func (c *change) rate(args RateArgs) Result {
	if c.edit.Actor.Proof != ProofSecret {
		return refused(Refuse(CodeForbidden))
	}
	if args.Score < 1 || args.Score > 5 {
		return refused(Refuse(CodeUnknownValue, "field", "score"))
	}
	known := AnswersTo(args.Score)
	for _, a := range args.Answers {
		if !slices.Contains(known, a) {
			return refused(Refuse(CodeUnknownValue, "field", "answers"))
		}
	}
	if len(args.Answers) > len(known) {
		return refused(Refuse(CodeLimit, "field", "answers", "max", len(known)))
	}
	text, err := tidy("text", args.Text, maxRatingText)
	if err != nil {
		return refused(err)
	}
	rating := &Rating{Score: args.Score, Answers: args.Answers, At: c.now}
	if old := c.before.Rating; old != nil && !old.Text.IsZero() {
		c.out.Drop = append(c.out.Drop, old.Text)
	}
	if text != "" {
		rating.Text = c.edit.ID
		c.out.Texts = append(c.out.Texts, Text{ID: c.edit.ID, Kind: TextNote, Text: text})
	}
	c.r.Rating = rating
	c.record(struct {
		Score   int      `json:"score"`
		Answers []string `json:"answers,omitempty"`
	}{args.Score, args.Answers})
	return applied()
}
