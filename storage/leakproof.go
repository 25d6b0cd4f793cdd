package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// leakproof lists exactly the functions behind the operators that our queries
// use under row security. PostgreSQL lets an index serve a row-secured table
// only through leakproof operators; these read nothing but their arguments.
// TestIndexesServeEveryQuery fails when a query needs one that is not here.
var leakproof = []string{
	"geometry_overlaps(geometry, geometry)",                       // &&, boxes of lists and areas
	"st_covers(geometry, geometry)",                               // the area of a point
	"st_dwithin(geography, geography, double precision, boolean)", // reports nearby
	"geography_overlaps(geography, geography)",                    // && under st_dwithin
	"similarity_op(text, text)",                                   // %, names of streets
	"word_similarity_op(text, text)",                              // <%
	"word_similarity_commutator_op(text, text)",                   // %>
}

// markLeakproof marks the list. Only a superuser may: on a server of somebody
// else the error is an *unmarked that holds the statements to run there.
func markLeakproof(ctx context.Context, conn *pgx.Conn) error {
	var missing []string
	for _, f := range leakproof {
		var marked bool
		if err := conn.QueryRow(ctx, `SELECT proleakproof FROM pg_proc WHERE oid = $1::text::regprocedure`, f).Scan(&marked); err != nil {
			return fmt.Errorf("function %s: %w", f, err)
		}
		if marked {
			continue
		}
		sql := "ALTER FUNCTION " + f + " LEAKPROOF"
		if _, err := conn.Exec(ctx, sql); err != nil {
			var pg *pgconn.PgError
			if !errors.As(err, &pg) || pg.Code != "42501" {
				return fmt.Errorf("function %s: %w", f, err)
			}
			missing = append(missing, sql+";")
		}
	}
	if len(missing) > 0 {
		return &NotLeakproofError{Statements: missing}
	}
	return nil
}

// NotLeakproofError says that the login is no superuser: everything works, but
// spatial and text queries stay slow until somebody runs Statements.
type NotLeakproofError struct{ Statements []string }

func (e *NotLeakproofError) Error() string {
	return "spatial queries will be slow until a superuser runs:\n" + strings.Join(e.Statements, "\n")
}
