package storage_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
	"segnavia/storage/storagetest"
)

// everything is all that the database holds of a town's history, log and jobs, as
// one text to search.
func everything(t *testing.T, db *storage.DB) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), storagetest.Admin(t, storage.URLOf(db)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // the database goes too
	var all strings.Builder
	for _, sql := range []string{
		`SELECT coalesce(args::text, '') || result::text FROM edit`,
		`SELECT coalesce(body::text, '') FROM scope_log`,
		`SELECT row(r.*)::text FROM report r`,
		`SELECT args::text FROM river.river_job`,
		`SELECT row(m.*)::text FROM message m`,
		`SELECT row(u.*)::text FROM report_update u`,
		`SELECT row(m.*)::text FROM remote_media m`,
		`SELECT row(p.*)::text FROM profile p`,
		`SELECT row(c.*)::text FROM contact c`,
	} {
		all.WriteString(strings.Join(texts(t, conn, sql), "\n"))
	}
	return all.String()
}

// TestNobodysWordsStayWhenTheyAreErased lets people say things in every way that
// an edit has, refused ones too, and looks for a word of it after the erasure.
func TestNobodysWordsStayWhenTheyAreErased(t *testing.T) {
	db, town := open(t)
	operator, admin := civictest.Actor(town, "operator"), civictest.Actor(town, "admin")
	id := civictest.NewID[civic.Report]()
	args := create("pothole", 8.85, 44.45)
	args.Title, args.Description, args.Address = "CANARY 1", "CANARY 2", "CANARY 3"
	args.Contact = civic.Contact{
		Name: "CANARY 4", Phone: "CANARY 5", Email: "CANARY 6",
		Postal: "CANARY 13", Hours: "CANARY 14", Note: "CANARY 15", For: "CANARY 16",
	}
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, args))
	far := 40.0
	args.Lon = &far
	elsewhere, err := db.Apply(t.Context(), town.ID, civictest.Edit(civictest.Citizen, civictest.NewID[civic.Report](), 0, civic.KindCreate, args), 0)
	if err != nil || elsewhere.Code != civic.CodeOutsideTown {
		t.Fatalf("outside the town: %+v, %v", elsewhere, err)
	}
	anybody := civic.Actor{Role: civic.RoleCitizen}
	must(t, db, town.ID, civictest.Edit(anybody, id, 2, civic.KindFollow, civic.FollowArgs{Contact: civic.Contact{Email: "CANARY 17", Name: "CANARY 18"}}))
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, id, 2, civic.KindRate, civic.RateArgs{Score: 2, Text: "CANARY 19"}))
	must(t, db, town.ID, civictest.Edit(operator, id, 2, civic.KindNote, civic.TextArgs{Text: "CANARY 7"}))
	must(t, db, town.ID, civictest.Edit(operator, id, 2, civic.KindReply, civic.TextArgs{Text: "CANARY 8", Public: true}))
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, id, 2, civic.KindMessage, civic.TextArgs{Text: "CANARY 9"}))
	for _, value := range []string{"CANARY 10", "CANARY 11"} { // the second conflicts with the first
		must(t, db, town.ID, civictest.Edit(operator, id, 2, civic.KindSet, map[string]any{"field": "description", "value": value}))
	}
	if _, err := db.Apply(t.Context(), town.ID, civictest.Edit(civictest.Actor(town, "crew2"), id, 9, civic.KindNote, civic.TextArgs{Text: "CANARY 12"}), 0); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(everything(t, db), "CANARY"); n < 16 {
		t.Fatalf("only %d canaries before the erasure: the test proves nothing", n)
	}
	must(t, db, town.ID, civictest.Edit(admin, id, 20, civic.KindPurge, struct{}{}))
	all := everything(t, db)
	for at := strings.Index(all, "CANARY"); at >= 0; at = strings.Index(all, "CANARY") {
		t.Errorf("still there: …%.120s…", all[max(0, at-60):])
		all = all[at+6:]
	}
}

func TestWhatTheDatabaseCannotHoldIsRefusedAndNotTriedAgain(t *testing.T) {
	db, town := open(t)
	id := civictest.NewID[civic.Report]()
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	for _, raw := range []string{
		`{"to":"rejected","reason":"half an emoji \ud83d"}`,
		`{"field":"priority","value":"high","base":1e999999}`,
		`{"text":"a zero \u0000 within"}`,
	} {
		e := civictest.Edit(civictest.Actor(town, "operator"), id, 2, civic.KindTransition, nil)
		if strings.Contains(raw, "field") {
			e.Kind = civic.KindSet
		} else if strings.Contains(raw, "text") {
			e.Kind = civic.KindNote
		}
		e.Args = []byte(raw)
		a, err := db.Apply(t.Context(), town.ID, e, 0)
		if err != nil {
			t.Errorf("%s: %v", raw, err)
		}
		if again, err := db.Apply(t.Context(), town.ID, e, 0); err != nil || again.Status != a.Status {
			t.Errorf("%s: %s, then %s (%v)", raw, a.Status, again.Status, err)
		}
	}
}

func TestAttachmentsThatNeverCameAreDueOnce(t *testing.T) {
	db, town := open(t)
	id, hash := civictest.NewID[civic.Report](), civic.SHA256(strings.Repeat("a", 64))
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, id, 2, civic.KindAttach, civic.AttachArgs{
		SHA256: hash, Bytes: 10, Mime: "image/jpeg", Stage: civic.StageReport,
	}))
	conn, err := pgx.Connect(t.Context(), storagetest.Admin(t, storage.URLOf(db)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // the test is over
	if _, err := conn.Exec(t.Context(), `UPDATE attachment SET attached = attached - interval '8 days'`); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), `UPDATE report SET facets = jsonb_set(facets, '{photos}', replace((facets->'photos')::text, to_char(now(), 'YYYY-'), '2020-')::jsonb)`); err != nil {
		t.Fatal(err)
	}
	for round, want := range []int{1, 0} {
		due, err := db.Due(t.Context(), town.ID, time.Now(), 10)
		if err != nil || len(due) != want {
			t.Fatalf("round %d: %d due, want %d (%v)", round, len(due), want, err)
		}
		for _, e := range due {
			must(t, db, town.ID, e)
		}
	}
	// A phone that was found again sends them after all; another's bytes are not its.
	p := civic.StoredPhoto{SHA256: hash, Mime: "image/jpeg", Bytes: 10, W: 1, H: 1}
	other := civic.Sender{User: civictest.Actor(town, "crew").User}
	for _, from := range []civic.Sender{{}, other} {
		if err := db.SavePhoto(t.Context(), town.ID, p, from); err != nil {
			t.Fatal(err)
		}
		if waiting, err := db.WaitingFor(t.Context(), town.ID, hash); err != nil || len(waiting) != 0 {
			t.Fatalf("another's bytes are looked at for %v (%v)", waiting, err)
		}
	}
	if err := db.SavePhoto(t.Context(), town.ID, p, civic.Sender{Report: id}); err != nil {
		t.Fatal(err)
	}
	waiting, err := db.WaitingFor(t.Context(), town.ID, hash)
	if err != nil || len(waiting) != 1 || waiting[0] != id {
		t.Fatalf("bytes that came late are looked at for %v (%v)", waiting, err)
	}
	must(t, db, town.ID, civic.SystemEdit(db.TownKey(town.ID), civic.EditID(id), id, civic.KindPhoto,
		civic.PhotoArgs{SHA256: hash, State: civic.PhotoReady, W: 10, H: 10}, "ready"))
	if waiting, err = db.WaitingFor(t.Context(), town.ID, hash); err != nil || len(waiting) != 0 {
		t.Errorf("once they are there, for %v (%v)", waiting, err)
	}
}

// TestBytesThatComeAgainAreNotSweptAtOnce sends a photo that lay about for days,
// and that somebody is about to name.
func TestBytesThatComeAgainAreNotSweptAtOnce(t *testing.T) {
	db, town := open(t)
	p := civic.StoredPhoto{SHA256: civic.SHA256(strings.Repeat("b", 64)), Mime: "image/jpeg", Bytes: 10, W: 1, H: 1}
	later := time.Now().Add(72 * time.Hour)
	if err := db.SavePhoto(t.Context(), town.ID, p, civic.Sender{}); err != nil {
		t.Fatal(err)
	}
	old, err := db.Orphans(t.Context(), town.ID, later, 10)
	if err != nil || len(old) != 1 {
		t.Fatalf("%d to sweep after three days (%v)", len(old), err)
	}
	conn, err := pgx.Connect(t.Context(), storagetest.Admin(t, storage.URLOf(db)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // the test is over
	if _, err := conn.Exec(t.Context(), `UPDATE photo SET stored = stored - interval '3 days'`); err != nil {
		t.Fatal(err)
	}
	if err := db.SavePhoto(t.Context(), town.ID, p, civic.Sender{}); err != nil {
		t.Fatal(err)
	}
	if gone, err := db.SweepPhoto(t.Context(), town.ID, p.SHA256, time.Now()); err != nil || gone {
		t.Errorf("swept %t a moment after it came again (%v)", gone, err)
	}
	if gone, err := db.SweepPhoto(t.Context(), town.ID, p.SHA256, later); err != nil || !gone {
		t.Errorf("swept %t after three days (%v)", gone, err)
	}
}

// TestALoosePictureWaitsTwoHours sweeps what somebody without a report brought
// before what a person of the town hall did; sent by both it is not loose.
func TestALoosePictureWaitsTwoHours(t *testing.T) {
	db, town := open(t)
	save := func(name string, loose bool) civic.SHA256 {
		t.Helper()
		hash := civic.SHA256(strings.Repeat(name, 64))
		p := civic.StoredPhoto{SHA256: hash, Mime: "image/jpeg", Bytes: 10, W: 1, H: 1, Loose: loose}
		if err := db.SavePhoto(t.Context(), town.ID, p, civic.Sender{}); err != nil {
			t.Fatal(err)
		}
		return hash
	}
	loose, office, both := save("1", true), save("2", false), save("3", true)
	save("3", false)
	later := time.Now().Add(storage.LooseAfter + time.Minute)
	list, err := db.Orphans(t.Context(), town.ID, later, 10)
	if err != nil || len(list) != 1 || list[0] != loose {
		t.Errorf("after two hours go %v, %v", list, err)
	}
	for hash, want := range map[civic.SHA256]bool{loose: true, office: false, both: false} {
		if gone, err := db.SweepPhoto(t.Context(), town.ID, hash, later); err != nil || gone != want {
			t.Errorf("%.4s: gone %t, %v", hash, gone, err)
		}
	}
}
