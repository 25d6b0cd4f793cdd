package objects

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/minio/minio-go/v7"
)

// Reason is why Open refuses a bucket.
type Reason string

// The reasons of an OpenError.
const (
	WrongCredentials Reason = "the access key or the secret key is wrong"
	NoPermission     Reason = "the access key may not use or make this bucket"
	Unreachable      Reason = "nothing answers there"
	NotAnEndpoint    Reason = "this is not a server's address"
	Refused          Reason = "the server refuses"
)

// OpenError is what Open returns: one line for whoever set the program up.
type OpenError struct {
	Endpoint, Bucket string
	Reason           Reason
	Err              error
}

func (e *OpenError) Error() string {
	return fmt.Sprintf("object storage %s, bucket %s: %s (%v)", e.Endpoint, e.Bucket, e.Reason, e.Err)
}

func (e *OpenError) Unwrap() error { return e.Err }

func openError(ctx context.Context, c Config, err error) error {
	e := &OpenError{Endpoint: c.Endpoint, Bucket: c.Bucket, Reason: Refused, Err: err}
	var answer minio.ErrorResponse
	switch {
	case !errors.As(err, &answer) || answer.StatusCode == 0:
		e.Reason = Unreachable
		if ctx.Err() != nil {
			e.Err = context.Cause(ctx)
		}
	case answer.Code == "InvalidAccessKeyId" || answer.Code == "SignatureDoesNotMatch":
		e.Reason = WrongCredentials
	case answer.StatusCode == http.StatusForbidden || answer.StatusCode == http.StatusUnauthorized:
		e.Reason = NoPermission
	}
	return e
}

// wrap names the call and turns the server's "no such key" into ErrNotFound.
func (b *Bucket) wrap(verb, key string, err error) error {
	if err == nil {
		return nil
	}
	if c := code(err); c == "NoSuchKey" || c == "NotFound" {
		err = ErrNotFound
	}
	return fmt.Errorf("%s object %s: %w", verb, key, err)
}

func code(err error) string {
	var answer minio.ErrorResponse
	if errors.As(err, &answer) {
		return answer.Code
	}
	return ""
}
