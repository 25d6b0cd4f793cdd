package photo_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/photo"
)

// camera is a photo of 12 megapixels with the noise of a sensor: about 5 MB.
func camera(b *testing.B) []byte {
	b.Helper()
	random := rand.New(rand.NewPCG(12, 12)) // #nosec G404 -- the same each time
	m := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	for i := range m.Y {
		m.Y[i] = byte((i%4000)/20 + random.IntN(24)) // #nosec G115 -- below 256
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = byte(110+random.IntN(8)), byte(130+random.IntN(8)) // #nosec G115 -- below 256
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 90}); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// percentile is the smallest duration that q of all do not exceed.
func percentile(all []time.Duration, q float64) time.Duration {
	slices.Sort(all)
	return all[min(len(all)-1, int(q*float64(len(all))))]
}

// BenchmarkPublicRendition goes from the bytes of a 12 megapixel photo to what the
// public gets, with and without something to cover.
func BenchmarkPublicRendition(b *testing.B) {
	raw := camera(b)
	p := photo.New(b.TempDir())
	for name, boxes := range map[string][]civic.Box{"plain": nil, "covered": {{0.1, 0.1, 0.2, 0.2}, {0.5, 0.5, 0.1, 0.3}}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				u, err := p.Inspect(b.Context(), bytes.NewReader(raw))
				if err != nil {
					b.Fatal(err)
				}
				all, err := p.Render(b.Context(), u.Path)
				if err == nil && boxes != nil {
					all, err = p.Cover(b.Context(), all[0].JPEG, boxes)
				}
				if err != nil || len(all) != len(photo.Sizes) {
					b.Fatal(err)
				}
				if err := u.Remove(); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			b.ReportMetric(float64(len(raw))/1e6, "MB")
			b.ReportMetric(percentile(took, 0.5).Seconds(), "p50-s")
			b.ReportMetric(percentile(took, 0.95).Seconds(), "p95-s")
		})
	}
}
