"""The addresses and names at the site. All are for documentation (RFC 5737, 3849)."""

from __future__ import annotations

INTERFACE = "lan"
PORT = 104

WORKSTATION_IPV4 = "192.0.2.1"
WORKSTATION_IPV6 = "2001:db8::1"

ARCHIVE_IPV4 = "192.0.2.10"
ARCHIVE_IPV6 = "2001:db8::10"
ARCHIVE_LINK_LOCAL = "fe80::10"

NAME_SERVER = "192.0.2.11"
"""Another address of the archive's machine."""

NOBODY_IPV4 = "192.0.2.9"
"""In the same subnet. As near to the workstation as the archive: getaddrinfo(3) puts the address
that shares more leading bits with ours first (RFC 6724), whatever the order of the DNS."""
NOBODY_IPV6 = "2001:db8::9"

ELSEWHERE_IPV4 = "198.51.100.7"
ELSEWHERE_IPV6 = "2001:db8:ffff::7"
"""In a subnet to which the workstation has no route."""

ZONE: dict[str, tuple[str, ...]] = {
    "pacs.hospital.test": (ARCHIVE_IPV4,),
    "pacs-v6.hospital.test": (ARCHIVE_IPV6,),
    "two-addresses.hospital.test": (NOBODY_IPV4, ARCHIVE_IPV4),
    "no-address.hospital.test": (),
}
"""The records of the name server, in the order of its answers. No other names exist."""

BROKEN_NAME = "broken.hospital.test"
"""For these names, the name server answers with a failure (SERVFAIL)."""
