package open311

import (
	"context"
	"io"
	"time"

	"segnavia/civic"
)

// Keys knows the keys of other programs. An unknown key is civic.ErrNotFound.
type Keys interface {
	APIKey(ctx context.Context, j civic.JurisdictionID, key string) (civic.APIKey, error)
}

// Requests reads cases.
type Requests interface {
	Report(ctx context.Context, j civic.JurisdictionID, id civic.ReportID) (civic.Report, error)
	ReportsByCode(ctx context.Context, j civic.JurisdictionID, codes []civic.Code) ([]civic.Report, error)
	ReportsByID(ctx context.Context, j civic.JurisdictionID, ids []civic.ReportID) ([]civic.Report, error)
	OpenRequests(ctx context.Context, j civic.JurisdictionID, q civic.RequestQuery) ([]civic.Report, error)
}

// Rules are what a town decides by.
type Rules interface {
	Rules(ctx context.Context, j civic.JurisdictionID) (*civic.Rules, error)
}

// News reads what was published about cases.
type News interface {
	Updates(ctx context.Context, j civic.JurisdictionID, client string, from, to time.Time, skip, limit int) ([]civic.Update, error)
	MessageTexts(ctx context.Context, j civic.JurisdictionID, ids []civic.MessageID) (map[civic.MessageID]string, error)
}

// Edits changes cases.
type Edits interface {
	Apply(ctx context.Context, j civic.JurisdictionID, e civic.Edit, n int64) (civic.Answer, error)
	// TownKey names what follows from another program's own ids.
	TownKey(j civic.JurisdictionID) civic.TownKey
}

// Media keeps the addresses of pictures until they are fetched.
type Media interface {
	RemoteMedia(ctx context.Context, j civic.JurisdictionID, report civic.ReportID) ([]civic.RemoteMedia, error)
	ForgetMedia(ctx context.Context, j civic.JurisdictionID, id civic.ID[civic.RemoteMedia]) error
}

// Store is all of these; one database satisfies it.
type Store interface {
	Keys
	Requests
	Rules
	News
	Edits
	Media
}

// Attacher is the photo pipeline: it checks the bytes of a picture and keeps
// them. A picture that cannot be taken gives a civic.Error, which the sender can
// act on; anything else may be tried again.
type Attacher interface {
	Take(ctx context.Context, j civic.JurisdictionID, body io.Reader) (civic.AttachArgs, error)
}

// Intake is the one way in for reports. Taking the same report twice changes
// nothing; another report under its id is a civic.Error id_taken. The nonce is the
// program's, derived from its name, so that the receipt is nobody else's.
type Intake interface {
	Take(ctx context.Context, town *civic.TownSite, by civic.Actor, id civic.ReportID, nonce civic.NonceHash, args civic.CreateArgs, photos []civic.AttachArgs) error
	// Place finds an address; false when no place of the town is like it.
	Place(ctx context.Context, town *civic.TownSite, address string) (civic.Position, bool, error)
}

// Fetcher gets bytes from the outside, as outbound.Client does.
type Fetcher interface {
	Get(ctx context.Context, address string, most int64) (io.ReadCloser, error)
}
