package server_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"segnavia/civic"
)

// TestUploadsSpendTheTownsBudget sends two pictures by a report's secret where the town
// has room for one: the other stays as it came, and is kept once there is room. What is
// no picture has taken none of it, and people of the town hall are not asked.
func TestUploadsSpendTheTownsBudget(t *testing.T) {
	u := newTus(t)
	receipt, err := u.db.Receipt(t.Context(), u.a.ID, u.report)
	if err != nil {
		t.Fatal(err)
	}
	mine := []string{"Authorization", "-", "Cookie", "r-" + string(receipt.Code) + "=" + receipt.Secret}
	b := picture(t)
	bring := func(b []byte) (path string, a tusAnswer) {
		t.Helper()
		path = u.begin(len(b), append(mine, "Upload-Metadata", said("report", string(receipt.Code)))...)
		return path, u.patch(path, 0, b, mine...)
	}
	room := float64(len(b)) * 3 / 2
	for name, budget := range map[string][2]float64{"the town's": {room, 1 << 30}, "all towns'": {1 << 30, room}} {
		u.srv.WithBytesByLink(1<<30, budget[0], budget[1])
		b = append(b, 1) // another picture, that looks the same
		if _, a := bring([]byte(strings.Repeat("no picture", len(b)/10))); a.status != http.StatusUnsupportedMediaType {
			t.Errorf("%s: no picture: %d %s", name, a.status, a.body)
		}
		if _, a := bring(b); a.status != http.StatusNoContent {
			t.Errorf("%s: the first: %d %s", name, a.status, a.body)
		}
		b = append(b, 1)
		path, a := bring(b)
		for i := range 2 { // HEAD has no body
			if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" || i == 0 && !strings.Contains(a.body, `"photos_later"`) {
				t.Errorf("%s: the second: %d %s", name, a.status, a.body)
			}
			a = u.send("HEAD", path, nil, mine...)
		}
		if got := u.upload(path); got.State != civic.UploadOpen || got.Received != int64(len(b)) {
			t.Errorf("%s: %+v", name, got)
		}
		crew := append(b, "of the crew"...)
		if at := u.begin(len(crew)); u.patch(at, 0, crew).status != http.StatusNoContent {
			t.Errorf("%s: the crew's is refused", name)
		}
		u.srv.WithBytesByLink(1<<30, room, room)
		if a := u.send("HEAD", path, nil, mine...); a.status != http.StatusOK || a.header.Get("Upload-Offset") != strconv.Itoa(len(b)) {
			t.Errorf("%s: with room again: %d %v", name, a.status, a.header)
		}
		if got := u.upload(path); got.State != civic.UploadDone {
			t.Errorf("%s: with room again: %+v", name, got)
		}
	}
}
