package server

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// addressOf is what stands for a client in limits: its IPv4 address or its IPv6
// network of 64 bits. A town's handlers find it in request.place.
func (s *Server) addressOf(r *http.Request) string {
	addr, _ := s.clientOf(r)
	return placeName(addr)
}

// placeOf is addressOf for what is counted while it is open; "" for a proxy that
// speaks for itself.
func (s *Server) placeOf(r *http.Request) string {
	addr, proxy := s.clientOf(r)
	if proxy {
		return ""
	}
	return placeName(addr)
}

// clientOf is who asks, and whether that is one of our proxies. A proxy is
// believed about who came to it, and so is each proxy that it names, from the last
// to the first: what stands before them is the client's own word.
func (s *Server) clientOf(r *http.Request) (client netip.Addr, proxy bool) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if client, err = netip.ParseAddr(host); err != nil {
		return netip.Addr{}, false
	}
	client = client.Unmap()
	list := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for s.trusts(client) && len(list) > 0 {
		last, err := netip.ParseAddr(strings.TrimSpace(list[len(list)-1]))
		if err != nil {
			break
		}
		client, list = last.Unmap().WithZone(""), list[:len(list)-1]
	}
	return client, s.trusts(client)
}

// trusts reports whether an address is a proxy of ours.
func (s *Server) trusts(addr netip.Addr) bool {
	for _, network := range s.TrustProxy {
		if network.Contains(addr) {
			return true
		}
	}
	return false
}

func placeName(addr netip.Addr) string {
	if !addr.IsValid() {
		return "?"
	}
	if addr = addr.Unmap(); addr.Is6() {
		if prefix, err := addr.Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return addr.String()
}
