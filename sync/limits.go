package sync

import "time"

// The limits of sync protocol 1.
const (
	Protocol    = 1
	Subprotocol = "segnavia.sync.1"

	pushEdits = 100
	pushBytes = 256 << 10
	pullOps   = 500

	queueBytes    = 256 << 10
	writeTimeout  = 10 * time.Second
	helloTimeout  = 10 * time.Second
	heartbeat     = 25 * time.Second
	silence       = 75 * time.Second
	pollEvery     = time.Second
	recheckEvery  = 2 * time.Second
	recheckSlack  = 10 * time.Second
	maxFrameDrain = 16 << 20
	maxScopes     = 2000

	// framesPerSecond and frameBurst bound one socket; a client that obeys the
	// protocol stays far below.
	framesPerSecond = 200
	frameBurst      = 1000

	// compressOver is the size above which a shared frame is worth compressing.
	compressOver = 200
)

// Close codes (sync protocol 1, Frames).
const (
	closeBad       = 4400
	closeToken     = 4401
	closeForbidden = 4403
	closeProtocol  = 4409
	closeTooLarge  = 4413
	closeTooFast   = 4429
	closeAway      = 4503
)
