package gateway

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/versity/versitygw/backend/meta"
	"golang.org/x/sys/unix"
)

// metadata chooses where the objects' types and digests lie. A folder that
// has sidecar files already keeps them.
func metadata(objects, sidecar string) (meta.MetadataStorer, error) {
	entries, err := os.ReadDir(sidecar)
	if err != nil {
		return nil, fmt.Errorf("folder of the metadata: %w", err)
	}
	if len(entries) == 0 && hasAttributes(objects) {
		return meta.XattrMeta{}, nil
	}
	files, err := meta.NewSideCar(sidecar)
	if err != nil {
		return nil, fmt.Errorf("folder of the metadata: %w", err)
	}
	return sidecarFiles{files}, nil
}

func hasAttributes(dir string) bool {
	const probe = "user.segnavia.probe"
	if err := unix.Setxattr(dir, probe, []byte("1"), 0); err != nil {
		return false
	}
	return unix.Removexattr(dir, probe) == nil
}

// sidecarFiles names buckets by their last element again, so that the data
// directory can be moved.
type sidecarFiles struct{ files meta.SideCar }

func (s sidecarFiles) RetrieveAttribute(f *os.File, bucket, object, name string) ([]byte, error) {
	return s.files.RetrieveAttribute(f, filepath.Base(bucket), object, name)
}

func (s sidecarFiles) StoreAttribute(f *os.File, bucket, object, name string, value []byte) error {
	return s.files.StoreAttribute(f, filepath.Base(bucket), object, name, value)
}

func (s sidecarFiles) DeleteAttribute(bucket, object, name string) error {
	return s.files.DeleteAttribute(filepath.Base(bucket), object, name)
}

func (s sidecarFiles) ListAttributes(bucket, object string) ([]string, error) {
	return s.files.ListAttributes(filepath.Base(bucket), object)
}

func (s sidecarFiles) DeleteAttributes(bucket, object string) error {
	return s.files.DeleteAttributes(filepath.Base(bucket), object)
}

func (s sidecarFiles) RenameObject(bucket, oldObject, newObject string) error {
	return s.files.RenameObject(filepath.Base(bucket), oldObject, newObject)
}
