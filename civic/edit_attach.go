package civic

// The stages at which an attachment was made.
const (
	StageReport = "report"
	StageBefore = "before"
	StageAfter  = "after"
	StageReply  = "reply"
)

// The states of an attachment.
const (
	PhotoWaiting  = "waiting"
	PhotoReady    = "ready"
	PhotoRejected = "rejected"
)

// MaxAttachments and MaxAttachmentBytes bound what one report holds.
const (
	MaxAttachments     = 10
	MaxAttachmentBytes = 15_000_000
	// MaxMediaURL bounds the address of a picture that is to be fetched, in bytes.
	MaxMediaURL = 2000
)

// AttachArgs name an attachment by its content; its bytes come on their own way.
type AttachArgs struct {
	SHA256 SHA256 `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	Mime   string `json:"mime"`
	Stage  string `json:"stage"`
}

func (c *change) attach(args AttachArgs) Result {
	c.record(args)
	switch {
	case !args.SHA256.Valid():
		return refused(Refuse(CodeInvalid, "field", "sha256"))
	case args.Bytes <= 0 || args.Bytes > MaxAttachmentBytes:
		return refused(Refuse(CodeTooLong, "field", "bytes", "max", MaxAttachmentBytes))
	case len(args.Mime) > 100:
		return refused(Refuse(CodeInvalid, "field", "mime"))
	case args.Stage != StageReport && args.Stage != StageBefore && args.Stage != StageAfter && args.Stage != StageReply:
		return refused(Refuse(CodeUnknownValue, "field", "stage"))
	}
	if c.edit.Actor.Role == RoleCitizen && args.Stage != StageReport {
		return refused(Refuse(CodeForbidden))
	}
	if old, ok := c.before.Photos[args.SHA256]; ok {
		return c.restage(old, args)
	}
	if len(c.before.Photos) >= MaxAttachments {
		return refused(Refuse(CodeLimit, "field", "photos", "max", MaxAttachments))
	}
	put(&c.r.Photos, args.SHA256, Photo{
		Stage: args.Stage, State: PhotoWaiting, Mime: args.Mime, N: c.before.nextPhoto(),
		By: c.edit.Actor.User, From: c.edit.Actor.Role, At: c.now,
	})
	return applied()
}

// restage says at what other stage a picture was made that the case has already.
// Its bytes are what they were, and what is known of them stays. A reporter who
// sends the crew's own picture takes away no proof.
func (c *change) restage(old Photo, args AttachArgs) Result {
	if old.Stage == args.Stage || c.edit.Actor.Role == RoleCitizen {
		return merged()
	}
	old.Stage = args.Stage
	c.r.Photos[args.SHA256] = old
	return applied()
}

// PhotoArgs are what the pipeline found out about an attachment. Mime is what its
// bytes are, whatever was said when it was attached. Cover says that the public's
// rendition with these boxes is made.
type PhotoArgs struct {
	SHA256 SHA256 `json:"sha256"`
	State  string `json:"state"`
	W      int    `json:"w,omitempty"`
	H      int    `json:"h,omitempty"`
	Code   string `json:"code,omitempty"`
	Mime   string `json:"mime,omitempty"`
	Cover  string `json:"cover,omitempty"`
	Bytes  int64  `json:"bytes,omitempty"` // of a document
}

func (c *change) photo(args PhotoArgs) Result {
	c.record(args)
	p, ok := c.before.Photos[args.SHA256]
	if !ok || (args.State != PhotoReady && args.State != PhotoRejected) {
		return refused(Refuse(CodeUnknownValue, "field", "sha256"))
	}
	if args.Cover != "" {
		return c.cover(p, args)
	}
	if args.Mime == "" {
		args.Mime = p.Mime
	}
	if p.State == args.State && p.W == args.W && p.H == args.H && p.Mime == args.Mime {
		return merged()
	}
	p.State, p.W, p.H, p.Code, p.Mime = args.State, args.W, args.H, args.Code, args.Mime
	if p.Document() {
		p.Bytes = max(0, args.Bytes)
	}
	c.r.Photos[args.SHA256] = p
	// A proof that cannot be seen proves nothing.
	if (args.State == PhotoRejected || p.Document()) && c.r.Status == StatusResolved && c.r.Reason == "" && !c.r.hasAfterPhoto() {
		c.moveTo(StatusAcknowledged)
	}
	return applied()
}

// cover says that the boxes of a picture are burnt into the public's rendition.
// Boxes that have changed meanwhile are still to be.
func (c *change) cover(p Photo, args PhotoArgs) Result {
	if args.Cover == p.Cover || args.Cover != CoverOf(p.Boxes) || args.State != PhotoReady {
		return merged()
	}
	p.Cover = args.Cover
	c.r.Photos[args.SHA256] = p
	return applied()
}
