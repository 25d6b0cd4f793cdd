package demo

import "segnavia/civic"

// Photo is a drawn picture. Of is the service group it fits, Stage report or
// after.
type Photo struct {
	SHA256 civic.SHA256
	JPEG   []byte
	W, H   int
	Of     string
	Stage  string
	// subject is what it shows, as the words of the services name it.
	subject string
}

// Photos draws the pictures that cases attach.
func Photos(_ uint64) []Photo { return nil }
