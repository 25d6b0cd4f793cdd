package open311

import (
	"context"
	"encoding/json"
	"errors"

	"segnavia/civic"
	"segnavia/outbound"
)

// FetchMedia fetches the pictures that were named for a report and attaches those
// that can be had. A picture that never will be is forgotten, and so is every one
// when last says that nobody tries again: the report stands without. The error
// holds no address.
func (d *Door) FetchMedia(ctx context.Context, j civic.JurisdictionID, report civic.ReportID, last bool) error {
	list, err := d.Store.RemoteMedia(ctx, j, report)
	if err != nil {
		return err
	}
	var later error
	for _, m := range list {
		err := d.fetch(ctx, j, m)
		var known *civic.Error
		var outside *outbound.Error
		switch {
		case err == nil:
		case errors.As(err, &known) && known.Code != "photo_unavailable",
			errors.As(err, &outside) && !outside.Temporary, last:
			d.Logger.WarnContext(ctx, "picture not fetched", "report", report.String(), "media", m.ID.String(), "code", codeOf(err))
		default:
			later = errLater
			continue
		}
		// What is settled stays settled when the job's time is over.
		if err := d.Store.ForgetMedia(context.WithoutCancel(ctx), j, m.ID); err != nil {
			return err
		}
	}
	return later
}

func (d *Door) fetch(ctx context.Context, j civic.JurisdictionID, m civic.RemoteMedia) error {
	body, err := d.Outside.Get(ctx, m.URL, maxFile)
	if err != nil {
		return err
	}
	defer body.Close() //nolint:errcheck // only read
	args, err := d.Photos.Take(ctx, j, body)
	if err != nil {
		return err
	}
	args.Stage = civic.StageReport
	raw, err := json.Marshal(args)
	if err != nil {
		return err
	}
	_, err = applied(ctx, d.Store, j, civic.Named(d.Store.TownKey(j), m.ID, "attach", civic.Edit{
		Report: m.Report, Kind: civic.KindAttach, Args: raw, Actor: civic.System,
	}))
	return err
}

// codeOf names an error for the log, without what it is about.
func codeOf(err error) string {
	var outside *outbound.Error
	if errors.As(err, &outside) {
		return outside.Code
	}
	if code := civic.CodeOf(err); code != "" {
		return code
	}
	return "failed"
}
