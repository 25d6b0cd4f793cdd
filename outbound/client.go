package outbound

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// Options are what a Client is made of. The zero value is the real world; tests
// bring a resolver of their own and permit their own servers.
type Options struct {
	Resolver *net.Resolver
	// Permit says where the client may connect, nil: public addresses at the
	// ports of the web. It sees the address at the moment of connecting, after
	// every name is resolved.
	Permit func(netip.AddrPort) bool
	// Timeout bounds a whole exchange, its body too; 0 is half a minute.
	Timeout time.Duration
}

// Client fetches from the outside. New makes one; it is safe for concurrent use.
type Client struct {
	http *http.Client
}

// MaxURL bounds an address, in bytes.
const MaxURL = 2000

// New makes a client.
func New(o Options) *Client {
	if o.Permit == nil {
		o.Permit = func(a netip.AddrPort) bool { return Public(a.Addr()) && (a.Port() == 80 || a.Port() == 443) }
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	dialer := &net.Dialer{
		Timeout: 10 * time.Second, Resolver: o.Resolver,
		Control: func(_, address string, _ syscall.RawConn) error {
			a, err := netip.ParseAddrPort(address)
			if err != nil || !o.Permit(a) {
				return errNotPublic
			}
			return nil
		},
	}
	return &Client{&http.Client{
		Timeout: o.Timeout,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, Proxy: nil, DisableKeepAlives: true, DisableCompression: true,
			TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: 15 * time.Second, MaxResponseHeaderBytes: 32 << 10,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

var errNotPublic = errors.New("not a public address")

// The codes of an Error.
const (
	CodeAddress  = "outbound_address"   // no address of the web, or not a public one
	CodeRedirect = "outbound_redirect"  // it lies elsewhere, and is not followed
	CodeStatus   = "outbound_status"    // the other side has no such thing
	CodeTooLarge = "outbound_too_large" // more bytes than asked for
	CodeFailed   = "outbound_failed"    // no answer, or one that broke off
)

// Error says why nothing came. It never holds the address: that may be a secret,
// and errors are logged. Temporary says that a later try may succeed.
type Error struct {
	Code      string
	Status    int // of the answer, where there was one
	Temporary bool
}

func (e *Error) Error() string { return e.Code }

// Get fetches at most most bytes, and fails when there are more. The caller
// closes the body; reading it gives an *Error too.
func (c *Client) Get(ctx context.Context, address string, most int64) (io.ReadCloser, error) {
	u, err := url.Parse(address)
	if err != nil || len(address) > MaxURL || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, &Error{Code: CodeAddress}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &Error{Code: CodeAddress}
	}
	req.Header.Set("User-Agent", "Segnavia")
	res, err := c.http.Do(req)
	if err != nil {
		return nil, failure(err)
	}
	if err := refusal(res, most); err != nil {
		_ = res.Body.Close() // nothing of it is wanted
		return nil, err
	}
	return &body{ReadCloser: res.Body, left: most}, nil
}

func failure(err error) *Error {
	var unknown *net.DNSError
	switch {
	case errors.Is(err, errNotPublic):
		return &Error{Code: CodeAddress}
	case errors.As(err, &unknown) && unknown.IsNotFound:
		return &Error{Code: CodeAddress, Temporary: true}
	default:
		return &Error{Code: CodeFailed, Temporary: true}
	}
}

func refusal(res *http.Response, most int64) error {
	s := res.StatusCode
	switch {
	case s >= 300 && s < 400:
		return &Error{Code: CodeRedirect, Status: s}
	case s != http.StatusOK:
		return &Error{Code: CodeStatus, Status: s, Temporary: s >= 500 || s == http.StatusTooManyRequests || s == http.StatusRequestTimeout}
	case res.ContentLength > most:
		return &Error{Code: CodeTooLarge}
	}
	return nil
}

// body gives no more bytes than were asked for.
type body struct {
	io.ReadCloser
	left int64
}

func (b *body) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, &Error{Code: CodeTooLarge}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = &Error{Code: CodeFailed, Temporary: true}
	}
	return n, err
}
