package gateway

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

func TestSidecarFilesMoveWithTheFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "before")
	// One file in it says that this folder has always had sidecar files.
	if err := os.MkdirAll(filepath.Join(dir, "metadata", "other"), 0o700); err != nil {
		t.Fatal(err)
	}
	body := []byte("una buca")
	with(t, dir, func(c *minio.Client) {
		if err := c.MakeBucket(t.Context(), "photos", minio.MakeBucketOptions{}); err != nil {
			t.Fatal(err)
		}
		_, err := c.PutObject(t.Context(), "photos", "a/b", bytes.NewReader(body), int64(len(body)), minio.PutObjectOptions{ContentType: "image/webp"})
		if err != nil {
			t.Fatal(err)
		}
	})
	moved := filepath.Join(filepath.Dir(dir), "after")
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	with(t, moved, func(c *minio.Client) {
		o, err := c.GetObject(t.Context(), "photos", "a/b", minio.GetObjectOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(o)
		info, _ := o.Stat()
		if err != nil || !bytes.Equal(got, body) || info.ContentType != "image/webp" {
			t.Errorf("%q %q %v", got, info.ContentType, err)
		}
	})
}

func TestStrangersAreRefused(t *testing.T) {
	with(t, t.TempDir(), func(c *minio.Client) {
		stranger, err := minio.New(c.EndpointURL().Host, &minio.Options{Creds: credentials.NewStaticV4("segnavia", "guess", ""), Region: Region})
		if err != nil {
			t.Fatal(err)
		}
		if err := stranger.MakeBucket(t.Context(), "photos", minio.MakeBucketOptions{}); err == nil {
			t.Error("made a bucket with a wrong secret")
		}
		if _, err := c.ListBuckets(t.Context()); err == nil {
			t.Error("the gateway answers what the program never asks")
		}
	})
}

func with(t *testing.T, dir string, do func(*minio.Client)) {
	t.Helper()
	g, err := Start(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := g.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	c, err := minio.New(g.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(g.AccessKey, g.SecretKey, ""), Region: Region})
	if err != nil {
		t.Fatal(err)
	}
	do(c)
}

func TestWritersShareAFlush(t *testing.T) {
	f, err := newFlusher(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 20 {
				if err := f.sync(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}
