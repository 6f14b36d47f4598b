"""The syntax of a host: a name (RFC 1123 2.1), an IPv4 or an IPv6 address.

No I/O: stage ``resolve`` finds out whether a name resolves.
"""

from __future__ import annotations

import ipaddress
import re
from socket import inet_aton

from dcmecho.diagnosis.target.digits import is_whole

MAX_LABEL_CHARACTERS, MAX_NAME_CHARACTERS = 63, 253
"""RFC 1035 2.3.4."""

_NUMBERS = re.compile(r"(0[xX][0-9a-fA-F]*|[0-9]+)(\.(0[xX][0-9a-fA-F]*|[0-9]+))*\.?")
"""What inet_aton(3) might read as an address."""
_FOUR_NUMBERS = re.compile(r"(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}")
_MULTICAST = range(224, 240)
"""The first number of an IPv4 multicast address (RFC 5771)."""
_NAME_CHARACTER = re.compile(r"[A-Za-z0-9_-]")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?:[^/@]*@)?(?P<rest>\[[^\]]*\]|[^:/?#]*)")


def host_error(host: str) -> str | None:
    """Return what is wrong with ``host`` as it is written, or ``None``."""
    if not host:
        return "a host name or an IP address is required"
    return _stray_character(host) or _pasted_text(host) or _address_or_name_error(host)


def _stray_character(host: str) -> str | None:
    if host != host.strip(" ") and host.strip(" "):
        where = "starts" if host.startswith(" ") else "ends"
        return f"{where} with a space. Remove it"
    if host.isprintable() and " " not in host:
        return None
    for position, ch in enumerate(host, start=1):
        if ch == " ":
            return f"there is a space at position {position}. Host names have none"
        if not ch.isprintable():
            return f"U+{ord(ch):04X} at position {position} is invisible. Type the name again"
    return None


def _pasted_text(host: str) -> str | None:
    url = _URL.match(host)
    if url:
        rest = url["rest"].strip("[]")
        return f"this is a URL. Enter only the host{f', {rest}' if rest else ''}"
    if "@" in host:
        return f"enter the part after the @, {host.rpartition('@')[2]}, and the AE title separately"
    if "/" in host:
        return f"enter one host, {host.partition('/')[0]}, without the / and what follows"
    return None


def _address_or_name_error(host: str) -> str | None:
    if host.startswith("["):
        return _bracket_error(host)
    if ":" in host:
        return _colon_error(host)
    return _name_error(host)


def _bracket_error(host: str) -> str:
    address, _, rest = host[1:].partition("]")
    if rest.startswith(":") and is_whole(rest[1:]):
        return f"enter the port separately: host {address}, port {rest[1:]}"
    return f"enter the IPv6 address without brackets: {address}"


def _colon_error(host: str) -> str | None:
    name, _, port = host.partition(":")
    if is_whole(port) and name:
        return f"enter the port separately: host {name}, port {port}"
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError:
        return "this is not an IPv6 address. Use up to 8 groups of hex digits, such as fd00::7"
    if address.is_multicast:
        return f"{host} is a multicast address. Use the peer's own address"
    if address.is_link_local and not address.scope_id:
        return f"a link-local address needs an interface of this machine, such as {host}%eth0"
    return None


def _name_error(host: str) -> str | None:
    ascii_host = host
    if not host.isascii():
        try:
            ascii_host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return _label_error(host) or "this cannot be encoded as a host name (IDNA)"
    if _NUMBERS.fullmatch(ascii_host):
        return _ipv4_error(ascii_host)
    return _label_error(ascii_host)


def _ipv4_error(host: str) -> str | None:
    if _FOUR_NUMBERS.fullmatch(host):
        parts = list(map(int, host.split(".")))
        too_big = [part for part in parts if part > 255]
        if too_big:
            return f"{too_big[0]} is too large. Each part of an IPv4 address is 0 to 255"
        if parts[0] in _MULTICAST or host == "255.255.255.255":
            return f"{host} is not the address of one machine. Use the peer's own address"
        return None
    advice = "Use four numbers from 0 to 255 without leading zeros"
    try:
        read_as = ipaddress.IPv4Address(inet_aton(host))
    except OSError:
        return f"this is not an IPv4 address. {advice}, such as 10.77.3.2"
    return f"this would be read as {read_as}. {advice}"


def _label_error(host: str) -> str | None:
    name = host.removesuffix(".")
    if len(name) > MAX_NAME_CHARACTERS:
        return f"{len(name)} characters is too long. A name has at most {MAX_NAME_CHARACTERS}"
    for number, label in enumerate(name.split("."), start=1):
        if not label:
            return f"part {number} between the dots is empty. Remove the extra dot"
        if len(label) > MAX_LABEL_CHARACTERS:
            return (
                f"part {number} has {len(label)} characters. "
                f"At most {MAX_LABEL_CHARACTERS} are allowed between two dots"
            )
        if label.startswith("-"):
            return f"part {number} starts with a hyphen. Start it with a letter or digit"
    for position, ch in enumerate(name, start=1):
        if ch.isascii() and ch != "." and not _NAME_CHARACTER.match(ch):
            return f"{ch} at position {position} is not allowed in host names. Remove it"
    return None
