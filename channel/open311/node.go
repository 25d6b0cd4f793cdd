package open311

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strconv"
)

// node is one element of an answer. JSON follows from XML by the Spark convention
// that the specification names: the root is dropped, a list becomes an array
// without the names of its items, an empty text becomes null. No element ever has
// an attribute: FixMyStreet's reader then sees another shape and sends again.
type node struct {
	name string
	kind kind
	text string
	kids []node
}

type kind uint8

const (
	kindText kind = iota
	kindBare      // a number or a truth value, not quoted in JSON
	kindGroup
	kindList
)

func text(name, value string) node         { return node{name: name, text: value} }
func group(name string, kids ...node) node { return node{name: name, kind: kindGroup, kids: kids} }
func list(name string, items ...node) node { return node{name: name, kind: kindList, kids: items} }
func truth(name string, v bool) node {
	return node{name: name, kind: kindBare, text: strconv.FormatBool(v)}
}

func whole(name string, v int) node { return node{name: name, kind: kindBare, text: strconv.Itoa(v)} }

func number(name string, v float64) node {
	return node{name: name, kind: kindBare, text: strconv.FormatFloat(v, 'f', -1, 64)}
}

func texts(name, item string, of []string) node {
	items := make([]node, len(of))
	for i, v := range of {
		items[i] = text(item, v)
	}
	return list(name, items...)
}

// xmlHeader is the declaration that the specification asks for.
const xmlHeader = `<?xml version="1.0" encoding="utf-8"?>` + "\n"

func (n node) xml() []byte {
	var b bytes.Buffer
	b.WriteString(xmlHeader)
	n.writeXML(&b)
	b.WriteByte('\n')
	return b.Bytes()
}

func (n node) writeXML(b *bytes.Buffer) {
	b.WriteString("<" + n.name + ">")
	if n.kind == kindGroup || n.kind == kindList {
		for _, kid := range n.kids {
			kid.writeXML(b)
		}
	} else {
		_ = xml.EscapeText(b, []byte(n.text)) // a buffer takes everything
	}
	b.WriteString("</" + n.name + ">")
}

func (n node) json() []byte {
	var b bytes.Buffer
	n.writeJSON(&b)
	b.WriteByte('\n')
	return b.Bytes()
}

func (n node) writeJSON(b *bytes.Buffer) {
	switch n.kind {
	case kindText:
		if n.text == "" {
			b.WriteString("null")
			return
		}
		quoted, err := json.Marshal(n.text)
		if err != nil {
			quoted = []byte("null") // no text fails to marshal
		}
		b.Write(quoted)
	case kindBare:
		if n.text == "" {
			b.WriteString("null")
			return
		}
		b.WriteString(n.text)
	case kindList:
		b.WriteByte('[')
		for i, kid := range n.kids {
			if i > 0 {
				b.WriteByte(',')
			}
			kid.writeJSON(b)
		}
		b.WriteByte(']')
	case kindGroup:
		b.WriteByte('{')
		for i, kid := range n.kids {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strconv.Quote(kid.name) + ":")
			kid.writeJSON(b)
		}
		b.WriteByte('}')
	}
}
