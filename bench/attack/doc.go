// Package attack_bench puts strangers against the running program, one kind of
// attack after the other, and measures what an honest visitor feels and what of the
// memory comes back. It is no part of the program.
package attack_bench
