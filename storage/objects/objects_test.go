package objects_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"segnavia/storage/objects"
	"segnavia/storage/storagetest"
)

func config(t *testing.T) objects.Config {
	t.Helper()
	s := storagetest.Bucket(t)
	return objects.Config{
		Endpoint: s.Endpoint, Bucket: s.Bucket, AccessKey: s.AccessKey, SecretKey: s.SecretKey, Region: s.Region,
	}
}

func open(t *testing.T) *objects.Bucket {
	t.Helper()
	b, err := objects.Open(t.Context(), config(t))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func put(t *testing.T, b *objects.Bucket, key, body string) {
	t.Helper()
	if err := b.Put(t.Context(), key, strings.NewReader(body), int64(len(body)), "image/jpeg"); err != nil {
		t.Fatal(err)
	}
}

func TestAnEndpointMayBeAURL(t *testing.T) {
	c := config(t)
	c.Endpoint, c.Secure = "http://"+c.Endpoint+"/", true
	if _, err := objects.Open(t.Context(), c); err != nil {
		t.Error(err)
	}
}

func TestPutGetStatDelete(t *testing.T) {
	b := open(t)
	body := strings.Repeat("0123456789", 1000)
	put(t, b, "ab/cd", body)
	info, err := b.Stat(t.Context(), "ab/cd")
	if err != nil || info.Size != int64(len(body)) || info.ContentType != "image/jpeg" || info.ETag == "" {
		t.Errorf("%+v, %v", info, err)
	}
	o, err := b.Get(t.Context(), "ab/cd")
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(o)
	if err != nil || string(got) != body || o.ETag != info.ETag {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if err := o.Close(); err != nil {
		t.Error(err)
	}
	if err := b.Delete(t.Context(), "ab/cd"); err != nil {
		t.Error(err)
	}
	if err := b.Delete(t.Context(), "ab/cd"); err != nil {
		t.Errorf("second delete: %v", err)
	}
}

func TestWhatIsNotThereIsErrNotFound(t *testing.T) {
	b := open(t)
	if _, err := b.Stat(t.Context(), "no"); !errors.Is(err, objects.ErrNotFound) {
		t.Errorf("stat: %v", err)
	}
	if _, err := b.Get(t.Context(), "no"); !errors.Is(err, objects.ErrNotFound) {
		t.Errorf("get: %v", err)
	}
	if _, err := b.GetRange(t.Context(), "no", 0, 1); !errors.Is(err, objects.ErrNotFound) {
		t.Errorf("range: %v", err)
	}
}

func TestRanges(t *testing.T) {
	b := open(t)
	put(t, b, "k", "0123456789")
	for _, c := range []struct {
		offset, length int64
		want           string
	}{{0, -1, "0123456789"}, {0, 1, "0"}, {3, 4, "3456"}, {7, -1, "789"}} {
		r, err := b.GetRange(t.Context(), "k", c.offset, c.length)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || string(got) != c.want {
			t.Errorf("%d+%d: %q, %v", c.offset, c.length, got, err)
		}
		_ = r.Close()
	}
}

func TestServeContentReadsRanges(t *testing.T) {
	b := open(t)
	body := strings.Repeat("0123456789", 100)
	put(t, b, "k", body)
	o, err := b.Get(t.Context(), "k")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = o.Close() }()
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Range", "bytes=100-104")
	http.ServeContent(w, r, "k.jpg", time.Time{}, o)
	if w.Code != http.StatusPartialContent || w.Body.String() != body[100:105] {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}

func TestListWalksAPrefix(t *testing.T) {
	b := open(t)
	for _, k := range []string{"a/2", "a/1", "b/1"} {
		put(t, b, k, k)
	}
	var keys []string
	for info, err := range b.List(t.Context(), "a/") {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, info.Key)
	}
	if strings.Join(keys, " ") != "a/1 a/2" {
		t.Errorf("%v", keys)
	}
	for range b.List(t.Context(), "") {
		break
	}
}

func TestAShortBodyIsRefused(t *testing.T) {
	b := open(t)
	if err := b.Put(t.Context(), "k", bytes.NewReader([]byte("abc")), 10, "image/jpeg"); err == nil {
		t.Error("stored")
	}
	if _, err := b.Stat(t.Context(), "k"); !errors.Is(err, objects.ErrNotFound) {
		t.Errorf("half an object: %v", err)
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	forbidden := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `<Error><Code>AccessDenied</Code><Message>no</Message></Error>`)
	}))
	defer forbidden.Close()
	good := config(t)
	cases := map[objects.Reason]func(*objects.Config){
		objects.WrongCredentials: func(c *objects.Config) { c.SecretKey = "another-secret" },
		objects.NoPermission:     func(c *objects.Config) { c.Endpoint = strings.TrimPrefix(forbidden.URL, "http://") },
		objects.NotAnEndpoint:    func(c *objects.Config) { c.Endpoint = "a b" },
		objects.Unreachable:      func(c *objects.Config) { c.Endpoint = "127.0.0.1:1" },
	}
	for want, change := range cases {
		c := good
		change(&c)
		_, err := objects.Open(t.Context(), c)
		var got *objects.OpenError
		if !errors.As(err, &got) || got.Reason != want {
			t.Errorf("want %q, got %v", want, err)
		} else if strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), c.SecretKey) {
			t.Errorf("%q", err)
		}
	}
}
