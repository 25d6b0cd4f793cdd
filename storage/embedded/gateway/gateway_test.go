package gateway

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/versity/versitygw/s3response"
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

// TestAWriteThatCannotBeFlushedIsNotAnswered shows that each kind of write
// waits for the flush: with the flusher closed it fails.
func TestAWriteThatCannotBeFlushedIsNotAnswered(t *testing.T) {
	s, err := open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Shutdown()
	bucket, key, size := "photos", "a", int64(1)
	if err := os.Mkdir(s.path(bucket), 0o700); err != nil {
		t.Fatal(err)
	}
	put := func() error {
		in := s3response.PutObjectInput{Bucket: &bucket, Key: &key, ContentLength: &size, Body: bytes.NewReader([]byte("x"))}
		_, err := s.PutObject(t.Context(), in)
		return err
	}
	if err := put(); err != nil {
		t.Fatal(err)
	}
	s.flush.close()
	if err := put(); err == nil || !strings.Contains(err.Error(), "flush") {
		t.Errorf("put: %v", err)
	}
	made, err := s.CreateMultipartUpload(t.Context(), s3response.CreateMultipartUploadInput{Bucket: &bucket, Key: &key})
	if err != nil {
		t.Fatal(err)
	}
	number := int32(1)
	part, err := s.UploadPart(t.Context(), &s3.UploadPartInput{
		Bucket: &bucket, Key: &key, UploadId: &made.UploadId, PartNumber: &number, ContentLength: &size, Body: bytes.NewReader([]byte("x")),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = s.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{
		Bucket: &bucket, Key: &key, UploadId: &made.UploadId,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: []types.CompletedPart{{ETag: part.ETag, PartNumber: &number}}},
	})
	if err == nil || !strings.Contains(err.Error(), "flush") {
		t.Errorf("complete: %v", err)
	}
}
