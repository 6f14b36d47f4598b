"""Other addresses for addresses: of the same kind, and in one subnet if they are in one.

A subnet is a /24 of IPv4 and a /64 of IPv6. Loopback, link-local networks, multicast and the like
stay, because they are the same everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from dcmecho.report.redaction.keyed import Cycle
from dcmecho.report.redaction.letters import other_letters

Address = IPv4Address | IPv6Address

Network = IPv4Network | IPv6Network

_PRIVATE: Sequence[Network] = (
    *map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")),
    *map(IPv4Network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")),
    *map(IPv4Network, ("198.18.0.0/15", "240.0.0.0/4")),
    *map(IPv6Network, ("fc00::/8", "fd00::/8", "fec0::/10", "2001:db8::/32")),
)
"""RFC 1918, 6598, 5737, 2544, 1112, 4193, 3879, 3849: what is used within sites, and in examples.

An address of one of them becomes one of the same.
"""

_PUBLIC: Sequence[Network] = (
    IPv4Network("0.0.0.0/0"),
    IPv6Network("2000::/3"),
    IPv6Network("::/0"),
)
_LINK_LOCAL = IPv6Network("fe80::/64")
_HOST_BITS = {4: 8, 6: 64}


def address_in(text: str) -> Address | None:
    """Return the address that a text is, or ``None``."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def other_address(secret: bytes, address: Address) -> str:
    """Return the other address as text. The first and the last of a subnet stay such."""
    if isinstance(address, IPv6Address):
        if (mapped := address.ipv4_mapped) is not None:
            return f"::ffff:{other_address(secret, mapped)}"
        zone = f"%{other_letters(secret, address.scope_id)}" if address.scope_id else ""
        return f"{_in_its_network(secret, IPv6Address(int(address)))}{zone}"
    return str(_in_its_network(secret, address))


def _in_its_network(secret: bytes, address: Address) -> Address:
    if address in _LINK_LOCAL:
        return _joined(address, int(address) >> _HOST_BITS[6], _other_host(secret, address))
    within = next((each for each in (*_PRIVATE, *_PUBLIC) if address in each), None)
    if within is None or (within in _PUBLIC and not address.is_global):
        return address
    return _joined(address, _other_subnet(secret, address, within), _other_host(secret, address))


def _other_subnet(secret: bytes, address: Address, within: Network) -> int:
    bits = _HOST_BITS[address.version]
    first = int(within.network_address) >> bits
    cycle = Cycle(secret, f"subnet of {within}", max(within.num_addresses >> bits, 1))
    subnet = int(address) >> bits
    while True:
        subnet = first + cycle.after(subnet - first)
        if within not in _PUBLIC or _joined(address, subnet, 1).is_global:
            return subnet


def _other_host(secret: bytes, address: Address) -> int:
    bits = _HOST_BITS[address.version]
    last = (1 << bits) - 1
    subnet, host = int(address) >> bits, int(address) & last
    if host in (0, last):
        return host
    return 1 + Cycle(secret, f"host of {address.version} {subnet}", last - 1).after(host - 1)


def _joined(like: Address, subnet: int, host: int) -> Address:
    return type(like)(subnet << _HOST_BITS[like.version] | host)
