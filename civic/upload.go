package civic

import (
	"slices"
	"time"
)

// UploadID names bytes on their way. It is not to be guessed, and its sender alone
// may use it.
type UploadID = ID[Upload]

// Upload is the bytes of an attachment on their way, piece by piece. Hash, Report
// and Metadata are what the sender said at the beginning; Hash may be "" and Report
// zero.
type Upload struct {
	ID       UploadID
	Sender   Sender
	Report   ReportID
	Hash     SHA256
	Bytes    int64 // of the whole, 1 to MaxAttachmentBytes
	Received int64 // 0 to Bytes: everything before is safe in the bucket
	Metadata string
	Expires  time.Time
	State    string
	Code     string // why it is refused
}

// The states of an upload.
const (
	UploadOpen    = "open"
	UploadDone    = "done"    // the pipeline has the whole
	UploadRefused = "refused" // the pipeline will not have it
)

// Sender is who sends bytes: a person of the town hall, on whatever device, or the
// reporter of a case, by its secret. One of the two is set.
type Sender struct {
	User   UserID
	Report ReportID
}

// Works reports whether the bytes come from somebody at work for the town.
func (s Sender) Works() bool { return !s.User.IsZero() }

// Piece is a part of an upload that lies in the bucket under Key: Bytes bytes from At.
type Piece struct {
	At, Bytes int64
	Key       string
}

// UploadDays is how long bytes may be on their way: as long as a case waits for
// them.
const UploadDays = ProofDays

// What may be on its way at a time, in bytes: of one sender as many as two full
// reports hold, of a town what a hundred senders at their limit would hold.
const (
	MaxSenderUnfinished = 20 * MaxAttachmentBytes
	MaxTownUnfinished   = 100 * MaxSenderUnfinished
)

// MaxSenderUploads bounds the uploads of one sender that are remembered, whatever
// became of them; MaxSenderOpen those on their way. MaxPieces bounds the requests
// that an upload may be scattered over: at the slowest 15 MB are a thousand pieces.
const (
	MaxSenderUploads = 2000
	MaxSenderOpen    = 100
	MaxPieces        = 4000
)

// MayAttach reports whether a role may attach pictures and documents.
func (r Role) MayAttach() bool { return slices.Contains(kinds[KindAttach].roles, r) }
