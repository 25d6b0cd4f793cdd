package photo_test

import (
	"bytes"
	"image"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"segnavia/photo"
)

func TestEveryOrientationComesOutUpright(t *testing.T) {
	dir := filepath.Join(data(t), "orientation")
	p := photo.New(t.TempDir())
	for _, kind := range []string{"Landscape", "Portrait"} {
		upright := decode(t, render(t, p, inspectFile(t, p, filepath.Join(dir, kind+"_1.jpg")))[1])
		for _, n := range "012345678" {
			name := kind + "_" + string(n) + ".jpg"
			got := decode(t, render(t, p, inspectFile(t, p, filepath.Join(dir, name)))[1])
			if d := difference(upright, got); d > 12 {
				t.Errorf("%s differs by %.0f of 255", name, d)
			}
		}
	}
}

// difference is the mean of |a-b| over a grid of 32×32 points, 255 for
// pictures of another shape.
func difference(a, b image.Image) float64 {
	if dx := a.Bounds().Dx() - b.Bounds().Dx(); dx < -2 || dx > 2 {
		return 255
	}
	var sum float64
	for i := range 32 {
		for j := range 32 {
			at := func(m image.Image) float64 {
				r, g, b, _ := m.At(m.Bounds().Dx()*i/32, m.Bounds().Dy()*j/32).RGBA()
				return float64(r+g+b) / 3 / 257
			}
			sum += math.Abs(at(a) - at(b))
		}
	}
	return sum / 1024
}

func TestPositionsAreRead(t *testing.T) {
	dir := filepath.Join(data(t), "exif")
	p := photo.New(t.TempDir())
	for name, want := range map[string][2]float64{
		"MikeKovarik__heic-iphone7.heic":         {12.9944, 38.0466},
		"MikeKovarik__png_with_exif_and_gps.png": {14.8203, 50.2996},
		"dsoprea__gps.jpg":                       {-80.0536, 26.5867},
	} {
		m := inspectFile(t, p, filepath.Join(dir, name)).Meta
		if m.Lon == nil || m.Lat == nil {
			t.Errorf("%s: no position", name)
		} else if math.Abs(*m.Lon-want[0])+math.Abs(*m.Lat-want[1]) > 0.01 {
			t.Errorf("%s: %v %v", name, *m.Lon, *m.Lat)
		}
		at, ok := m.Taken(time.UTC)
		t.Logf("%s: taken %v %v, zoned %v", name, at, ok, m.Zoned)
	}
}

func TestOddPhotosAreTakenOrRefusedWithACode(t *testing.T) {
	dir := data(t)
	p := photo.New(t.TempDir())
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Base(filepath.Dir(path)) == "orientation" {
			return err
		}
		began := time.Now()
		u := inspectFile(t, p, path)
		all, err := p.Render(t.Context(), u.Path)
		if err != nil {
			if code(err) == "" {
				t.Errorf("%s: %v", e.Name(), err)
			}
			t.Logf("%s: refused: %v", e.Name(), err)
			return nil
		}
		for _, r := range all {
			decode(t, r)
			for _, mark := range []string{"Exif", "GPS", "http://ns.adobe.com", "Photoshop", "ICC_PROFILE"} {
				if bytes.Contains(r.JPEG, []byte(mark)) {
					t.Errorf("%s: %q in a rendition", e.Name(), mark)
				}
			}
		}
		t.Logf("%s: %d×%d, position %v, %v", e.Name(), u.Width, u.Height, u.Meta.Lon != nil, time.Since(began))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestABrokenHEICIsRefusedWithACode(t *testing.T) {
	whole, err := os.ReadFile(filepath.Join(data(t), "exif", "MikeKovarik__heic-iphone7.heic"))
	if err != nil {
		t.Fatal(err)
	}
	p := photo.New(t.TempDir())
	for _, n := range []int{20, 100, 3000, len(whole) / 2, len(whole) - 1} {
		if _, err := inspectBytes(t, p, whole[:n]); code(err) != photo.CodeBroken {
			t.Errorf("first %d bytes: %v", n, err)
		}
	}
	// Whole by its boxes, damaged within the picture.
	damaged := bytes.Clone(whole)
	for i := len(damaged) / 4; i < len(damaged); i++ {
		damaged[i] = 0xaa
	}
	u, err := inspectBytes(t, p, damaged)
	if err == nil {
		_, err = p.Render(t.Context(), u.Path)
	}
	if code(err) != photo.CodeBroken {
		t.Errorf("damaged: %v", err)
	}
	t.Log(err)
}
