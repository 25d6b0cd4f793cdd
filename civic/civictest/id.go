package civictest

import (
	"github.com/google/uuid"

	"segnavia/civic"
)

// NewID is a fresh id of version 7.
func NewID[T any]() civic.ID[T] { return civic.ID[T](uuid.Must(uuid.NewV7())) }
