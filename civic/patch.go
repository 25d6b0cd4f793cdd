package civic

import (
	"bytes"
	"encoding/json"
)

// Diff is the JSON Merge Patch (RFC 7396) that turns one object into another:
// "{}" when they are equal. Neither may hold a null.
func Diff(from, to json.RawMessage) json.RawMessage {
	var a, b map[string]json.RawMessage
	if json.Unmarshal(from, &a) != nil || json.Unmarshal(to, &b) != nil {
		return to
	}
	patch := diffObjects(a, b)
	raw, err := json.Marshal(patch)
	if err != nil {
		return to
	}
	return raw
}

func diffObjects(a, b map[string]json.RawMessage) map[string]json.RawMessage {
	patch := make(map[string]json.RawMessage)
	for k := range a {
		if _, kept := b[k]; !kept {
			patch[k] = json.RawMessage("null")
		}
	}
	for k, want := range b {
		have, ok := a[k]
		if ok && bytes.Equal(have, want) {
			continue
		}
		var x, y map[string]json.RawMessage
		if ok && isObject(have) && isObject(want) && json.Unmarshal(have, &x) == nil && json.Unmarshal(want, &y) == nil {
			inner, err := json.Marshal(diffObjects(x, y))
			if err == nil {
				patch[k] = inner
				continue
			}
		}
		patch[k] = want
	}
	return patch
}

// Merge applies a JSON Merge Patch (RFC 7396) to a target, which may be empty.
func Merge(target, patch json.RawMessage) (json.RawMessage, error) {
	if !isObject(patch) {
		return patch, nil
	}
	var a, p map[string]json.RawMessage
	if err := json.Unmarshal(patch, &p); err != nil {
		return nil, err
	}
	if isObject(target) {
		if err := json.Unmarshal(target, &a); err != nil {
			return nil, err
		}
	}
	if a == nil {
		a = make(map[string]json.RawMessage, len(p))
	}
	for k, v := range p {
		if string(v) == "null" {
			delete(a, k)
			continue
		}
		merged, err := Merge(a[k], v)
		if err != nil {
			return nil, err
		}
		a[k] = merged
	}
	return json.Marshal(a)
}

func isObject(raw json.RawMessage) bool {
	trimmed := bytes.TrimLeft(raw, " \t\r\n")
	return len(trimmed) > 0 && trimmed[0] == '{'
}
