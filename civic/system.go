package civic

import "encoding/json"

// SystemEdit is an edit of the town itself that follows from another: its id
// derives from that one's and from what it is for, so that it happens once.
func SystemEdit(from EditID, report ReportID, k Kind, args any, what string) Edit {
	raw, err := json.Marshal(args)
	if err != nil {
		panic("civic: arguments of a system edit: " + err.Error())
	}
	return Edit{ID: DeriveID[Edit](from, what), Report: report, Kind: k, Args: raw, Actor: System}
}
