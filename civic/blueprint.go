package civic

// Blueprint is a town as its administrators describe it: everything that the
// rules and the town: scope are made of. Shapes are GeoJSON geometries in
// WGS 84 (Polygon or MultiPolygon).
type Blueprint struct {
	Jurisdiction
	Calendar Calendar `json:"calendar"`
	Settings
	Areas    []ShapedArea `json:"areas"`
	Desks    []Desk       `json:"desks"`
	Teams    []Team       `json:"teams"`
	Services []Service    `json:"services"`
	Users    []User       `json:"users"`
	Routes   []Route      `json:"routes"`
	Reasons  []Reason     `json:"reasons,omitempty"`
	Features []Feature    `json:"-"`
}

// ShapedArea is an area with its shape, which the outside area lacks.
type ShapedArea struct {
	Area
	Shape []byte `json:"shape,omitempty"`
}

// Feature is a line or a surface of the town's own drawn map. Kind is sea,
// coast, district, street, park or rail; Class runs from 0 (principal) to 2.
// Shape is a GeoJSON geometry.
type Feature struct {
	Kind  string
	Name  string
	Class int
	Shape []byte
}

// Reason is a typed answer that a status may demand.
type Reason struct {
	ID   ID[Reason] `json:"id"`
	For  Status     `json:"for"`
	Name string     `json:"name"`
	// Means says how a case ends with this reason; see Ending.
	Means Ending `json:"means,omitempty"`
}

// Settings are a town's small choices.
type Settings struct {
	// ReporterToCrew lets crews (never contractors) see who to ring.
	ReporterToCrew bool `json:"reporter_to_crew,omitempty"`
	// Phone is the number that citizens may call, as it is read.
	Phone string `json:"phone,omitempty"`
	// Declaration is the address of the town's official declaration of
	// accessibility; without one the pages link to their own.
	Declaration string `json:"declaration,omitempty"`
	// Attribution says whose map it is; Schematic that it is only drawn.
	Attribution string `json:"attribution,omitempty"`
	// Attributions say the same in other languages, by their two letters.
	Attributions map[string]string `json:"attributions,omitempty"`
	Schematic    bool              `json:"schematic,omitempty"`
}
