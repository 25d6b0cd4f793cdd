package gateway

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/s3response"
)

func (s *store) CreateMultipartUpload(ctx context.Context, in s3response.CreateMultipartUploadInput) (s3response.InitiateMultipartUploadResult, error) {
	bucket := in.Bucket
	in.Bucket = s.ptr(bucket)
	out, err := s.posix.CreateMultipartUpload(ctx, in)
	if err == nil {
		out.Bucket = *bucket
	}
	return out, err
}

func (s *store) UploadPart(ctx context.Context, in *s3.UploadPartInput) (*s3.UploadPartOutput, error) {
	c := *in
	c.Bucket = s.ptr(in.Bucket)
	return s.posix.UploadPart(ctx, &c)
}

func (s *store) ListParts(ctx context.Context, in *s3.ListPartsInput) (s3response.ListPartsResult, error) {
	c := *in
	c.Bucket = s.ptr(in.Bucket)
	out, err := s.posix.ListParts(ctx, &c)
	if err == nil {
		out.Bucket = *in.Bucket
	}
	return out, err
}

func (s *store) ListMultipartUploads(ctx context.Context, in *s3.ListMultipartUploadsInput) (s3response.ListMultipartUploadsResult, error) {
	c := *in
	c.Bucket = s.ptr(in.Bucket)
	out, err := s.posix.ListMultipartUploads(ctx, &c)
	if err == nil {
		out.Bucket = *in.Bucket
	}
	return out, err
}

func (s *store) AbortMultipartUpload(ctx context.Context, in *s3.AbortMultipartUploadInput) error {
	c := *in
	c.Bucket = s.ptr(in.Bucket)
	return s.posix.AbortMultipartUpload(ctx, &c)
}

func (s *store) CompleteMultipartUpload(ctx context.Context, in *s3.CompleteMultipartUploadInput) (s3response.CompleteMultipartUploadResult, string, error) {
	c := *in
	c.Bucket = s.ptr(in.Bucket)
	out, version, err := s.posix.CompleteMultipartUpload(ctx, &c)
	out.Bucket = in.Bucket
	return out, version, s.durable(err)
}
