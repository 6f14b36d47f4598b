"""The results of name lookup and TCP connection. Times are milliseconds since the run began."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from dcmecho.diagnosis.network.shortage import SHORTAGES


class Address(NamedTuple):
    """One numeric address of a host (``scope_id`` for link-local IPv6)."""

    ip: str
    port: int
    scope_id: int = 0

    @property
    def is_unspecified(self) -> bool:
        """Report whether it means every address of this machine (``0.0.0.0``, ``::``)."""
        return self.ip in ("0.0.0.0", "::")

    def __str__(self) -> str:
        return f"[{self.ip}]:{self.port}" if ":" in self.ip else f"{self.ip}:{self.port}"


class NameFailure(StrEnum):
    """The reason why a name has no address."""

    NOT_FOUND = "not-found"
    """The name does not exist, or has no address."""
    NO_ANSWER = "no-answer"
    """The lookup got no usable answer."""
    NOT_ASKED = "not-asked"
    """This machine lacks what a lookup needs; ``message`` says what."""


class Resolution(NamedTuple):
    """The addresses of a name, or why there are none."""

    at_ms: float
    elapsed_ms: float
    addresses: tuple[Address, ...] = ()
    failure: NameFailure | None = None
    message: str = ""


class Connection(NamedTuple):
    """One attempt to connect to one address.

    ``local`` is the local address, which the peer sees unless NAT changes it. ``errno`` is that of
    the failed ``connect(2)``; a timeout has ``timed_out`` and no errno. ``tcp`` is what the kernel
    measured during the TCP handshake. ``tried_from`` is the local address of a failed attempt, for
    the people who run the firewall; empty if no route leads to the peer.
    """

    address: Address
    at_ms: float
    elapsed_ms: float
    local: Address | None = None
    errno: int | None = None
    timed_out: bool = False
    message: str = ""
    tcp: TcpInfo | None = None
    no_turn: str = ""
    """Why nothing was tried: another check from this machine is using the peer."""
    forbidden: str = ""
    """Why nothing was tried: the profile file forbids to probe this address."""
    tried_from: str = ""
    unseen: str = ""
    """Who can be connected to the peer without being noticed, and why; usually empty."""
    doubt: str = ""
    """Which target that must not be probed this could be, and why; usually empty."""

    @property
    def connected(self) -> bool:
        """Report whether the TCP handshake was completed."""
        return self.local is not None

    @property
    def lacks(self) -> bool:
        """Report whether this machine had no room for a connection."""
        return self.errno in SHORTAGES


class TcpInfo(NamedTuple):
    """Linux's figures about a connection (``TCP_INFO``, tcp(7)), read before closing it.

    ``bytes_acked`` includes one for the SYN on kernels that count it. ``retransmits`` counts those
    of the segment that is not acknowledged yet.
    """

    rtt_ms: float
    retransmits: int
    unacked: int
    bytes_acked: int
    segment_bytes: int = 0
    """The longest segment that is sent now (``tcpi_snd_mss``)."""
    path_mtu_bytes: int = 0
    total_retransmits: int = 0
    """Segments sent again since the connection began."""
    rtt_variance_ms: float = 0.0
    min_rtt_ms: float | None = None
    """The shortest round trip so far; ``None`` if the kernel does not record it.

    The other figures can include the peer's delayed acknowledgements.
    """
