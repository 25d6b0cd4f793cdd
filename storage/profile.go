package storage

import (
	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// queueProfile keeps a person and how to reach them, apart from every report.
// Keeping the same person again changes nothing.
func queueProfile(batch *pgx.Batch, j civic.JurisdictionID, id civic.ProfileID, c *civic.Contact) {
	batch.Queue(`
		INSERT INTO profile (jurisdiction_id, id, name, prefers, lang, postal, hours, note, speaks_for)
		VALUES (@j, @id, @name, @prefers, @lang, @postal, @hours, @note, @for)
		ON CONFLICT (jurisdiction_id, id) DO NOTHING`,
		pgx.NamedArgs{
			"j": j, "id": id, "name": c.Name, "prefers": prefers(c.Prefers), "lang": orText(c.Lang, "it"),
			"postal": c.Postal, "hours": c.Hours, "note": c.Note, "for": c.For,
		})
	for kind, value := range map[string]string{"email": c.Email, "phone": c.Phone} {
		if value != "" {
			batch.Queue(`INSERT INTO contact (jurisdiction_id, profile_id, kind, value) VALUES ($1, $2, $3, $4)
				ON CONFLICT DO NOTHING`, j, id, kind, value)
		}
	}
}

// prefers keeps a wish that the table knows.
func prefers(s string) string {
	switch s {
	case "phone", "sms", "email", "letter", "none":
		return s
	default:
		return ""
	}
}
