package tiles

import (
	"errors"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"segnavia/geo"
)

var (
	errNumber = errors.New("not a finite number")
	errPlace  = errors.New("no lon and lat")
)

// Kind is what a change does to a report's membership of an area.
type Kind uint8

// The kinds of the log.
const (
	Enter Kind = iota + 1 // the whole body
	Patch                 // RFC 7396 merge patch of the body
	Leave                 // no body
)

// Change is one op of the log of an area's scope.
type Change struct {
	Area uuid.UUID
	Kind Kind
	ID   uuid.UUID
	Rev  int64
	V    int64  // the scope's version
	Body []byte // JSON
}

// Index is the live index of one jurisdiction: its reports and the words that
// name their services. Any number of readers and one writer at a time use it.
type Index struct {
	mu   sync.Mutex // held by Load, Apply and Describe
	geo  atomic.Pointer[geo.Index]
	dict atomic.Pointer[dictionary]
	hub  hub
	// sieves remember what filters find; they follow geo by themselves.
	sieves sieves
	pools  pools
}

// NewIndex returns an empty index of a town whose days are UTC's.
func NewIndex() *Index { return NewIndexIn(time.UTC) }

// NewIndexIn returns an empty index of a town in a zone: what day a report is of,
// in filters and for the public, is told by the town's own clock.
func NewIndexIn(zone *time.Location) *Index {
	x := new(Index)
	x.geo.Store(geo.NewIndex())
	x.dict.Store(newDictionary(zone))
	return x
}

// Describe sets the code and the group of services. Services that are not
// named keep what they have; one never described shows its id as its code.
func (x *Index) Describe(services []Service) {
	x.mu.Lock()
	defer x.mu.Unlock()
	d := author{dictionary: x.dict.Load()}
	d.describe(services)
	x.dict.Store(d.dictionary)
	x.hub.everything()
}

// Load replaces all reports by rows, whose ids differ from one another. On an
// error of rows nothing changes. The log is then applied from the versions
// read before the first row: ops that a row already holds are recognised.
func (x *Index) Load(rows iter.Seq2[Row, error]) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	d := author{dictionary: x.dict.Load()}
	var b geo.Builder
	for row, err := range rows {
		if err != nil {
			return fmt.Errorf("load reports: %w", err)
		}
		b.Add(d.entry(&row))
	}
	x.dict.Store(d.dictionary)
	next := b.Index()
	next.After(x.geo.Load())
	x.geo.Store(next)
	x.hub.everything()
	return nil
}

// Apply makes the changes of a batch as one step, in their order. Ops older
// than what is held, patches and leaves of absent reports, and leaves of an
// area that the report is not in change nothing. An op whose body cannot be
// read is skipped and returned in the error, joined with the others; the rest
// of the batch is applied.
func (x *Index) Apply(batch []Change) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	d := author{dictionary: x.dict.Load()}
	var errs []error
	touches := x.geo.Load().Update(func(tx *geo.Tx) {
		for i := range batch {
			if err := d.apply(tx, &batch[i]); err != nil {
				errs = append(errs, fmt.Errorf("apply report %s rev %d: %w", batch[i].ID, batch[i].Rev, err))
			}
		}
		// Before the snapshot: a reader takes the snapshot first.
		x.dict.Store(d.dictionary)
	})
	x.hub.touch(touches)
	return errors.Join(errs...)
}

// apply makes one change.
func (d *author) apply(tx *geo.Tx, c *Change) error {
	area := d.areaOf(c.Area)
	old, held := tx.Get(geo.ID(c.ID))
	switch c.Kind {
	case Leave:
		if held && old.Attributes.Area() == area && c.Rev >= int64(old.Rev) {
			tx.Delete(old.ID)
		}
	case Patch:
		if !held || c.Rev <= int64(old.Rev) || old.Attributes.Area() != area {
			return nil
		}
		f := fieldsOf(&old)
		if err := f.merge(d, c.Body); err != nil {
			return err
		}
		tx.Put(f.entry(old, area, c.Rev, d.dayOf(f.created)))
	case Enter:
		if held && c.Rev < int64(old.Rev) {
			return nil
		}
		var f fields
		if err := f.merge(d, c.Body); err != nil {
			return err
		}
		if !f.lon || !f.lat {
			return errPlace
		}
		tx.Put(f.entry(geo.Entry{ID: geo.ID(c.ID)}, area, c.Rev, d.dayOf(f.created)))
	default:
		return fmt.Errorf("unknown kind %d", c.Kind)
	}
	return nil
}

// Len returns the number of reports.
func (x *Index) Len() int { return x.geo.Load().Snapshot().Len() }
