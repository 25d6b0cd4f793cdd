package gateway

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3response"
)

// store is versitygw's posix backend with two changes: a write is answered
// once it is on the disk, and buckets are absolute paths inside, because the
// backend otherwise depends on the process's working directory. What the
// program does not use answers "not implemented".
type store struct {
	backend.BackendUnsupported
	posix *posix.Posix
	root  string
	flush *flusher
}

func open(dir string) (*store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("folder of the objects: %w", err)
	}
	objects, sidecar, err := makeDirs(dir)
	if err != nil {
		return nil, err
	}
	attributes, err := metadata(objects, sidecar)
	if err != nil {
		return nil, err
	}
	p, err := newPosix(objects, attributes)
	if err != nil {
		return nil, err
	}
	flush, err := newFlusher(objects)
	if err != nil {
		p.Shutdown()
		return nil, err
	}
	return &store{posix: p, root: objects, flush: flush}, nil
}

// newPosix undoes the chdir that posix.New leaves behind: relative paths
// elsewhere in the program would change their meaning.
func newPosix(objects string, attributes meta.MetadataStorer) (p *posix.Posix, err error) {
	before, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("working directory: %w", err)
	}
	defer func() { err = errors.Join(err, os.Chdir(before)) }()
	opts := posix.PosixOpts{NewDirPerm: 0o700, NewFilePerm: 0o600}
	opts.SetNewDirPerm(0o700)
	opts.SetNewFilePerm(0o600)
	// One process holds the folder, so lock files would say nothing.
	opts.ForceNoObjLockFile = true
	p, err = posix.New(objects, attributes, opts)
	if err != nil {
		return nil, fmt.Errorf("open the objects: %w", err)
	}
	return p, nil
}

func (s *store) String() string { return "segnavia" }

// Shutdown is called by versitygw and by the owner; the second call does
// nothing that hurts.
func (s *store) Shutdown() {
	s.flush.close()
	s.posix.Shutdown()
}

func (s *store) path(bucket string) string { return filepath.Join(s.root, bucket) }

func (s *store) ptr(bucket *string) *string {
	if bucket == nil {
		return nil
	}
	p := s.path(*bucket)
	return &p
}

func (s *store) NormalizeObjectKey(bucket, object string) string {
	return s.posix.NormalizeObjectKey(s.path(bucket), object)
}

func (s *store) HeadBucket(ctx context.Context, in *s3.HeadBucketInput) (*s3.HeadBucketOutput, error) {
	c := *in
	c.Bucket = s.ptr(in.Bucket)
	return s.posix.HeadBucket(ctx, &c)
}

func (s *store) CreateBucket(ctx context.Context, in *s3.CreateBucketInput, acl []byte) error {
	c := *in
	c.Bucket = s.ptr(in.Bucket)
	return s.durable(s.posix.CreateBucket(ctx, &c, acl))
}

func (s *store) DeleteBucket(ctx context.Context, bucket string) error {
	return s.posix.DeleteBucket(ctx, s.path(bucket))
}

func (s *store) GetBucketAcl(ctx context.Context, in *s3.GetBucketAclInput) ([]byte, error) {
	c := *in
	c.Bucket = s.ptr(in.Bucket)
	return s.posix.GetBucketAcl(ctx, &c)
}

func (s *store) GetBucketPolicy(ctx context.Context, bucket string) ([]byte, error) {
	return s.posix.GetBucketPolicy(ctx, s.path(bucket))
}

func (s *store) GetBucketCors(ctx context.Context, bucket string) ([]byte, error) {
	return s.posix.GetBucketCors(ctx, s.path(bucket))
}

func (s *store) GetBucketVersioning(ctx context.Context, bucket string) (s3response.GetBucketVersioningOutput, error) {
	return s.posix.GetBucketVersioning(ctx, s.path(bucket))
}

func (s *store) GetObjectLockConfiguration(ctx context.Context, bucket string) ([]byte, error) {
	return s.posix.GetObjectLockConfiguration(ctx, s.path(bucket))
}

// durable flushes after a success.
func (s *store) durable(err error) error {
	if err != nil {
		return err
	}
	return s.flush.sync()
}
