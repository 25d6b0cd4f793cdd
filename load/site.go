package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"time"

	"segnavia/civic"
)

// Site is a running demonstration, as its demo.json tells it.
type Site struct {
	URL          string `json:"url"`
	MetricsToken string `json:"metrics_token"`
	Users        []struct {
		Role     string `json:"role"`
		Login    string `json:"login"`
		Password string `json:"password"`
	} `json:"users"`
	Devices []struct {
		ID    string `json:"id"`
		Login string `json:"login"`
		Team  string `json:"team"`
		Token string `json:"token"`
	} `json:"devices"`
	Teams []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"teams"`
	Areas []struct {
		ID civic.AreaID `json:"id"`
	} `json:"areas"`
	Services []struct {
		Code string `json:"code"`
	} `json:"services"`

	client *http.Client
}

// OpenSite reads a demo.json.
func OpenSite(file string) (*Site, error) {
	raw, err := os.ReadFile(file) // #nosec G304 -- the operator's own file
	if err != nil {
		return nil, err
	}
	var s Site
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true}
	s.client = &http.Client{Jar: jar, Timeout: 30 * time.Second, Transport: transport}
	return &s, nil
}

// signIn opens a session of the first user with a role.
func (s *Site) signIn(ctx context.Context, role string) error {
	for _, u := range s.Users {
		if u.Role == role {
			_, err := s.post(ctx, "/api/v1/session", "", map[string]string{"login": u.Login, "password": u.Password}, nil)
			return err
		}
	}
	return errors.New("no user with role " + role)
}

// post sends JSON and reads JSON; token is a device's, or empty.
func (s *Site) post(ctx context.Context, path, token string, body, into any) (int64, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+path, bytes.NewReader(raw))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return s.do(r, into)
}

func (s *Site) do(r *http.Request, into any) (int64, error) {
	answer, err := s.client.Do(r)
	if err != nil {
		return 0, errors.New("no answer")
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, errors.New("answer cut off")
	}
	if answer.StatusCode >= 300 {
		return 0, fmt.Errorf("status %d", answer.StatusCode)
	}
	if into != nil {
		err = json.Unmarshal(raw, into)
	}
	return int64(len(raw)), err
}
