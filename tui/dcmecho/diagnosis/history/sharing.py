"""What targets can share that makes them fail together: a host, a subnet, an issuer, a title."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from dcmecho.diagnosis.history.compared import Compared, Values
from dcmecho.diagnosis.target.target import Target

_PREFIX_BITS = {4: 24, 6: 64}


class Traits(NamedTuple):
    """What is known of a target that others can have too; empty where nothing is."""

    host: str
    calling_ae: str
    address: str = ""
    """The peer's address as it was resolved."""
    issuer: str = ""
    """Who issued its certificate."""


def traits_of(target: Target, values: Values) -> Traits:
    """Return the traits of a target, of which a run has found these values."""
    address, issuer = (str(values.get(what) or "") for what in _SEEN)
    return Traits(target.host.casefold(), target.calling_ae, address, issuer)


_SEEN = (Compared.PEER_ADDRESS, Compared.CERTIFICATE_ISSUER)


def needs_values(target: Target) -> bool:
    """Report whether the subnet of a target is known only from a run."""
    return not _subnet_of(target.host)


def _subnet(traits: Traits) -> str:
    return _subnet_of(traits.host) or _subnet_of(traits.address)


@lru_cache(maxsize=16_384)
def _subnet_of(text: str) -> str:
    """Return the subnet of an address, empty for a name. A list asks for thousands, and again."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    return str(ip_network(f"{address}/{_PREFIX_BITS[address.version]}", strict=False))


SHARED: tuple[tuple[str, Callable[[Traits], str]], ...] = (
    ("on {}", lambda traits: traits.host),
    ("on {}", _subnet),
    ("with a certificate of {}", lambda traits: traits.issuer),
    ("called as {}", lambda traits: traits.calling_ae),
)
"""What can be shared, in words and of one target: the narrowest first."""


def shared_words(traits: Traits) -> tuple[str, ...]:
    """Return what others can share with a target, as words, the narrowest first."""
    found = ((words, of(traits)) for words, of in SHARED)
    return tuple(dict.fromkeys(words.format(value) for words, value in found if value))
