package photo

import (
	"errors"
	"testing"
)

// A photo that is whole and takes more memory than a child has is not called broken.
func TestAPhotoThatTakesTooMuchMemoryIsNotCalledBroken(t *testing.T) {
	const whole = "testdata/64-megapixels-10-bits.avif"
	p := New(t.TempDir())
	if _, err := p.Render(t.Context(), whole); err != nil {
		t.Errorf("within the budget: %v", err)
	}
	p.space = 900 << 20
	_, err := p.Render(t.Context(), whole)
	if bad, ok := errors.AsType[*Error](err); !ok || bad.Code != CodeTooHeavy {
		t.Errorf("with 900 MiB: %v", err)
	}
}
