"""Possible reasons why no call arrived. No I/O."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from enum import StrEnum

from dcmecho.diagnosis.listen.verdict import Expectation
from dcmecho.diagnosis.network.connection import Address


class LocalFirewall(StrEnum):
    """A firewall that is known to run on this machine."""

    FIREWALLD = "firewalld"
    UFW = "ufw"


def absence(
    bound: Sequence[Address],
    expected: Expectation,
    local: Sequence[str],
    firewall: LocalFirewall | None,
) -> tuple[str, ...]:
    """Return the possible reasons, those that you can check on this machine first.

    ``local`` holds the addresses of this machine. A missing call proves none of the reasons.
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
        yield f"dcmecho listened on {', '.join(ours)}, which only this machine can call.{where}"
        return
    if not any(ipaddress.ip_address(ip).is_unspecified for ip in ours):
        missed = [ip for ip in local if ip not in ours and not ipaddress.ip_address(ip).is_loopback]
        if missed:
            yield f"The peer might have another address of yours registered: {', '.join(missed)}."
    yield from _firewall(ports, firewall)
    peer = expected.peer or "the peer"
    title = f" for {expected.title}" if expected.title else ""
    yield (
        f"Something else might be registered{title} at {peer}. Ask the peer's administrator for"
        f" the address and port. They must be: {', '.join(map(str, bound))}."
    )
    yield (
        f"A firewall between {peer} and this machine might drop packets to port {ports}. Ask the"
        f" network team whether {peer} is allowed to connect to that port."
    )
    yield (
        "If address translation (NAT) is in between, the peer must call the translated address,"
        " and the translating device must forward the port to this machine."
    )
    yield f"Or {peer} has not called at all. Start Verify (C-ECHO) on the peer again."


def _firewall(ports: str, firewall: LocalFirewall | None) -> Iterator[str]:
    match firewall:
        case LocalFirewall.FIREWALLD:
            yield (
                f"firewalld is running on this machine. Check whether it allows port {ports}"
                " (`firewall-cmd --list-all`)."
            )
        case LocalFirewall.UFW:
            yield (
                f"ufw is active on this machine. Check whether it allows port {ports}"
                " (`sudo ufw status`)."
            )
        case None:
            return
