package civic

import (
	"database/sql/driver"
	"fmt"

	"github.com/google/uuid"
)

// ID is a UUID that knows what it names: T is never stored, it only keeps a
// team's id from being passed where a report's is wanted.
//
// The text form is the lower-case form of RFC 9562. The zero ID means "none".
type ID[T any] uuid.UUID

// The things that have an id of their own.
type (
	ReportID       = ID[Report]
	EditID         = ID[Edit]
	ServiceID      = ID[Service]
	JurisdictionID = ID[Jurisdiction]
	AreaID         = ID[Area]
	TeamID         = ID[Team]
	DeskID         = ID[Desk]
	UserID         = ID[User]
	DeviceID       = ID[Device]
	ProfileID      = ID[Profile]
	MessageID      = ID[Message]
	WayID          = ID[Way]
)

// ParseID reads the canonical text form, in either case.
func ParseID[T any](s string) (ID[T], error) {
	if len(s) != 36 {
		return ID[T]{}, fmt.Errorf("id %.40q: want 36 characters", s)
	}
	u, err := uuid.Parse(s)
	return ID[T](u), err
}

// MustID reads a constant id and panics when it is not one.
func MustID[T any](s string) ID[T] { return ID[T](uuid.MustParse(s)) }

// String is the lower-case canonical form.
func (id ID[T]) String() string { return uuid.UUID(id).String() }

// IsZero reports whether the id names nothing.
func (id ID[T]) IsZero() bool { return id == ID[T]{} }

// MarshalText writes the canonical form.
func (id ID[T]) MarshalText() ([]byte, error) { return uuid.UUID(id).MarshalText() }

// UnmarshalText reads the canonical form and no other.
func (id *ID[T]) UnmarshalText(b []byte) error {
	parsed, err := ParseID[T](string(b))
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}

// Value gives a database the text form, and NULL for the zero id.
func (id ID[T]) Value() (driver.Value, error) {
	if id.IsZero() {
		return nil, nil
	}
	return id.String(), nil
}

// Scan reads what Value wrote; NULL gives the zero id.
func (id *ID[T]) Scan(src any) error {
	if src == nil {
		*id = ID[T]{}
		return nil
	}
	return (*uuid.UUID)(id).Scan(src)
}

// DeriveID makes the id of something that follows from another thing, so that
// doing it twice names it once (RFC 9562, version 5). Whoever knows both can tell the
// id: it is for imports and for names inside the database, and KeyedID for the rest.
func DeriveID[To, From any](from ID[From], what string) ID[To] {
	return ID[To](uuid.NewSHA1(uuid.UUID(from), []byte(what)))
}
