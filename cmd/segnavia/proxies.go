package main

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/alecthomas/kong"
)

// networks are those of our own proxies: addresses or CIDR blocks.
type networks []netip.Prefix

// Decode reads networks parted by commas or blanks.
func (n *networks) Decode(ctx *kong.DecodeContext) error {
	var said string
	if err := ctx.Scan.PopValueInto("networks", &said); err != nil {
		return err
	}
	list, err := parseNetworks(said)
	*n = list
	return err
}

func parseNetworks(said string) (list networks, err error) {
	for _, one := range strings.FieldsFunc(said, func(r rune) bool { return r == ',' || r == ' ' }) {
		p, err := netip.ParsePrefix(one)
		if err != nil {
			addr, bare := netip.ParseAddr(one)
			if bare != nil {
				return nil, fmt.Errorf("%q is no network: name the proxy's own address, such as 127.0.0.1 or 10.0.0.0/24", one)
			}
			addr = addr.Unmap()
			p = netip.PrefixFrom(addr, addr.BitLen())
		}
		list = append(list, p.Masked())
	}
	return list, nil
}
