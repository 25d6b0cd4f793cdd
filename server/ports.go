package server

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"segnavia/channel/open311"
	"segnavia/civic"
)

// Towns tells which towns this installation serves.
type Towns interface {
	Towns(ctx context.Context) ([]civic.TownSite, error)
	Rules(ctx context.Context, j civic.JurisdictionID) (*civic.Rules, error)
	Ping(ctx context.Context) error
}

// Accounts signs people of the town hall in and out.
type Accounts interface {
	PasswordOf(ctx context.Context, j civic.JurisdictionID, login string) (civic.User, string, error)
	// AddSession is civic.ErrNotFound where the password of the hash is theirs no more.
	AddSession(ctx context.Context, j civic.JurisdictionID, user civic.UserID, hash string) (token string, err error)
	SessionUser(ctx context.Context, j civic.JurisdictionID, token string) (civic.User, error)
	// SessionLives tells whether a token still signs somebody in, and keeps nobody in by it.
	SessionLives(ctx context.Context, j civic.JurisdictionID, token string) (bool, error)
	EndSession(ctx context.Context, j civic.JurisdictionID, token string) error
	// SignOutEverywhere ends a person's sessions and signs their devices out.
	SignOutEverywhere(ctx context.Context, j civic.JurisdictionID, by, user civic.UserID) (devices int, err error)
	// BrowserMark is what only this installation can say about a person and a word.
	BrowserMark(j civic.JurisdictionID, u civic.UserID, word string) string
}

// Devices gives sync grants.
type Devices interface {
	DeviceBySession(ctx context.Context, j civic.JurisdictionID, session, name string, now time.Time) (civic.Tokens, error)
	Enrol(ctx context.Context, j civic.JurisdictionID, code, name string, now time.Time) (civic.Tokens, error)
	Refresh(ctx context.Context, j civic.JurisdictionID, refresh string, now time.Time) (civic.Tokens, error)
	Grant(ctx context.Context, j civic.JurisdictionID, token string, now time.Time) (civic.Grant, error)
}

// Keepers look after the devices of people in some roles; nobody else's are there
// for them: civic.ErrNotFound.
type Keepers interface {
	User(ctx context.Context, j civic.JurisdictionID, id civic.UserID) (civic.User, error)
	DevicesSeen(ctx context.Context, j civic.JurisdictionID, roles []civic.Role, now time.Time) ([]civic.DeviceSeen, error)
	// Invite is civic.ErrBadToken where what by showed lets nobody in any more.
	Invite(ctx context.Context, j civic.JurisdictionID, by civic.Asker, user civic.UserID, roles []civic.Role, expires time.Time) (code string, err error)
	EndDevice(ctx context.Context, j civic.JurisdictionID, by civic.UserID, device civic.DeviceID, roles []civic.Role) error
}

// Reports reads cases.
type Reports interface {
	Report(ctx context.Context, j civic.JurisdictionID, id civic.ReportID) (civic.Report, error)
	ReportByCode(ctx context.Context, j civic.JurisdictionID, code civic.Code) (civic.Report, error)
	Reports(ctx context.Context, j civic.JurisdictionID, f civic.Filter) ([]civic.Report, error)
	Nearby(ctx context.Context, j civic.JurisdictionID, p civic.Position, metres float64, limit int) ([]civic.Report, error)
}

// Words reads what was said and done about a case.
type Words interface {
	Texts(ctx context.Context, j civic.JurisdictionID, id civic.ReportID) (map[civic.EditID]string, error)
	History(ctx context.Context, j civic.JurisdictionID, id civic.ReportID) ([]civic.Event, error)
	// Looked notes that somebody has opened a confidential case.
	Looked(ctx context.Context, j civic.JurisdictionID, by civic.UserID, report civic.ReportID) error
	// Reporter is who reported, as an office answers them: an object, nil for nobody.
	Reporter(ctx context.Context, j civic.JurisdictionID, id civic.ReportID) (json.RawMessage, error)
}

// Edits changes cases.
type Edits interface {
	// Epoch is the age of the database: revs of another count for nothing.
	Epoch() string
	Apply(ctx context.Context, j civic.JurisdictionID, e civic.Edit, n int64) (civic.Answer, error)
	Receipt(ctx context.Context, j civic.JurisdictionID, id civic.ReportID) (civic.Receipt, error)
	// SentWith reports whether a report is here and was sent with a nonce.
	SentWith(ctx context.Context, j civic.JurisdictionID, id civic.ReportID, nonce civic.NonceHash) (bool, error)
	// TownKey names what follows from something else.
	TownKey(j civic.JurisdictionID) civic.TownKey
}

// Keys lets reporters back in.
type Keys interface {
	OpenBySecret(ctx context.Context, j civic.JurisdictionID, id civic.ReportID, secret string) (bool, error)
	OpenByPIN(ctx context.Context, j civic.JurisdictionID, id civic.ReportID, pin, place string, now time.Time) (secret string, err error)
}

// Wishes are what people want to hear of, and what they want forgotten.
type Wishes interface {
	Subscribe(ctx context.Context, j civic.JurisdictionID, id civic.SubscriptionID, area civic.AreaID, c civic.Contact) error
	SubscribeReport(ctx context.Context, j civic.JurisdictionID, id civic.SubscriptionID, report civic.ReportID, c civic.Contact) error
	Subscription(ctx context.Context, j civic.JurisdictionID, id civic.SubscriptionID, secret string) (civic.Subscription, error)
	Unsubscribe(ctx context.Context, j civic.JurisdictionID, id civic.SubscriptionID, secret string) error
	// SubscriptionSecret is the secret of the link that ends a wish.
	SubscriptionSecret(j civic.JurisdictionID, id civic.SubscriptionID) string
	// OldContactName stands for a contact in the ids of wishes of before ids were keyed.
	OldContactName(report civic.ReportID, contact string) string
	AskErasure(ctx context.Context, j civic.JurisdictionID, report civic.ReportID, asked time.Time) (civic.Erasure, error)
	Erasure(ctx context.Context, j civic.JurisdictionID, report civic.ReportID) (civic.Erasure, error)
}

// Photos keeps what is known of attachments.
type Photos interface {
	SavePhoto(ctx context.Context, j civic.JurisdictionID, p civic.StoredPhoto, from civic.Sender) error
	BroughtBy(ctx context.Context, j civic.JurisdictionID, from civic.Sender, hash civic.SHA256) (bool, error)
	ProveAttachment(ctx context.Context, j civic.JurisdictionID, report civic.ReportID, hash civic.SHA256) error
	Photo(ctx context.Context, j civic.JurisdictionID, hash civic.SHA256) (civic.StoredPhoto, error)
}

// Uploads keeps how far bytes have come.
type Uploads interface {
	// BeginUpload gives the upload that the sender has begun for the same hash, if
	// there is one.
	BeginUpload(ctx context.Context, j civic.JurisdictionID, u civic.Upload, now time.Time) (civic.Upload, error)
	Upload(ctx context.Context, j civic.JurisdictionID, id civic.UploadID) (civic.Upload, error)
	// AddPieces refuses with "upload_offset" what does not follow from what is there.
	AddPieces(ctx context.Context, j civic.JurisdictionID, id civic.UploadID, pieces []civic.Piece) error
	Pieces(ctx context.Context, j civic.JurisdictionID, id civic.UploadID) ([]civic.Piece, error)
	FinishUpload(ctx context.Context, j civic.JurisdictionID, id civic.UploadID, state, code string) error
	EndUpload(ctx context.Context, j civic.JurisdictionID, id civic.UploadID) error
	// AwaitsFrom reports whether bytes are missing that the sender attached.
	AwaitsFrom(ctx context.Context, j civic.JurisdictionID, s civic.Sender, hash civic.SHA256) (bool, error)
	HasAttached(ctx context.Context, j civic.JurisdictionID, s civic.Sender, hash civic.SHA256) (bool, error)
}

// Gazetteer knows streets and house numbers.
type Gazetteer interface {
	// Places finds an address, the likest street first.
	Places(ctx context.Context, j civic.JurisdictionID, a civic.Address, limit int) ([]civic.Place, error)
	// PlaceAt names a position; a zero Place where nothing is near.
	PlaceAt(ctx context.Context, j civic.JurisdictionID, p civic.Position) (civic.Place, error)
}

// Geocoder finds addresses that the town's gazetteer does not know, in a box of
// west, south, east, north.
type Geocoder interface {
	Places(ctx context.Context, address string, box [4]float64, lang string, limit int) ([]civic.Place, error)
}

// Trails are the pictures of people at work whose originals may tell where and when
// they were taken.
type Trails interface {
	Trails(ctx context.Context, j civic.JurisdictionID, after civic.SHA256, limit int) ([]civic.StoredPhoto, error)
	TrailGone(ctx context.Context, j civic.JurisdictionID, hash civic.SHA256) error
}

// Store is all of these; one database satisfies it.
type Store interface {
	Towns
	Accounts
	Devices
	Keepers
	Reports
	Words
	Edits
	Keys
	Wishes
	Photos
	Trails
	Uploads
	Gazetteer
	open311.Store
}

// Bucket keeps bytes. Get gives civic.ErrNotFound for a key without an object.
type Bucket interface {
	Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error
	Get(ctx context.Context, key string) (io.ReadSeekCloser, error)
	Delete(ctx context.Context, key string) error
	// Keys lists at most limit keys that begin with prefix.
	Keys(ctx context.Context, prefix string, limit int) ([]string, error)
	Ping(ctx context.Context) error
}
