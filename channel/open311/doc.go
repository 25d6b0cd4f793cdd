// Package open311 speaks Open311 GeoReport v2 and its extension for updates: it
// reads the parameters of a call, asks the town, and answers in XML or JSON. It
// makes the same edits as every other door, and never touches a database: what
// it needs of one stands in ports.go.
//
// Sources: the specification (wiki.open311.org/GeoReport_v2), service discovery
// (wiki.open311.org/Service_Discovery), and what FixMyStreet, which is the client
// that towns have, expects beyond them.
package open311
