package geo

import "slices"

// Tx gathers the changes of one Update.
type Tx struct {
	root    *root
	ids     *directory
	changes []change
	byID    map[ID]int // index into changes; only beyond a few changes
}

// change is what becomes of one report.
type change struct {
	id            ID
	before, after Entry
	had, has      bool
}

// few is the number of changes up to which a scan beats a map.
const few = 8

func (t *Tx) change(id ID) *change {
	if t.byID != nil {
		if i, ok := t.byID[id]; ok {
			return &t.changes[i]
		}
	} else {
		for i := range t.changes {
			if t.changes[i].id == id {
				return &t.changes[i]
			}
		}
	}
	c := change{id: id}
	c.before, c.had = t.ids.find(t.root, id)
	c.after, c.has = c.before, c.had
	t.changes = append(t.changes, c)
	switch n := len(t.changes); {
	case t.byID != nil:
		t.byID[id] = n - 1
	case n > few:
		t.byID = make(map[ID]int, 4*few)
		for i := range t.changes {
			t.byID[t.changes[i].id] = i
		}
	}
	return &t.changes[len(t.changes)-1]
}

// Get returns the report as this Tx has it, false if it is not in the index.
func (t *Tx) Get(id ID) (Entry, bool) {
	c := t.change(id)
	return c.after, c.has
}

// Put adds the report or replaces the one with its id.
func (t *Tx) Put(e Entry) {
	c := t.change(e.ID)
	c.after, c.has = e, true
}

// Delete removes a report. Removing one that is not there is not an error.
func (t *Tx) Delete(id ID) { t.change(id).has = false }

// edits turns the changes into edits of rows, sorted by row.
func (t *Tx) edits() ([]edit, []Touch) {
	edits := make([]edit, 0, len(t.changes)+1)
	touches := make([]Touch, 0, len(t.changes)+1)
	for i := range t.changes {
		c := &t.changes[i]
		if c.had == c.has && (!c.has || c.before == c.after) {
			continue
		}
		shown, public := c.seen()
		if c.had {
			if shown {
				touches = append(touches, Touch{c.before.Key, public && c.before.Attributes.Public()})
			}
			if !c.has || c.before.Key != c.after.Key {
				edits = append(edits, edit{at: rowKey{c.before.Key, c.id}})
			}
		}
		if c.has {
			if shown {
				touches = append(touches, Touch{c.after.Key, public && c.after.Attributes.Public()})
			}
			edits = append(edits, edit{at: rowKey{c.after.Key, c.id}, entry: &c.after})
		}
	}
	sortEdits(edits)
	slices.SortFunc(touches, func(a, b Touch) int {
		switch {
		case a.Key < b.Key:
			return -1
		case a.Key > b.Key:
			return 1
		}
		return 0
	})
	return edits, touches
}

// seen tells whether anything of the report that is drawn has changed, and whether
// the public sees it: a note, or another team, moves a case on and draws nothing.
func (c *change) seen() (shown, public bool) {
	if c.had != c.has {
		return true, true
	}
	before, after := c.before, c.after
	before.Rev, after.Rev = 0, 0
	return before != after, before.shown() != after.shown()
}

// direct brings the directory up to date with the changes.
func (t *Tx) direct() {
	for i := range t.changes {
		c := &t.changes[i]
		if c.had && (!c.has || c.before.Key != c.after.Key) {
			t.ids.remove(c.id, c.before.Key)
		}
		if c.has && (!c.had || c.before.Key != c.after.Key) {
			t.ids.add(c.id, c.after.Key)
		}
	}
}
