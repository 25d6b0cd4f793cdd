package storage

import (
	"bytes"
	"strings"
	"testing"
)

func TestAScriptIsReadByOlderServers(t *testing.T) {
	const head = "SET statement_timeout = 0;\nSET transaction_timeout = 0;\nSET row_security = off;\n"
	const rest = "COPY x FROM stdin;\nSET transaction_timeout = 0;\n\\.\n"
	want := "SET statement_timeout = 0;\nSET row_security = off;\n" + rest
	for step := range len(head) + len(rest) {
		var got bytes.Buffer
		w := &olderServers{to: &got}
		for part := head + rest; part != ""; {
			n := min(step+1, len(part))
			if _, err := w.Write([]byte(part[:n])); err != nil {
				t.Fatal(err)
			}
			part = part[n:]
		}
		if got.String() != want {
			t.Fatalf("in parts of %d: %q", step+1, got.String())
		}
	}
	var got bytes.Buffer
	long := strings.Repeat("SELECT 1;\n", 1000)
	if _, err := (&olderServers{to: &got}).Write([]byte(long)); err != nil || got.String() != long {
		t.Errorf("without settings: %d of %d bytes, %v", got.Len(), len(long), err)
	}
}
