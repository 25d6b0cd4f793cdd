package load

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"

	"segnavia/civic"
)

// device is one that load speaks as.
type device struct {
	id    civic.DeviceID
	token string
}

// devices makes n devices of the crews, in turn, as browsers that sign in do.
// Their tokens live a quarter of an hour.
func (s *Site) devices(ctx context.Context, n int) ([]device, error) {
	var crews []signIn
	for _, u := range s.Users {
		if u.Role == string(civic.RoleCrew) {
			crews = append(crews, signIn{u.Login, u.Password})
		}
	}
	if len(crews) == 0 {
		return nil, errors.New("no crews")
	}
	list := make([]device, n)
	for c, crew := range crews {
		if c >= n {
			break
		}
		if err := s.devicesOf(ctx, crew, list, c, len(crews)); err != nil {
			return nil, fmt.Errorf("devices of %s: %w", crew.Login, err)
		}
	}
	return list, nil
}

type signIn struct {
	Login    string `json:"login"`
	Password string `json:"password"`
}

// devicesOf fills every step-th place of list, from first on.
func (s *Site) devicesOf(ctx context.Context, who signIn, list []device, first, step int) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	one := *s
	one.client = &http.Client{Jar: jar, Timeout: s.client.Timeout, Transport: s.client.Transport}
	if _, err := one.post(ctx, "/api/v1/session", "", who, nil); err != nil {
		return err
	}
	for i := first; i < len(list); i += step {
		var t civic.Tokens
		if _, err := one.post(ctx, "/api/v1/devices", "", map[string]string{"name": "load"}, &t); err != nil {
			return err
		}
		list[i] = device{t.Device, t.Token}
	}
	return nil
}

// deviceOf is the demonstration's own device of the first user with a role.
func (s *Site) deviceOf(role civic.Role) (device, error) {
	for _, u := range s.Users {
		if u.Role != string(role) {
			continue
		}
		for _, d := range s.Devices {
			if d.Login == u.Login {
				id, err := civic.ParseID[civic.Device](d.ID)
				return device{id, d.Token}, err
			}
		}
	}
	return device{}, fmt.Errorf("no device of a %s", role)
}
