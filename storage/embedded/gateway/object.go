package gateway

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/s3response"
)

func (s *store) PutObject(ctx context.Context, in s3response.PutObjectInput) (s3response.PutObjectOutput, error) {
	in.Bucket = s.ptr(in.Bucket)
	out, err := s.posix.PutObject(ctx, in)
	return out, s.durable(err)
}

func (s *store) HeadObject(ctx context.Context, in *s3.HeadObjectInput) (*s3.HeadObjectOutput, error) {
	c := *in
	c.Bucket = s.ptr(in.Bucket)
	return s.posix.HeadObject(ctx, &c)
}

func (s *store) GetObject(ctx context.Context, in *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
	c := *in
	c.Bucket = s.ptr(in.Bucket)
	return s.posix.GetObject(ctx, &c)
}

func (s *store) DeleteObject(ctx context.Context, in *s3.DeleteObjectInput) (*s3.DeleteObjectOutput, error) {
	c := *in
	c.Bucket = s.ptr(in.Bucket)
	return s.posix.DeleteObject(ctx, &c)
}

func (s *store) DeleteObjects(ctx context.Context, in *s3.DeleteObjectsInput) (s3response.DeleteResult, error) {
	c := *in
	c.Bucket = s.ptr(in.Bucket)
	return s.posix.DeleteObjects(ctx, &c)
}

func (s *store) ListObjects(ctx context.Context, in *s3.ListObjectsInput) (s3response.ListObjectsResult, error) {
	c := *in
	c.Bucket = s.ptr(in.Bucket)
	out, err := s.posix.ListObjects(ctx, &c)
	out.Name = in.Bucket
	return out, err
}

func (s *store) ListObjectsV2(ctx context.Context, in *s3.ListObjectsV2Input) (s3response.ListObjectsV2Result, error) {
	c := *in
	c.Bucket = s.ptr(in.Bucket)
	out, err := s.posix.ListObjectsV2(ctx, &c)
	out.Name = in.Bucket
	return out, err
}
