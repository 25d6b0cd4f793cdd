// Package demo is the demonstration town: a Genova that looks real and is not.
// Its districts, streets, offices, people, two years of cases and the pictures
// attached to them are all made here.
//
// Everything is pure and follows from the seed: the package never reads a
// clock, a file or a network, and nobody's name in it belongs to anybody.
package demo
