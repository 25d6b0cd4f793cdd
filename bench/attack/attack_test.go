//go:build bench

package attack_bench

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// attack is one kind of stranger.
type attack struct {
	name string
	run  func(ctx context.Context, w target, way from, c *tally)
}

func holding(head func(way from, n int) string, drip bool) func(context.Context, target, from, *tally) {
	return func(ctx context.Context, w target, way from, c *tally) {
		w.hold(ctx, way, c, func(n int) string { return head(way, n) }, drip)
	}
}

func flooding(atOnce int, ask func(w target, n int) (*http.Request, error)) func(context.Context, target, from, *tally) {
	return func(ctx context.Context, w target, way from, c *tally) {
		w.flood(ctx, way, c, atOnce, func(n int) (*http.Request, error) { return ask(w, n) })
	}
}

const host = " HTTP/1.1\r\nHost: localhost\r\n"

var attacks = []attack{
	{"idle connections", holding(func(from, int) string { return "" }, false)},
	{"heads that never end", holding(func(from, int) string { return "GET /" + host + "X-Slow: " }, true)},
	{"idle bodies", holding(func(way from, n int) string {
		return "POST /api/v1/session" + host + way.header(n) + "Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
	}, false)},
	{"bodies that trickle", holding(func(way from, n int) string {
		return "POST /report" + host + way.header(n) + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\n"
	}, true)},
	{"sockets before hello", holding(func(way from, n int) string {
		key := base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%016d", n))
		return "GET /sync" + host + way.header(n) + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: segnavia.sync.1\r\nSec-WebSocket-Key: " + key + "\r\n\r\n"
	}, false)},
	{"event streams", holding(func(way from, n int) string {
		return "GET /tiles/events" + host + way.header(n) + "\r\n"
	}, false)},
	{"pictures before their key", holding(func(way from, n int) string {
		return "POST /open311/v2/requests.json" + host + way.header(n) + "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n\r\n" +
			"--x\r\nContent-Disposition: form-data; name=\"media\"; filename=\"a.jpg\"\r\n\r\n" + strings.Repeat("a", 2000)
	}, false)},
	{"passwords", flooding(64, func(w target, n int) (*http.Request, error) {
		body := fmt.Sprintf(`{"login":"%s%d","password":"indovino"}`, w.Login, n%50)
		r, err := http.NewRequest(http.MethodPost, "http://"+w.Addr+"/api/v1/session", strings.NewReader(body))
		if err == nil {
			r.Header.Set("Content-Type", "application/json")
		}
		return r, err
	})},
	{"pictures", flooding(32, func(w target, n int) (*http.Request, error) {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("file", "a.jpg")
		if err != nil {
			return nil, err
		}
		picture := noise()
		_, _ = part.Write(picture)
		_, _ = fmt.Fprintf(part, "%032d", n) // another picture each time
		if err := form.Close(); err != nil {
			return nil, err
		}
		r, err := http.NewRequest(http.MethodPost, "http://"+w.Addr+"/api/v1/photos", &body)
		if err == nil {
			r.Header.Set("Content-Type", form.FormDataContentType())
		}
		return r, err
	})},
}

var drawn []byte

// noise is a picture of some megabytes.
func noise() []byte {
	if drawn != nil {
		return drawn
	}
	r := rand.New(rand.NewPCG(1, 2)) // #nosec G404 -- a picture
	img := image.NewRGBA(image.Rect(0, 0, 1600, 1200))
	for i := range img.Pix {
		img.Pix[i] = uint8(r.Uint32()) // #nosec G115 -- noise
	}
	img.Set(0, 0, color.Black)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 90}); err != nil {
		panic(err)
	}
	drawn = b.Bytes()
	return drawn
}

// backWithin is how long memory may take to come back.
const backWithin = 60 * time.Second

// TestAttack runs every attack in every way.
func TestAttack(t *testing.T) {
	w := start(t)
	noise()
	only := regexp.MustCompile(os.Getenv("ATTACK"))
	for_ := time.Duration(env("ATTACK_SECONDS", 20)) * time.Second
	quiet := func() *felt {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		return w.visit(ctx)
	}
	quiet() // warms what is kept
	fmt.Println("| attack | from | p50, p95 before | p50, p95 during | refused visits | memory before, at most, after | what became of it |")
	fmt.Println("|---|---|---|---|---|---|---|")
	for _, a := range attacks {
		for _, way := range ways {
			if !only.MatchString(a.name + ", " + way.name) {
				continue
			}
			before := quiet()
			had := w.memory()
			ctx, cancel := context.WithTimeout(t.Context(), for_)
			ended := make(chan told, 1)
			go func() { ended <- w.send(ctx, a.name, way.name) }()
			most := make(chan float64, 1)
			go func() {
				top := had
				for ctx.Err() == nil {
					top = max(top, w.memory())
					time.Sleep(500 * time.Millisecond)
				}
				most <- top
			}()
			during := w.visit(ctx)
			c := <-ended
			cancel()
			back, waited := w.memory(), time.Now()
			for (back > had+64 || back < 0) && time.Since(waited) < backWithin {
				time.Sleep(time.Second)
				back = w.memory()
			}
			fmt.Printf("| %s | %s | %s, %s | %s, %s | %d of %d | %.0f, %.0f, %.0f MB (%.0f s) | %s |\n", a.name, way.name,
				ms(before.p(0.5)), ms(before.p(0.95)), ms(during.p(0.5)), ms(during.p(0.95)), during.refused, len(during.took),
				had, <-most, back, time.Since(waited).Seconds(), c.Words)
			if during.p(0.95) > max(2*before.p(0.95), 50*time.Millisecond) {
				t.Errorf("%s from %s: p95 %s, before %s", a.name, way.name, during.p(0.95), before.p(0.95))
			}
			if during.refused > 0 {
				t.Errorf("%s from %s: %d visits refused", a.name, way.name, during.refused)
			}
			if back > had+64 {
				t.Errorf("%s from %s: %.0f MB more after %s", a.name, way.name, back-had, backWithin)
			}
			if n := c.Statuses[http.StatusInternalServerError]; n > 0 {
				t.Errorf("%s from %s: %d × 500", a.name, way.name, n)
			}
		}
	}
}

// order is what an attacker's process is told to do.
type order struct {
	target
	Attack, Way string
	For         time.Duration
}

const orderEnv = "SEGNAVIA_ATTACK_ORDER"

// TestMain is also the attacker: a process of its own, and one that gives way, since
// strangers come from machines of their own.
func TestMain(m *testing.M) {
	raw := os.Getenv(orderEnv)
	if raw == "" {
		os.Exit(m.Run())
	}
	var o order
	if err := json.Unmarshal([]byte(raw), &o); err != nil {
		panic(err)
	}
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, 15) // it only disturbs more without
	ctx, cancel := context.WithTimeout(context.Background(), o.For)
	defer cancel()
	c := &tally{statuses: map[int]int{}}
	for _, a := range attacks {
		for _, way := range ways {
			if a.name == o.Attack && way.name == o.Way {
				a.run(ctx, o.target, way, c)
			}
		}
	}
	_ = json.NewEncoder(os.Stdout).Encode(told{c.statuses, c.String()}) // a pipe to our parent
}

// send has a process of its own attack until the context ends.
func (w *world) send(ctx context.Context, attack, way string) (c told) {
	w.t.Helper()
	until, _ := ctx.Deadline()
	raw, err := json.Marshal(order{w.target, attack, way, time.Until(until)})
	if err != nil {
		w.t.Error(err)
		return c
	}
	cmd := exec.Command(os.Args[0]) // #nosec G204 -- this very program
	cmd.Env = append(os.Environ(), orderEnv+"="+string(raw))
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &c)
	}
	if err != nil {
		w.t.Errorf("attacker: %v", err)
	}
	return c
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
