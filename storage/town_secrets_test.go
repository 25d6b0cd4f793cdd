package storage_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
	"segnavia/storage/storagetest"
)

// twoTowns is one installation of two towns, and a way into its database.
func twoTowns(t *testing.T) (db *storage.DB, a, b civic.JurisdictionID, sql func(string, ...any)) {
	t.Helper()
	url := storagetest.Database(t, storage.Migrate, storage.SchemaKey())
	db, err := storage.Open(t.Context(), storage.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	for _, slug := range []string{"genova", "milano"} {
		if err := db.SaveTown(t.Context(), civictest.Town(slug)); err != nil {
			t.Fatal(err)
		}
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	sql = func(q string, args ...any) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), q, args...); err != nil {
			t.Fatal(err)
		}
	}
	sql(`UPDATE installation SET secret = $1`, []byte("the installation's own 32 bytes."))
	db.Close()
	if db, err = storage.Open(t.Context(), storage.Options{URL: url}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db, civictest.Town("genova").ID, civictest.Town("milano").ID, sql
}

// oldSum is how everything was derived before towns had keys.
func oldSum(what string, rest []byte) []byte {
	mac := hmac.New(sha256.New, []byte("the installation's own 32 bytes."))
	mac.Write([]byte(what))
	mac.Write(rest)
	return mac.Sum(nil)
}

// TestNothingSecretInOneTownOpensAnother gives two towns everything under the same
// ids, which clients may choose.
func TestNothingSecretInOneTownOpensAnother(t *testing.T) {
	db, a, b, sql := twoTowns(t)
	ctx := t.Context()
	id := civictest.NewID[civic.Report]()
	nonce := civic.HashNonce([]byte("the same nonce, in both towns"))
	var receipts [2]civic.Receipt
	for i, j := range []civic.JurisdictionID{a, b} {
		e := civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, create("pothole", 8.85, 44.45))
		e.Minted.Nonce = nonce
		must(t, db, j, e)
		var err error
		if receipts[i], err = db.Receipt(ctx, j, id); err != nil {
			t.Fatal(err)
		}
		if ok, err := db.OpenBySecret(ctx, j, id, receipts[i].Secret); err != nil || !ok {
			t.Fatalf("a town's own secret: %v %v", ok, err)
		}
	}
	if receipts[0].Secret == receipts[1].Secret || receipts[0].PIN == receipts[1].PIN {
		t.Error("two towns give one secret for one id")
	}
	if ok, err := db.OpenBySecret(ctx, a, id, receipts[1].Secret); err != nil || ok {
		t.Errorf("the other town's secret opens: %v", err)
	}
	if _, err := db.OpenByPIN(ctx, a, id, receipts[1].PIN, "192.0.2.1", time.Now()); civic.CodeOf(err) != "bad_pin" {
		t.Errorf("the other town's PIN: %v", err)
	}
	wish := civictest.NewID[civic.Subscription]()
	if _, err := db.Subscription(ctx, a, wish, db.SubscriptionSecret(b, wish)); !errors.Is(err, civic.ErrNotFound) {
		t.Errorf("the other town's link: %v", err)
	}
	if err := db.Unsubscribe(ctx, a, wish, db.SubscriptionSecret(b, wish)); !errors.Is(err, civic.ErrNotFound) {
		t.Errorf("the other town's link ends a wish: %v", err)
	}
	if civic.KeyedID[civic.Edit](db.TownKey(a), id, "x") == civic.KeyedID[civic.Edit](db.TownKey(b), id, "x") {
		t.Error("two towns derive one id")
	}
	// The same device in both towns, as only a copied row could have it.
	user := civictest.Actor(civictest.Town("genova"), "crew").User
	tokens, err := db.AddDevice(ctx, a, user, "phone", time.Hour, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	sql(`INSERT INTO device (jurisdiction_id, id, user_id, name, refresh, refresh_expires, created, version)
		SELECT $1, id, $2, name, refresh, refresh_expires, created, version FROM device WHERE id = $3`,
		b, civictest.Actor(civictest.Town("milano"), "crew").User, tokens.Device)
	if _, err := db.Grant(ctx, a, tokens.Token, time.Now()); err != nil {
		t.Errorf("a town's own token: %v", err)
	}
	if _, err := db.Grant(ctx, b, tokens.Token, time.Now()); !errors.Is(err, storage.ErrBadToken) {
		t.Errorf("the other town's token: %v", err)
	}
}

// TestAReceiptNeedsTheNonceThatTheReportCameWith knows everything of a report but
// what its sender kept.
func TestAReceiptNeedsTheNonceThatTheReportCameWith(t *testing.T) {
	db, town := open(t)
	mine, other := civic.HashNonce([]byte("sixteen bytes or more")), civic.HashNonce([]byte("something else"))
	with, without := civictest.NewID[civic.Report](), civictest.NewID[civic.Report]()
	e := civictest.Edit(civictest.Citizen, with, 0, civic.KindCreate, create("pothole", 8.85, 44.45))
	e.Minted.Nonce = mine
	must(t, db, town.ID, e)
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, without, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	for _, c := range []struct {
		report civic.ReportID
		nonce  civic.NonceHash
		want   bool
	}{
		{with, mine, true},
		{with, other, false},
		{with, civic.NonceHash{}, false},
		{without, mine, false},
		{without, civic.NonceHash{}, false},
		{civictest.NewID[civic.Report](), mine, false},
	} {
		if sent, err := db.SentWith(t.Context(), town.ID, c.report, c.nonce); err != nil || sent != c.want {
			t.Errorf("%v %x: %v %v", c.report, c.nonce[:4], sent, err)
		}
	}
	one, err := db.Receipt(t.Context(), town.ID, with)
	if err != nil {
		t.Fatal(err)
	}
	two, err := db.Receipt(t.Context(), town.ID, without)
	if err != nil || one.Secret == two.Secret {
		t.Errorf("%v; a report without a nonce has none of its own", err)
	}
	crew := civictest.NewID[civic.Report]()
	must(t, db, town.ID, civictest.Edit(civictest.Actor(town, "crew"), crew, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	if r, err := db.Receipt(t.Context(), town.ID, crew); err != nil || r.Code == "" || r.Secret != "" || r.PIN != "" {
		t.Errorf("a crew's own report: %+v %v", r, err)
	}
}

// TestWhatWasGivenOutBeforeGoesOnWorking writes rows as the program before wrote them.
func TestWhatWasGivenOutBeforeGoesOnWorking(t *testing.T) {
	db, a, b, sql := twoTowns(t)
	ctx, now := t.Context(), time.Now()
	id := civictest.NewID[civic.Report]()
	for _, j := range []civic.JurisdictionID{a, b} {
		must(t, db, j, civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	}
	secret := base64.RawURLEncoding.EncodeToString(oldSum("link", id[:])[:20])
	pin := fmt.Sprintf("%06d", binary.BigEndian.Uint64(oldSum("pin", id[:]))%1e6)
	sql(`UPDATE report_access SET version = 1, nonce = NULL, secret = $3, pin = $4 WHERE jurisdiction_id = $1 AND report_id = $2`,
		a, id, oldSum("link-hash\x00"+secret+"\x00", id[:]), oldSum("pin-hash\x00"+pin+"\x00", id[:]))
	if ok, err := db.OpenBySecret(ctx, a, id, secret); err != nil || !ok {
		t.Errorf("an old link: %v %v", ok, err)
	}
	if got, err := db.OpenByPIN(ctx, a, id, pin, "192.0.2.2", time.Now()); err != nil || got != secret {
		t.Errorf("an old PIN: %q %v", got, err)
	}
	if r, err := db.Receipt(ctx, a, id); err != nil || r.Secret != secret || r.PIN != pin {
		t.Errorf("an old receipt: %+v %v", r, err)
	}
	if ok, err := db.OpenBySecret(ctx, b, id, secret); err != nil || ok {
		t.Errorf("it opens the other town too: %v", err)
	}

	wish := civictest.NewID[civic.Subscription]()
	old := base64.RawURLEncoding.EncodeToString(oldSum("subscription", wish[:])[:20])
	for _, j := range []civic.JurisdictionID{a, b} {
		if err := db.SubscribeReport(ctx, j, wish, id, civic.Contact{Email: "ada@example.org"}); err != nil {
			t.Fatal(err)
		}
	}
	sql(`UPDATE subscription SET version = 1 WHERE jurisdiction_id = $1`, a)
	for _, s := range []string{old, db.SubscriptionSecret(a, wish)} {
		if one, err := db.Subscription(ctx, a, wish, s); err != nil || one.Report != id {
			t.Errorf("an old wish: %+v %v", one, err)
		}
	}
	if _, err := db.Subscription(ctx, b, wish, old); !errors.Is(err, civic.ErrNotFound) {
		t.Errorf("an old link opens a new wish: %v", err)
	}
	for range 2 {
		if err := db.Unsubscribe(ctx, a, wish, old); err != nil {
			t.Errorf("an old link ends its wish: %v", err)
		}
	}
	if _, err := db.Subscription(ctx, a, wish, old); !errors.Is(err, civic.ErrNotFound) {
		t.Errorf("ended, and: %v", err)
	}

	tokens, err := db.AddDevice(ctx, a, civictest.Actor(civictest.Town("genova"), "crew").User, "phone", time.Hour, now)
	if err != nil {
		t.Fatal(err)
	}
	raw := binary.BigEndian.AppendUint64(append([]byte(nil), tokens.Device[:]...), uint64(now.Add(time.Hour).Unix()))
	given := base64.RawURLEncoding.EncodeToString(append(raw, oldSum("access\x00", raw)...))
	if _, err := db.Grant(ctx, a, given, now); !errors.Is(err, storage.ErrBadToken) {
		t.Errorf("an old token of a new device: %v", err)
	}
	sql(`UPDATE device SET version = 1 WHERE id = $1`, tokens.Device)
	for _, token := range []string{given, tokens.Token} {
		if g, err := db.Grant(ctx, a, token, now); err != nil || g.Device != tokens.Device {
			t.Errorf("a token of an old device: %v", err)
		}
	}
}

// TestAnEditDerivedBeforeIsNotMadeAgain retries, after the ids were keyed, what was
// made under the old ones; and does not take for its own what a stranger put there.
func TestAnEditDerivedBeforeIsNotMadeAgain(t *testing.T) {
	db, town := open(t)
	id := civictest.NewID[civic.Report]()
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	said := func(a civic.Actor, text string) civic.Edit {
		return civic.Named(db.TownKey(town.ID), id, "message:x", civictest.Edit(a, id, 0, civic.KindMessage, civic.TextArgs{Text: text}))
	}
	before := said(civictest.Citizen, "Grazie")
	before.ID, before.Formerly = before.Formerly, civic.EditID{}
	must(t, db, town.ID, before)
	again := must(t, db, town.ID, said(civictest.Citizen, "Grazie"))
	if r, err := db.Report(t.Context(), town.ID, id); err != nil || len(r.Messages) != 1 || !again.Repeated || again.ID != before.ID {
		t.Errorf("%d messages, %+v, %v", len(r.Messages), again, err)
	}
	service := civic.Actor{Role: civic.RoleService, Client: "fixmystreet", Every: true}
	for i, e := range []civic.Edit{said(civictest.Citizen, "Altro"), said(service, "Grazie")} {
		e.ID = civictest.NewID[civic.Edit]() // each its own new name
		if a := must(t, db, town.ID, e); a.Repeated || a.ID != e.ID {
			t.Errorf("%d: what another said counts as said: %+v", i, a)
		}
	}
	// Under one name, the same words of another kind of actor are another's.
	mine := said(civictest.Citizen, "Uno")
	must(t, db, town.ID, mine)
	mine.Actor = service
	if a, err := db.Apply(t.Context(), town.ID, mine, 0); err != nil || a.Code != civic.CodeIDTaken {
		t.Errorf("%+v %v", a, err)
	}
}
