// Package geocode asks a Photon or a Nominatim server of the operator's choice
// where an address is, for towns whose own gazetteer does not know it. It never
// sends anything but the address, and nobody's answer is kept.
package geocode

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"segnavia/civic"
)

// Fetcher gets at most most bytes from an address.
type Fetcher interface {
	Get(ctx context.Context, address string, most int64) (io.ReadCloser, error)
}

// Geocoder asks one server.
type Geocoder struct {
	base  *url.URL
	read  func([]byte) ([]civic.Place, error)
	query func(q url.Values, box [4]float64)
	fetch Fetcher
}

// maxAnswer bounds an answer, in bytes: eight places are about 8 kB.
const maxAnswer = 256 << 10

// New takes the address of a server's search: ".../api" is Photon's, ".../search"
// Nominatim's.
func New(address string, fetch Fetcher) (*Geocoder, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("geocoder: not the address of a web server")
	}
	g := &Geocoder{base: u, fetch: fetch}
	switch path := strings.TrimRight(u.Path, "/"); {
	case strings.HasSuffix(path, "/api"):
		g.read, g.query = readPhoton, photonQuery
	case strings.HasSuffix(path, "/search"):
		g.read, g.query = readNominatim, nominatimQuery
	default:
		return nil, errors.New("geocoder: the address ends in /api (Photon) or /search (Nominatim)")
	}
	return g, nil
}

// Places finds an address inside a box (west, south, east, north, degrees), the
// likest first. What the server puts elsewhere is left out.
func (g *Geocoder) Places(ctx context.Context, address string, box [4]float64, lang string, limit int) ([]civic.Place, error) {
	u := *g.base
	q := u.Query()
	q.Set("q", address)
	q.Set("limit", strconv.Itoa(limit))
	q.Set("lang", lang)
	g.query(q, box)
	u.RawQuery = q.Encode()
	body, err := g.fetch.Get(ctx, u.String(), maxAnswer)
	if err != nil {
		return nil, fmt.Errorf("geocoder: %w", err)
	}
	defer body.Close() //nolint:errcheck // only read
	raw, err := io.ReadAll(body)
	if err != nil {
		return nil, fmt.Errorf("geocoder: %w", err)
	}
	found, err := g.read(raw)
	if err != nil {
		return nil, fmt.Errorf("geocoder: %w", err)
	}
	asked := civic.ParseAddress(address)
	list := make([]civic.Place, 0, min(len(found), limit))
	for _, p := range found {
		if p.Street == "" || p.Lon < box[0] || p.Lat < box[1] || p.Lon > box[2] || p.Lat > box[3] || len(list) == limit {
			continue
		}
		p.Exact = p.Is(asked.HouseNumber) && !asked.Near
		list = append(list, p)
	}
	return list, nil
}

func photonQuery(q url.Values, box [4]float64) {
	q.Set("bbox", fmt.Sprintf("%g,%g,%g,%g", box[0], box[1], box[2], box[3]))
}

func nominatimQuery(q url.Values, box [4]float64) {
	q.Set("format", "jsonv2")
	q.Set("addressdetails", "1")
	q.Set("bounded", "1")
	q.Set("viewbox", fmt.Sprintf("%g,%g,%g,%g", box[0], box[1], box[2], box[3]))
	q.Set("accept-language", q.Get("lang"))
	q.Del("lang")
}

// readPhoton reads the GeoJSON of Photon: streets are features of their own,
// doors name their street.
func readPhoton(raw []byte) ([]civic.Place, error) {
	var answer struct {
		Features []struct {
			Geometry struct {
				Coordinates []float64 `json:"coordinates"`
			} `json:"geometry"`
			Properties struct {
				Name, Street, HouseNumber, District, Type string
			} `json:"properties"`
		} `json:"features"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, err
	}
	list := make([]civic.Place, 0, len(answer.Features))
	for _, f := range answer.Features {
		if len(f.Geometry.Coordinates) < 2 {
			continue
		}
		street := f.Properties.Street
		if street == "" && f.Properties.Type == "street" {
			street = f.Properties.Name
		}
		list = append(list, place(street, f.Properties.HouseNumber, f.Properties.District,
			f.Geometry.Coordinates[0], f.Geometry.Coordinates[1]))
	}
	return list, nil
}

// readNominatim reads the jsonv2 of Nominatim, whose coordinates are texts.
func readNominatim(raw []byte) ([]civic.Place, error) {
	var answer []struct {
		Lon, Lat string
		Address  struct {
			Road        string `json:"road"`
			Pedestrian  string `json:"pedestrian"`
			HouseNumber string `json:"house_number"`
			Suburb      string `json:"suburb"`
		} `json:"address"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, err
	}
	list := make([]civic.Place, 0, len(answer))
	for _, a := range answer {
		lon, err1 := strconv.ParseFloat(a.Lon, 64)
		lat, err2 := strconv.ParseFloat(a.Lat, 64)
		if err1 != nil || err2 != nil {
			continue
		}
		street := a.Address.Road
		if street == "" {
			street = a.Address.Pedestrian
		}
		list = append(list, place(street, a.Address.HouseNumber, a.Address.Suburb, lon, lat))
	}
	return list, nil
}

// longest bounds a name that a server gives, in characters.
const longest = 120

func place(street, number, locality string, lon, lat float64) civic.Place {
	p := civic.Place{Street: cut(street), Locality: cut(locality), Position: civic.Position{Lon: lon, Lat: lat}, Similarity: 1}
	p.HouseNumber, _, _ = civic.ParseHouseNumber(number, civic.MaxNumber)
	return p
}

func cut(s string) string {
	if r := []rune(s); len(r) > longest {
		return string(r[:longest])
	}
	return s
}
