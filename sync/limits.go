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
	bodyTimeout   = 30 * time.Second // for each read or write of an HTTP body
	repairEvery   = time.Minute
	pushGrace     = 72 * time.Hour // how long after its end a token may push
	maxFrameDrain = 16 << 20
	maxScopes     = 2000

	// framesPerSecond and frameBurst bound one socket; a client that obeys the
	// protocol stays far below.
	framesPerSecond = 200
	frameBurst      = 1000

	// versionOps is the most that one version holds (The log).
	versionOps = 200

	// grantsAtOnce bounds one reading of rights.
	grantsAtOnce = 1000

	// How long leaving takes at most: saying so to everybody, finishing what is
	// under way, and then giving it up.
	farewell  = 2 * time.Second
	workGrace = 5 * time.Second
	lastGrace = 2 * time.Second

	// compressOver is the size above which a shared frame is worth compressing.
	compressOver = 200
)

// Close codes (sync protocol 1, Frames).
const (
	closeBad       = 4400
	closeToken     = 4401
	closeForbidden = 4403
	closeSlow      = 4408 // of the HTTP twin alone: a body stood still
	closeProtocol  = 4409
	closeTooLarge  = 4413
	closeTooFast   = 4429
	closeAway      = 4503
)
