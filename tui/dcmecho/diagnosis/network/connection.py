"""What was seen of names, addresses and TCP. Durations and times are milliseconds of the run."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Address(NamedTuple):
    """One numeric address of a host (``scope_id`` for link-local IPv6)."""

    ip: str
    port: int
    scope_id: int = 0

    @property
    def is_unspecified(self) -> bool:
        """True for what stands for every address of this machine (``0.0.0.0``, ``::``)."""
        return self.ip in ("0.0.0.0", "::")

    def __str__(self) -> str:
        return f"[{self.ip}]:{self.port}" if ":" in self.ip else f"{self.ip}:{self.port}"


class NameFailure(StrEnum):
    """Why a name has no address."""

    NOT_FOUND = "not-found"
    """The resolver says that the name does not exist, or has no address."""
    NO_ANSWER = "no-answer"
    """The resolver did not answer, or could not."""


class Resolution(NamedTuple):
    """The addresses of a name, or why there are none."""

    at_ms: float
    elapsed_ms: float
    addresses: tuple[Address, ...] = ()
    failure: NameFailure | None = None
    message: str = ""


class Connection(NamedTuple):
    """One attempt to connect to one address.

    ``local`` is our address as the peer sees it if nothing translates it. ``errno`` is that of the
    failed ``connect(2)``; a time-out has ``timed_out`` and no errno. ``tcp`` is what the kernel
    measured in the TCP handshake. ``tried_from`` is our address where the attempt failed, empty
    where there is no way to the peer: whoever opens a firewall needs it.
    """

    address: Address
    at_ms: float
    elapsed_ms: float
    local: Address | None = None
    errno: int | None = None
    timed_out: bool = False
    message: str = ""
    tcp: TcpInfo | None = None
    kept_out: str = ""
    """Why nothing was even tried: another run of this dcmecho has the peer."""
    tried_from: str = ""

    @property
    def connected(self) -> bool:
        """True where the TCP handshake was completed."""
        return self.local is not None


class TcpInfo(NamedTuple):
    """What Linux knows about the connection (``TCP_INFO``, tcp(7)), read before closing it.

    ``bytes_acked`` counts one for the SYN where the kernel does so. ``retransmits`` are those of
    the segment that is not acknowledged now.
    """

    rtt_ms: float
    retransmits: int
    unacked: int
    bytes_acked: int
    segment_bytes: int = 0
    """The longest segment that we send now (``tcpi_snd_mss``)."""
    path_mtu_bytes: int = 0
    total_retransmits: int = 0
    """Segments sent again since the connection began."""
    rtt_variance_ms: float = 0.0
    min_rtt_ms: float | None = None
    """The shortest round trip so far; ``None`` where the kernel keeps none.

    Only this one is free of the peer's delayed acknowledgements.
    """
