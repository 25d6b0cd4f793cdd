package civic

// Place is where the town's gazetteer knows an address: a street, and a house
// number where one is known.
type Place struct {
	Street   string `json:"street"`
	Locality string `json:"locality,omitempty"` // the quarter, where streets of that name need one
	HouseNumber
	// Exact says that the number is the one asked for and not only the nearest.
	Exact bool `json:"exact"`
	Position
	// Similarity of the street to the one asked for, from 0 to 1.
	Similarity float64 `json:"-"`
}

// Door is the house number as it is written, "12" or "12/A", or "".
func (p *Place) Door() string { return p.String() }

// Door is one house number of a register. X and Y are in the register's own
// coordinates; Line is where it stands there.
type Door struct {
	Street, Locality string
	HouseNumber
	Postcode string
	X, Y     float64
	Line     int
}

// Way is one street of a register: Shape is a GeoJSON line in WGS 84.
type Way struct {
	Name, Locality string
	Class          int
	Shape          []byte
}
