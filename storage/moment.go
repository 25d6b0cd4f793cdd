package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Table is what a table held at a moment: how many rows, and a sum over all of
// them that any order gives alike.
type Table struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
	Sum  string `json:"sum"`
}

// Facts say which database a backup is of.
type Facts struct {
	Epoch  string   `json:"epoch"`
	Kind   string   `json:"kind"` // town or demo
	Schema int64    `json:"schema"`
	Towns  []string `json:"towns"`
}

// Moment is one moment of a database, held while it is counted and dumped. Its
// owner calls Close.
type Moment struct {
	url      string
	conn     *pgx.Conn
	tx       pgx.Tx
	snapshot string
}

// OpenMoment reads as the role that dumps: every town's rows, and writes none.
func OpenMoment(ctx context.Context, url string) (*Moment, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database url: %w", err)
	}
	for k, v := range map[string]string{
		"role": roleBackup, "application_name": "segnavia-backup", "timezone": "UTC", "datestyle": "ISO",
		"extra_float_digits": "1", "bytea_output": "hex", "statement_timeout": "0",
	} {
		config.RuntimeParams[k] = v
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, connectError(err)
	}
	m := &Moment{url: url, conn: conn}
	if m.tx, err = conn.BeginTx(ctx, snapshotRead); err == nil {
		err = m.tx.QueryRow(ctx, `SELECT pg_export_snapshot()`).Scan(&m.snapshot)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("moment: %w", err), conn.Close(ctx))
	}
	return m, nil
}

// Close lets the moment go.
func (m *Moment) Close(ctx context.Context) error { return m.conn.Close(ctx) }

// Facts read what database it is. Without tables the error is ErrNoInstallation.
func (m *Moment) Facts(ctx context.Context) (f Facts, err error) {
	err = m.tx.QueryRow(ctx, `
		SELECT epoch::text, kind, (SELECT max(version_id) FROM goose_db_version WHERE is_applied),
		       ARRAY(SELECT name FROM jurisdiction ORDER BY name) FROM installation`).Scan(&f.Epoch, &f.Kind, &f.Schema, &f.Towns)
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "42P01" {
		return f, ErrNoInstallation
	}
	return f, err
}

// ErrNoInstallation says that a database holds none of our tables.
var ErrNoInstallation = errors.New("there is no installation in this database")

// sumOfRows is over the text of each row, which a dump writes and reads back.
const sumOfRows = `SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM %s t`

// Tables counts every table of ours, the partitions in their parents. counted is
// called after each.
func (m *Moment) Tables(ctx context.Context, counted func(Table)) ([]Table, error) {
	rows, err := m.tx.Query(ctx, `
		SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname IN ('public', 'river') AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')
		ORDER BY 1, 2`)
	if err != nil {
		return nil, err
	}
	names, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (n [2]string, err error) {
		err = row.Scan(&n[0], &n[1])
		return n, err
	})
	if err != nil {
		return nil, err
	}
	tables := make([]Table, len(names))
	for i, n := range names {
		t := Table{Name: strings.TrimPrefix(n[0]+"."+n[1], "public.")}
		if err := m.tx.QueryRow(ctx, fmt.Sprintf(sumOfRows, pgx.Identifier(n[:]).Sanitize())).Scan(&t.Rows, &t.Sum); err != nil {
			return nil, fmt.Errorf("count %s: %w", t.Name, err)
		}
		counted(t)
		tables[i] = t
	}
	return tables, nil
}

// Differences names the tables that do not hold what another moment's held.
func Differences(want, got []Table, except ...string) (list []string) {
	have := make(map[string]Table, len(got))
	for _, t := range got {
		have[t.Name] = t
	}
	for _, t := range want {
		g := have[t.Name]
		for _, name := range except {
			if t.Name == name {
				g.Sum = t.Sum // its rows are counted alone
			}
		}
		if g.Rows != t.Rows || g.Sum != t.Sum {
			list = append(list, fmt.Sprintf("%s: %d rows instead of %d", t.Name, g.Rows, t.Rows))
		}
	}
	return list
}
