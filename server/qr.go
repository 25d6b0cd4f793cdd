package server

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// quiet is the white border that a scanner needs, in modules (ISO/IEC 18004).
const quiet = 4

// qrOf encodes a text with a quarter of it spare: a screen has reflections.
func qrOf(text string) (*qr.Code, error) {
	code, err := qr.Encode(text, qr.Q)
	if err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	return code, nil
}

// QRSVG draws a text as an SVG picture, black on white whatever is around it.
func QRSVG(text string) (string, error) {
	code, err := qrOf(text)
	if err != nil {
		return "", err
	}
	size := code.Size + 2*quiet
	var path strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" shape-rendering="crispEdges">`+
		`<path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path d="%[2]s"/></svg>`, size, path.String()), nil
}

// QRText draws a text for a terminal, two rows of modules a line. It paints both
// colours, so that a dark terminal and a light one show the same.
func QRText(text string) (string, error) {
	code, err := qrOf(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	const black, white = "30", "97"
	for y := -quiet; y < code.Size+quiet; y += 2 {
		for x := -quiet; x < code.Size+quiet; x++ {
			upper, lower := white, "107"
			if code.Black(x, y) {
				upper = black
			}
			if code.Black(x, y+1) {
				lower = "40"
			}
			fmt.Fprintf(&b, "\x1b[%s;%sm▀", upper, lower)
		}
		b.WriteString("\x1b[0m\n")
	}
	return b.String(), nil
}

// EnrolURL is the address that makes the phone which opens it somebody's device.
// The code is in the part that no browser sends to a server.
func EnrolURL(origin, code string) string { return origin + "/crew/enrol#" + code }
