package storage

import (
	"context"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// drawing keeps the codes that transactions of this node are about to use, so
// that two large batches do not draw the same. Another node's are met at the
// table's own constraint.
type drawing struct {
	mu    sync.Mutex
	codes map[civic.Code]bool
}

// claim reserves a code; false when somebody has it.
func (d *drawing) claim(c civic.Code) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.codes[c] {
		return false
	}
	if d.codes == nil {
		d.codes = make(map[civic.Code]bool)
	}
	d.codes[c] = true
	return true
}

func (d *drawing) release(codes []civic.Code) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range codes {
		delete(d.codes, c)
	}
}

// draw reserves n codes that nobody has. The caller releases them after its
// transaction, also when draw fails.
func (d *drawing) draw(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, prefix string, n int) (codes []civic.Code, err error) {
	for range codeTries {
		tried := make([]string, 0, n-len(codes))
		for i := 0; i < 2*n+10 && len(tried) < n-len(codes); i++ {
			number, err := randomNumber(1e7)
			if err != nil {
				return codes, err
			}
			if c := civic.NewCode(prefix, number); d.claim(c) {
				tried = append(tried, string(c))
			}
		}
		rows, err := tx.Query(ctx, `SELECT code FROM report WHERE jurisdiction_id = $1 AND code = ANY($2)`, j, tried)
		if err != nil {
			return codes, err
		}
		list, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return codes, err
		}
		used := make(map[string]bool, len(list))
		for _, c := range list {
			used[c] = true
		}
		for _, c := range tried {
			if used[c] {
				d.release([]civic.Code{civic.Code(c)})
				continue
			}
			codes = append(codes, civic.Code(c))
		}
		if len(codes) == n {
			return codes, nil
		}
	}
	return codes, fmt.Errorf("no free codes for %d reports", n)
}
