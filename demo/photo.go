package demo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image/jpeg"
	"runtime"
	"sync"

	"segnavia/civic"
)

// Photo is a drawn picture, as a JPEG of W by H pixels. Of is the service group
// that it fits, Stage report or after.
type Photo struct {
	SHA256 civic.SHA256
	JPEG   []byte
	W, H   int
	Of     string
	Stage  string
	// subject is what it shows, as the words of the services name it.
	subject string
}

// scene draws one subject, broken or put right.
type scene struct {
	subject, of string
	draw        func(c *canvas, fixed bool)
}

const (
	ofRoads   = "Strade e segnaletica"
	ofWater   = "Acqua, allagamenti e fogne"
	ofRefuse  = "Igiene urbana"
	ofFixture = "Arredo urbano"
	ofGreen   = "Parchi e verde"
	ofDecay   = "Sicurezza e degrado"
)

var scenes = []scene{
	{"buca", ofRoads, pothole},
	{"lampione", ofRoads, lamp},
	{"strisce", ofRoads, crossing},
	{"semaforo", ofRoads, lights},
	{"marciapiede", ofRoads, pavement},
	{"tombino", ofWater, drain},
	{"allagamento", ofWater, flood},
	{"fontana", ofWater, fountain},
	{"sacchi", ofRefuse, bags},
	{"cassonetto", ofRefuse, bins},
	{"scritte", ofDecay, graffiti},
	{"albero", ofGreen, fallen},
	{"erba", ofGreen, grass},
	{"panchina", ofFixture, bench},
	{"giochi", ofFixture, playground},
}

// stages are the pictures of each scene: three as reported, one after the work.
var stages = []string{civic.StageReport, civic.StageReport, civic.StageReport, civic.StageAfter}

// quality keeps a picture under 60 kB.
const quality = 76

// Photos draws the sixty pictures that cases attach. The same seed draws the
// same pictures.
func Photos(seed uint64) []Photo {
	all := make([]int, len(scenes)*len(stages))
	for i := range all {
		all[i] = i
	}
	return gallery(seed, all)
}

// gallery draws some of the pictures, by number, on every processor.
func gallery(seed uint64, numbers []int) []Photo {
	list := make([]Photo, len(numbers))
	next := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				list[i] = scenes[numbers[i]/len(stages)].photo(seed, numbers[i])
			}
		})
	}
	for i := range list {
		next <- i
	}
	close(next)
	wg.Wait()
	return list
}

// photo draws the i-th picture of all.
func (s scene) photo(seed uint64, i int) Photo {
	stage := stages[i%len(stages)]
	c := newCanvas(dice(^seed, i))
	s.draw(c, stage == civic.StageAfter)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, c.img, &jpeg.Options{Quality: quality}); err != nil {
		panic("demo: " + err.Error())
	}
	hash := sha256.Sum256(b.Bytes())
	return Photo{
		SHA256: civic.SHA256(hex.EncodeToString(hash[:])), JPEG: b.Bytes(),
		W: pictureWidth, H: pictureHeight, Of: s.of, Stage: stage, subject: s.subject,
	}
}
