"""What the ladder asks of the network.

``dicom.runs.link`` answers these over one TCP connection. A Link raises nothing: each
call returns what was seen. All times ``at_ms`` count from the start of the run, all durations are
milliseconds from socket send to socket receive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from dcmecho.diagnosis.network.association import Answer, EchoAnswer, Negotiation
from dcmecho.diagnosis.network.connection import Address, Connection, Resolution
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.target.target import Target

if TYPE_CHECKING:
    from dcmecho.diagnosis.target.tls import Handshake, TlsCheck, TlsSettings


class Link(Protocol):
    """One association over one TCP connection, asked step by step. Raises nothing."""

    def resolve(self, host: str, port: int, timeout_s: float) -> Resolution:
        """Every address of ``host``, in the order to try them."""

    def connect(self, address: Address, timeout_s: float, options: RunOptions) -> Connection:
        """Open the TCP connection, from the source address and with the segments asked for."""

    def check_tls(self, settings: TlsSettings) -> TlsCheck:
        """Look at the files of ``settings``; sends nothing."""

    def secure(self, settings: TlsSettings, host: str, timeout_s: float) -> Handshake:
        """Do the TLS handshake on the open connection, for the name of ``settings`` or ``host``."""

    def associate(self, target: Target, options: RunOptions) -> Negotiation:
        """Listen whether the peer speaks or closes first, then send A-ASSOCIATE-RQ."""

    def echo(self, message_id: int) -> EchoAnswer:
        """Send one C-ECHO-RQ."""

    def release(self) -> Answer:
        """Send A-RELEASE-RQ."""

    def abort(self) -> None:
        """Send A-ABORT where an association is open."""

    def close(self) -> None:
        """Abort what is open and close the connection. Safe to call twice."""

    def now_ms(self) -> float:
        """The run's clock, ms: all its times are read off this one."""

    @property
    def cancelled(self) -> bool:
        """True once somebody asked this run to end."""
