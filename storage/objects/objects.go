// Package objects keeps the bytes of photos and documents in an S3 bucket. It
// is the only owner of the S3 client, and never interprets what it keeps.
package objects

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// ErrNotFound says that the bucket has no object under a key.
var ErrNotFound = errors.New("object not found")

// Limits of one call, unless its ctx ends sooner.
const (
	shortLimit = 10 * time.Second // a question without a body
	bodyLimit  = 2 * time.Minute  // a body of up to 15 MB over a slow link
)

// Config says where the bucket is.
type Config struct {
	Endpoint  string // host, host:port, or a URL whose scheme then decides on Secure
	Bucket    string
	AccessKey string
	SecretKey string
	Region    string // empty means us-east-1
	Secure    bool   // HTTPS
}

// Bucket is an open bucket. It is safe for concurrent use and needs no Close.
type Bucket struct {
	client *minio.Client
	name   string
}

// Open checks the credentials and makes the bucket where it is missing. Its
// errors, each an *OpenError, say in one line what to change.
func Open(ctx context.Context, c Config) (*Bucket, error) {
	if c.Region == "" {
		c.Region = "us-east-1"
	}
	if scheme, host, ok := strings.Cut(c.Endpoint, "://"); ok {
		c.Endpoint, c.Secure = strings.TrimSuffix(host, "/"), scheme == "https"
	}
	client, err := minio.New(c.Endpoint, &minio.Options{
		Creds:      credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""),
		Secure:     c.Secure,
		Region:     c.Region, // saves a question that some servers do not answer
		Transport:  transport(),
		MaxRetries: 3,
	})
	if err != nil {
		return nil, &OpenError{Endpoint: c.Endpoint, Bucket: c.Bucket, Reason: NotAnEndpoint, Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, shortLimit)
	defer cancel()
	found, err := client.BucketExists(ctx, c.Bucket)
	if err == nil && !found {
		err = client.MakeBucket(ctx, c.Bucket, minio.MakeBucketOptions{Region: c.Region})
		if code(err) == "BucketAlreadyOwnedByYou" { // another node was quicker
			err = nil
		}
	}
	b := &Bucket{client: client, name: c.Bucket}
	if err != nil {
		return nil, openError(ctx, c, b.explain(ctx, err))
	}
	return b, nil
}

// explain asks again with a request whose answer has a body: a refused HEAD
// does not say whether the key or the permission is at fault.
func (b *Bucket) explain(ctx context.Context, err error) error {
	if code(err) != "AccessDenied" {
		return err
	}
	for o := range b.client.ListObjectsIter(ctx, b.name, minio.ListObjectsOptions{MaxKeys: 1}) {
		if o.Err != nil && code(o.Err) != "" {
			return o.Err
		}
		break
	}
	return err
}

func transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil // the bucket is the town's own; a proxy would see citizens' photos
	t.MaxIdleConnsPerHost = 32
	t.ResponseHeaderTimeout = 30 * time.Second
	return t
}

// Info describes an object.
type Info struct {
	Key         string
	Size        int64 // bytes
	ETag        string
	ContentType string
	Modified    time.Time
}

// Put stores size bytes of r under key, replacing what is there. When it
// returns nil the object is durable. A body that is not size bytes long is an
// error.
func (b *Bucket) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	ctx, cancel := context.WithTimeout(ctx, bodyLimit)
	defer cancel()
	_, err := b.client.PutObject(ctx, b.name, key, r, size, minio.PutObjectOptions{ContentType: contentType})
	return b.wrap("put", key, err)
}

// Stat describes the object under key, or ErrNotFound.
func (b *Bucket) Stat(ctx context.Context, key string) (Info, error) {
	ctx, cancel := context.WithTimeout(ctx, shortLimit)
	defer cancel()
	o, err := b.client.StatObject(ctx, b.name, key, minio.StatObjectOptions{})
	if err != nil {
		return Info{}, b.wrap("stat", key, err)
	}
	return info(o), nil
}

// Delete removes the object under key; a key without one is no error.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	ctx, cancel := context.WithTimeout(ctx, shortLimit)
	defer cancel()
	err := b.wrap("delete", key, b.client.RemoveObject(ctx, b.name, key, minio.RemoveObjectOptions{}))
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

func info(o minio.ObjectInfo) Info {
	return Info{Key: o.Key, Size: o.Size, ETag: o.ETag, ContentType: o.ContentType, Modified: o.LastModified}
}
