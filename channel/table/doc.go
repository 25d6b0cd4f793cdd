// Package table reads cases that somebody else kept in a table: a CSV file and
// a mapping that says what its columns mean. It makes a town of what it finds
// and past cases of its rows; it writes nothing and knows no database.
package table
