"""What it can be where nothing came. Pure: from where we listened and what this machine tells."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from enum import StrEnum

from dcmecho.diagnosis.listen.verdict import Expectation
from dcmecho.diagnosis.network.connection import Address


class LocalFirewall(StrEnum):
    """A firewall of this machine that is seen to be on."""

    FIREWALLD = "firewalld"
    UFW = "ufw"


def absence(
    bound: Sequence[Address],
    expected: Expectation,
    local: Sequence[str],
    firewall: LocalFirewall | None,
) -> tuple[str, ...]:
    """The explanations that are left, what can be settled here first.

    ``local`` are the addresses of this machine. None of them is proven by an absence.
    """
    return tuple(_explanations(bound, expected, local, firewall))


def _explanations(
    bound: Sequence[Address],
    expected: Expectation,
    local: Sequence[str],
    firewall: LocalFirewall | None,
) -> Iterator[str]:
    ours = sorted({address.ip for address in bound})
    ports = ", ".join(str(port) for port in sorted({address.port for address in bound}))
    if all(ipaddress.ip_address(ip).is_loopback for ip in ours):
        others = [ip for ip in local if not ipaddress.ip_address(ip).is_loopback]
        where = f" Listen on {' or '.join(others)}." if others else ""
        yield f"We listened on {', '.join(ours)}: only this machine itself can call that.{where}"
        return
    if not any(ipaddress.ip_address(ip).is_unspecified for ip in ours):
        missed = [ip for ip in local if ip not in ours and not ipaddress.ip_address(ip).is_loopback]
        if missed:
            yield f"The peer may have another of our addresses registered: {', '.join(missed)}."
    yield from _firewall(ports, firewall)
    peer = expected.peer or "the peer"
    title = f" for {expected.title}" if expected.title else ""
    yield (
        f"What {peer} has registered{title} may differ: ask its administrator to read out address"
        f" and port (here: {', '.join(map(str, bound))})."
    )
    yield (
        f"A firewall between {peer} and this machine may drop what comes to port {ports}: ask the"
        f" network team whether {peer} may open connections to it."
    )
    yield (
        "With address translation (NAT) between the two, the peer needs the translated address,"
        " and the translating device has to forward the port to this machine."
    )
    yield f"Or {peer} has not called at all: start its Verify (C-ECHO) again."


def _firewall(ports: str, firewall: LocalFirewall | None) -> Iterator[str]:
    match firewall:
        case LocalFirewall.FIREWALLD:
            yield (
                f"firewalld runs on this machine: see whether it lets port {ports} in"
                " (`firewall-cmd --list-all`)."
            )
        case LocalFirewall.UFW:
            yield (
                f"ufw is on on this machine: see whether it lets port {ports} in"
                " (`sudo ufw status`)."
            )
        case None:
            return
