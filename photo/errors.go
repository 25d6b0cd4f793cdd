package photo

// The codes of an Error, which the text catalogue turns into sentences.
const (
	CodeEmpty          = "photo_empty"           // nothing came
	CodeTooLarge       = "photo_too_large"       // more bytes than max_mb
	CodeTooManyPixels  = "photo_too_many_pixels" // more than max_megapixels
	CodeType           = "photo_type"            // not a still JPEG, PNG, WebP, HEIC or AVIF, nor a PDF
	CodeBroken         = "photo_broken"          // cut short or damaged
	CodeTimeout        = "photo_timeout"         // too long to open
	CodeTooHeavy       = "photo_too_heavy"       // too much memory to open, within its pixels
	CodeDocumentBroken = "document_broken"       // a PDF that is cut short or damaged
	CodeDocumentLocked = "document_locked"       // a PDF that wants a password
	CodeDocumentActive = "document_active"       // a PDF that runs, opens or carries something
	CodeUnavailable    = "photo_unavailable"     // this machine cannot render at the moment
)

// Error says why a photo cannot be taken. The sender can act on all codes but
// CodeUnavailable, after which the same photo may be tried again.
type Error struct {
	Code string
	Args map[string]int // max_mb, max_megapixels
	Err  error          // for the log, never for people; may be nil
}

func (e *Error) Error() string {
	if e.Err != nil {
		return e.Code + ": " + e.Err.Error()
	}
	return e.Code
}

func (e *Error) Unwrap() error { return e.Err }
