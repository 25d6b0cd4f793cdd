package civic

import (
	"encoding/json"
	"fmt"
)

// SystemEdit is an edit of the town itself that follows from another: its id
// derives from that one's and from what it is for, so that it happens once.
func SystemEdit(key TownKey, from EditID, report ReportID, k Kind, args any, what string) Edit {
	raw, err := json.Marshal(args)
	if err != nil {
		panic("civic: arguments of a system edit: " + err.Error())
	}
	return Named(key, from, what, Edit{Report: report, Kind: k, Args: raw, Actor: System})
}

// ClockEdit is an edit that the clock makes at a report's rev: its id derives
// from both, so that two nodes whose clocks strike together make one.
func ClockEdit(key TownKey, report ReportID, rev int64, k Kind, args any) Edit {
	e := SystemEdit(key, EditID(report), report, k, args, fmt.Sprintf("clock:%s:%d:%v", k, rev, args))
	e.BaseRev = rev
	return e
}
