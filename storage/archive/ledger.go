package archive

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"segnavia/civic"
)

// ledgerFile lies beside the points and not in them: an older point is restored
// with what every later backup has learned.
const ledgerFile = "erasures.ndjson"

// Ledger reads what was taken away, as every backup of this folder has learned.
func (f *Folder) Ledger() ([]civic.Taken, error) {
	return ReadLedger(filepath.Join(f.dir, ledgerFile))
}

// ReadLedger reads a file of one entry a line; a file that is not there is empty.
func ReadLedger(path string) (list []civic.Taken, err error) {
	raw, err := os.ReadFile(path) // #nosec G304 -- the operator's
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ledger of erasures: %w", err)
	}
	in := bufio.NewScanner(bytes.NewReader(raw))
	in.Buffer(nil, 16<<20) // a case may have had many edits
	for in.Scan() {
		var t civic.Taken
		if err := json.Unmarshal(in.Bytes(), &t); err != nil {
			return nil, fmt.Errorf("ledger of erasures: %w", err)
		}
		list = append(list, t)
	}
	return list, in.Err()
}

// Learn adds to the ledger what it does not have.
func (f *Folder) Learn(more []civic.Taken) error {
	known, err := f.Ledger()
	if err != nil {
		return err
	}
	all := Union(known, more)
	if len(all) == len(known) {
		return nil
	}
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	for _, t := range all {
		if err := w.Encode(t); err != nil {
			return err
		}
	}
	to := filepath.Join(f.dir, ledgerFile)
	if err := writeDurably(to+partial, b.Bytes()); err != nil {
		return fmt.Errorf("ledger of erasures: %w", err)
	}
	if err := os.Rename(to+partial, to); err != nil {
		return fmt.Errorf("ledger of erasures: %w", err)
	}
	return syncDir(f.dir)
}

// Union joins ledgers, each entry once, in the order of time.
func Union(lists ...[]civic.Taken) (all []civic.Taken) {
	seen := map[civic.EditID]bool{}
	for _, t := range slices.Concat(lists...) {
		if !seen[t.Edit] {
			seen[t.Edit] = true
			all = append(all, t)
		}
	}
	slices.SortStableFunc(all, func(a, b civic.Taken) int { return a.At.Compare(b.At) })
	return all
}
