// Package civic is the vocabulary and the rules of a town that answers:
// reports, the edits that change them, the changes that follow, scopes and
// their projections, checksums, actors, codes and deadlines.
//
// It holds pure values only. It never reads a clock, a database, a network or
// a source of randomness: whatever it needs enters as an argument.
package civic
