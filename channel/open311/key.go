package open311

import (
	"errors"

	"segnavia/civic"
	words "segnavia/text"
)

// need demands a key that opens a scope. Unknown, ended and revoked keys are
// refused alike; wrong ones are counted, so that nobody tries many.
func (c *call) need(scope string) error {
	if c.key.May(scope, c.Now()) {
		return nil
	}
	given := c.params.get("api_key")
	if given == "" {
		return forbidden("open311.error.key_missing")
	}
	if err := c.identify(given); err != nil {
		return err
	}
	if !c.key.May(scope, c.Now()) {
		return &fault{403, "open311.error.key_scope", words.Args{"scope": scope}}
	}
	if !c.Allow(LimitKey, c.key.ID.String()) {
		return refusal(civic.Refuse("too_fast"))
	}
	return nil
}

// identify finds the key that was given.
func (c *call) identify(given string) error {
	if len(given) > 200 {
		return forbidden("open311.error.key")
	}
	k, err := c.Store.APIKey(c.r.Context(), c.Town.ID, given)
	if err == nil && k.Live(c.Now()) {
		if c.key = k; c.late != nil {
			c.late() // whose they are is known now
		}
		return nil
	}
	if err != nil && !errors.Is(err, civic.ErrNotFound) {
		return errors.Join(civic.ErrBusy, err)
	}
	if !c.Allow(LimitBadKey, c.Place) {
		return refusal(civic.Refuse("too_fast"))
	}
	return forbidden("open311.error.key")
}

// own reports whether the key's program made a report.
func (c *call) own(r *civic.Report) bool {
	return c.key.Name != "" && r.Source != nil && r.Source.Client == c.key.Name
}
