package civic

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"time"
	"unicode"
)

// Kind names what an edit does.
type Kind string

// The kinds that the rules know. Another kind is refused as unknown_edit.
const (
	KindCreate     Kind = "create"
	KindTransition Kind = "transition"
	KindAssign     Kind = "assign"
	KindSet        Kind = "set"
	KindCheck      Kind = "check"
	KindNote       Kind = "note"
	KindReply      Kind = "reply"
	KindMessage    Kind = "message"
	KindAttach     Kind = "attach"
	KindPhoto      Kind = "photo"
	KindContest    Kind = "contest"
	KindFollow     Kind = "follow"
	KindRate       Kind = "rate"
	KindPublish    Kind = "publish"
	KindHide       Kind = "hide"
	KindRedact     Kind = "redact"
	KindExpire     Kind = "expire"
	KindErasure    Kind = "erasure"
	KindPurge      Kind = "purge"
	KindPIN        Kind = "pin"
)

// MaxEditBytes bounds one edit on the wire (sync protocol 1, push).
const MaxEditBytes = 32 << 10

// Edit is the only thing that changes a report: small, named, replayable. At is
// the phone's time, kept and shown as when the work was done; it decides
// nothing. BaseRev is the rev that the author had received.
//
// Actor, Minted, Formerly and Bad are the server's: no client sends them.
type Edit struct {
	ID      EditID          `json:"id"`
	Report  ReportID        `json:"report"`
	BaseRev int64           `json:"base_rev"`
	Kind    Kind            `json:"kind"`
	Args    json.RawMessage `json:"args,omitempty"`
	At      time.Time       `json:"at,omitzero"`
	Epoch   string          `json:"epoch,omitempty"`

	Actor  Actor  `json:"-"`
	Minted Minted `json:"-"`
	// Formerly is another id under which the same edit may be stored already. It counts
	// only where the stored one says the same and is by the same actor.
	Formerly EditID `json:"-"`
	// Bad is set on an edit that could be named but not read: Apply refuses it,
	// so that its number is answered like any other.
	Bad *Error `json:"-"`
}

// Minted is what no pure function can know: a new report's code, a random number
// checked against those in use, whether it is to be looked at first, and the
// street at a new place.
type Minted struct {
	Code Code
	// Held keeps the report from the public until a person has looked: too many
	// came from one place at once.
	Held bool
	// Proven says that whoever attaches bytes by their hash has shown that they have them.
	Proven bool
	// Nonce is what the sender of a new report proves themselves by; zero draws one that
	// nobody knows.
	Nonce NonceHash
	// Spot is what the gazetteer says of where an edit puts its report, or of the address
	// that it writes.
	Spot *Spot
}

// ParseEdit reads one edit from the wire. The error is a civic.Error bad_edit, for
// ids too that only the server makes; the id is set whenever it could be read, so
// that the refusal can name it.
func ParseEdit(raw []byte) (Edit, error) {
	var e Edit
	if len(raw) > MaxEditBytes {
		return Edit{ID: peekID(raw)}, Refuse(CodeBadEdit, "why", "too_large")
	}
	// Nobody loses work for a character: words are cleaned where they are kept.
	raw = bytes.ToValidUTF8(raw, nil)
	if err := json.Unmarshal(raw, &e); err != nil {
		// The clock is never a reason to refuse: a time that cannot be read is
		// dropped and the rest is read again.
		var loose struct {
			ID      EditID          `json:"id"`
			Report  ReportID        `json:"report"`
			BaseRev int64           `json:"base_rev"`
			Kind    Kind            `json:"kind"`
			Args    json.RawMessage `json:"args"`
			Epoch   string          `json:"epoch"`
		}
		if json.Unmarshal(raw, &loose) != nil {
			return Edit{ID: peekID(raw)}, Refuse(CodeBadEdit, "why", "shape")
		}
		e = Edit{ID: loose.ID, Report: loose.Report, BaseRev: loose.BaseRev, Kind: loose.Kind, Args: loose.Args, Epoch: loose.Epoch}
	}
	if strings.ContainsFunc(string(e.Kind)+e.Epoch, unicode.IsControl) {
		return Edit{ID: e.ID}, Refuse(CodeBadEdit, "why", "text")
	}
	if e.ID.Reserved() || e.Kind == KindCreate && e.Report.Reserved() {
		return Edit{ID: e.ID}, Refuse(CodeBadEdit, "why", "reserved")
	}
	if e.ID.IsZero() || e.Report.IsZero() || e.Kind == "" || e.BaseRev < 0 {
		return Edit{ID: e.ID}, Refuse(CodeBadEdit, "why", "missing")
	}
	return e, nil
}

func peekID(raw []byte) EditID {
	var only struct {
		ID EditID `json:"id"`
	}
	if len(raw) > 1<<20 || json.Unmarshal(raw, &only) != nil {
		return EditID{}
	}
	return only.ID
}

// Digest tells whether two edits with one id say the same: SHA-256 over report,
// kind and compacted arguments. Base, time and epoch are left out, since a
// client may honestly renew them when it offers an edit again.
func (e Edit) Digest() [32]byte {
	var b bytes.Buffer
	b.WriteString(e.Report.String())
	b.WriteByte(0)
	b.WriteString(string(e.Kind))
	b.WriteByte(0)
	if json.Compact(&b, e.Args) != nil {
		b.Write(e.Args)
	}
	return sha256.Sum256(b.Bytes())
}
