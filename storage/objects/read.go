package objects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/minio/minio-go/v7"
)

// Object is an object's body being read. It is an io.ReadSeekCloser, so
// http.ServeContent serves ranges from it; a Seek costs no request until the
// next Read. Only its own goroutine uses it.
type Object struct {
	Info
	body *minio.Object
	stop context.CancelFunc
}

// Get opens the object under key, or gives ErrNotFound. The caller closes it;
// ctx covers the reading too.
func (b *Bucket) Get(ctx context.Context, key string) (*Object, error) {
	ctx, stop := context.WithTimeout(ctx, bodyLimit)
	body, err := b.client.GetObject(ctx, b.name, key, minio.GetObjectOptions{})
	if err != nil {
		stop()
		return nil, b.wrap("get", key, err)
	}
	o, err := body.Stat()
	if err != nil {
		err = errors.Join(b.wrap("get", key, err), body.Close())
		stop()
		return nil, err
	}
	return &Object{Info: info(o), body: body, stop: stop}, nil
}

func (o *Object) Read(p []byte) (int, error) { return o.body.Read(p) }

// Seek moves within the object, as io.Seeker says.
func (o *Object) Seek(offset int64, whence int) (int64, error) {
	// minio-go refuses to seek to the end exactly, which ServeContent does
	// to learn the size.
	if whence == io.SeekEnd && offset == 0 {
		return o.Size, nil
	}
	return o.body.Seek(offset, whence)
}

// Close ends the reading and its request.
func (o *Object) Close() error {
	defer o.stop()
	return o.body.Close()
}

// GetRange reads length bytes from offset; -1 means to the end. The caller
// closes the reader. ErrNotFound shows at the first Read or here.
func (b *Bucket) GetRange(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	var o minio.GetObjectOptions
	end := int64(0) // "from offset on"
	if length >= 0 {
		end = offset + length - 1
	}
	if offset > 0 || length > 0 {
		if err := o.SetRange(offset, end); err != nil {
			return nil, fmt.Errorf("get object %s: %w", key, err)
		}
	}
	core := minio.Core{Client: b.client}
	body, _, _, err := core.GetObject(ctx, b.name, key, o)
	if err != nil {
		return nil, b.wrap("get", key, err)
	}
	return body, nil
}

// Keys lists at most limit keys that begin with prefix, in order.
func (b *Bucket) Keys(ctx context.Context, prefix string, limit int) ([]string, error) {
	var keys []string
	for o, err := range b.List(ctx, prefix) {
		if err != nil {
			return nil, err
		}
		if keys = append(keys, o.Key); len(keys) >= limit {
			break
		}
	}
	return keys, nil
}

// List walks the objects whose keys begin with prefix, in key order. An error
// ends the walk and is its last pair.
func (b *Bucket) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		o := minio.ListObjectsOptions{Prefix: prefix, Recursive: true}
		for found := range b.client.ListObjectsIter(ctx, b.name, o) {
			if found.Err != nil {
				yield(Info{}, b.wrap("list", prefix, found.Err))
				return
			}
			if !yield(info(found), nil) {
				return
			}
		}
	}
}
