"""A peer to diagnose, as the user describes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dcmecho.diagnosis.sanitize import own_text

if TYPE_CHECKING:
    from dcmecho.diagnosis.target.tls import TlsSettings


DEFAULT_CALLING_AE = "DCMECHO"
CONNECT_TIMEOUT_S = 5.0
ACSE_TIMEOUT_S = 30.0
DIMSE_TIMEOUT_S = 30.0
MAX_PDU_BYTES = 16382
"""The defaults of a target. Timeouts in seconds."""

DEFAULT_CALLED_AE = "ANY-SCP"
"""The called title that DCMTK's and pynetdicom's clients send by default: it names no peer."""


@dataclass(frozen=True, slots=True)
class Target:
    """A peer to diagnose. Values are as the user wrote them: stage ``profile`` judges them.

    Only its name and its group are always printable (``ValueKind.LINE``). Raises nothing: a port of
    70000 or a title of 17 characters is representable.
    """

    host: str
    port: int
    called_ae: str
    calling_ae: str
    name: str = ""
    group: str = ""
    notes: str = ""
    connect_timeout_s: float = CONNECT_TIMEOUT_S
    acse_timeout_s: float = ACSE_TIMEOUT_S
    dimse_timeout_s: float = DIMSE_TIMEOUT_S
    max_pdu_bytes: int = MAX_PDU_BYTES
    do_not_probe: str = ""
    no_experiments: str = ""
    tls: TlsSettings | None = None
    vantage: str = ""
    """The vantage point from which it is asked; empty for this machine."""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        whence = f", from {self.vantage}" if self.vantage else ""
        return own_text(f"{self.calling_ae} -> {self.called_ae} @ {host}:{self.port}{whence}")

    @property
    def known_as(self) -> str:
        """Its name, with the vantage point: from another machine it is another question."""
        return f"{self.name}, from {self.vantage}" if self.name and self.vantage else self.name

    @property
    def asked_from(self) -> str:
        """The machine that asks, in words."""
        return self.vantage or "this machine"

    @property
    def shown_host(self) -> str:
        """The host, printable."""
        return own_text(self.host)

    @property
    def shown_do_not_probe(self) -> str:
        """Why it must not be probed, printable; empty if it can be."""
        return own_text(self.do_not_probe)

    @property
    def shown_no_experiments(self) -> str:
        """Why experiments are off, printable; empty if they are not."""
        return own_text(self.no_experiments)

    @property
    def not_checked(self) -> str:
        """``not checked: hands off``, printable; empty if it can be checked."""
        return self.do_not_probe and f"not checked: {self.shown_do_not_probe}"
