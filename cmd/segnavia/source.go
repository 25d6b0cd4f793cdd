package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"segnavia/storage/archive"
	"segnavia/storage/embedded"
	"segnavia/storage/objects"
)

// source is a bucket as a backup reads it.
type source interface {
	// list walks objects whose keys begin with prefix; SHA256 is not known yet.
	list(ctx context.Context, prefix string) iter.Seq2[archive.Object, error]
	open(ctx context.Context, key string) (io.ReadCloser, error)
}

// bucketSource reads over S3.
type bucketSource struct{ *objects.Bucket }

func (b bucketSource) list(ctx context.Context, prefix string) iter.Seq2[archive.Object, error] {
	return func(yield func(archive.Object, error) bool) {
		for o, err := range b.List(ctx, prefix) {
			if !yield(archive.Object{Key: o.Key, Size: o.Size, Mark: o.ETag}, err) || err != nil {
				return
			}
		}
	}
}

func (b bucketSource) open(ctx context.Context, key string) (io.ReadCloser, error) {
	return b.Get(ctx, key)
}

// folderSource reads our own bucket beside a program that serves from it: an object
// is a file, which is replaced and never written in place.
type folderSource string

func ownBucket(dataDir string) folderSource {
	return folderSource(filepath.Join(dataDir, "objects", embedded.Name))
}

func (dir folderSource) list(ctx context.Context, prefix string) iter.Seq2[archive.Object, error] {
	return func(yield func(archive.Object, error) bool) {
		root := filepath.Join(string(dir), filepath.FromSlash(prefix))
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			switch {
			case os.IsNotExist(err):
				return nil // deleted while we walked; or there is none yet
			case err != nil:
				return err
			case ctx.Err() != nil:
				return ctx.Err()
			case e.IsDir() && strings.HasPrefix(e.Name(), ".sgwtmp"):
				return fs.SkipDir // what is on its way into the bucket
			case !e.Type().IsRegular():
				return nil
			}
			info, err := e.Info()
			if os.IsNotExist(err) {
				return nil
			}
			if err != nil {
				return err
			}
			key, err := filepath.Rel(string(dir), path)
			if err != nil {
				return err
			}
			o := archive.Object{Key: filepath.ToSlash(key), Size: info.Size(), Mark: fmt.Sprint(info.ModTime().UnixNano())}
			if !yield(o, nil) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield(archive.Object{}, err)
		}
	}
}

func (dir folderSource) open(_ context.Context, key string) (io.ReadCloser, error) {
	return os.Open(filepath.Join(string(dir), filepath.FromSlash(key))) // #nosec G304 -- of our own bucket
}
