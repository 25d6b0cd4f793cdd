package civic

// Who is how much of the person who reported is written into a body.
type Who uint8

// WhoNobody writes nothing, WhoToRing the name, the telephone and what helps on
// the telephone, WhoToAnswer all that an office needs to answer.
const (
	WhoNobody Who = iota
	WhoToRing
	WhoToAnswer
)
