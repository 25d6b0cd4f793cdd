package server

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"segnavia/civic"
)

// inviteLife is how long a code waits for its phone.
const inviteLife = 24 * time.Hour

type devicesBody struct {
	Devices []civic.DeviceSeen `json:"devices" doc:"Those seen last first; what they hold unsent is not known here"`
}

type inviteInput struct {
	Body struct {
		User civic.UserID `json:"user"`
	}
}

type inviteBody struct {
	Code    string    `json:"code" doc:"Good once"`
	URL     string    `json:"url" doc:"What the phone opens"`
	QR      string    `json:"qr" doc:"The same as a picture, as a data: address"`
	Expires time.Time `json:"expires"`
}

type inviteOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         inviteBody
}

type deviceInput struct {
	ID civic.DeviceID `path:"id"`
}

// peopleAPI is for those who look after the town's phones. A foreman looks after
// the crews'; whoever could let in an office's device would be that office.
func (s *Server) peopleAPI(api huma.API) {
	keepers := AllowForeman | AllowAdmin
	operation(s, api, Route{Allow: keepers}, huma.Operation{
		OperationID: "devices", Method: http.MethodGet, Path: "/api/v1/devices", Summary: "The devices that hold a grant, or did lately",
	}, func(ctx context.Context, rq *request, _ *struct{}) (*struct{ Body devicesBody }, error) {
		list, err := s.Store.DevicesSeen(ctx, rq.j(), keptBy(rq.actor.Role), s.Now())
		return &struct{ Body devicesBody }{devicesBody{append([]civic.DeviceSeen{}, list...)}}, err
	})
	operation(s, api, Route{Allow: keepers}, huma.Operation{
		OperationID: "invite-device", Method: http.MethodPost, Path: "/api/v1/devices/invite", Summary: "Make a one-time code for a person's next device",
		DefaultStatus: http.StatusCreated,
	}, s.invite)
	operation(s, api, Route{Allow: keepers}, huma.Operation{
		OperationID: "revoke-device", Method: http.MethodDelete, Path: "/api/v1/devices/{id}", Summary: "End a device, which forgets what it holds",
		DefaultStatus: http.StatusNoContent,
	}, func(ctx context.Context, rq *request, in *deviceInput) (*struct{}, error) {
		return nil, s.Store.EndDevice(ctx, rq.j(), rq.actor.User, in.ID, keptBy(rq.actor.Role))
	})
}

// keptBy are the roles whose devices somebody looks after.
func keptBy(role civic.Role) []civic.Role {
	if role == civic.RoleForeman {
		return []civic.Role{civic.RoleCrew, civic.RoleContractor}
	}
	return []civic.Role{
		civic.RoleCrew, civic.RoleContractor, civic.RoleForeman, civic.RoleOperator,
		civic.RolePlanner, civic.RoleViewer, civic.RoleAdmin,
	}
}

func (s *Server) invite(ctx context.Context, rq *request, in *inviteInput) (*inviteOutput, error) {
	if !s.limits.allow(limitInvite, rq.j().String()+rq.actor.User.String()) {
		return nil, civic.Refuse("too_fast")
	}
	expires := s.Now().Add(inviteLife).Truncate(time.Second)
	code, err := s.Store.Invite(ctx, rq.j(), rq.asker(), in.Body.User, keptBy(rq.actor.Role), expires)
	if errors.Is(err, civic.ErrBadToken) {
		return nil, civic.Refuse("sign_in") // signed out a moment ago
	}
	if err != nil {
		return nil, err
	}
	b := inviteBody{Code: code, URL: EnrolURL(rq.origin, code), Expires: expires}
	picture, err := QRSVG(b.URL)
	if err != nil {
		return nil, err
	}
	b.QR = "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(picture))
	return &inviteOutput{"no-store", b}, nil
}
