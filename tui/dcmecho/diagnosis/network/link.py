"""The interface between a check and the network.

``dicom.runs.link`` implements it over one TCP connection. A Link raises nothing: each call returns
what was seen. All times ``at_ms`` count from the start of the run. All durations are milliseconds
from socket send to socket receive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from dcmecho.diagnosis.network.association import Answer, EchoAnswer, Negotiation
from dcmecho.diagnosis.network.connection import Address, Connection, Resolution
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.target.target import Target

if TYPE_CHECKING:
    from dcmecho.diagnosis.target.tls import Handshake, TlsCheck, TlsSettings
    from dcmecho.diagnosis.vantage.vantage import VantageFailure, VantageReached


class Link(Protocol):
    """One association over one TCP connection, driven call by call. Raises nothing."""

    def reach(self) -> VantageReached | VantageFailure | None:
        """Reach the machine from which the peer is asked: ``None`` is this one."""

    @property
    def vantage_failure(self) -> VantageFailure | None:
        """Why nothing can be asked from that machine, or any more."""

    def resolve(self, host: str, port: int, timeout_s: float) -> Resolution:
        """Return every address of ``host``, in the order to try them."""

    def connect(self, address: Address, timeout_s: float, options: RunOptions) -> Connection:
        """Open the TCP connection, with the source address and segment size of ``options``."""

    def check_tls(self, settings: TlsSettings) -> TlsCheck:
        """Check the files of ``settings``. Sends nothing."""

    def secure(self, settings: TlsSettings, host: str, timeout_s: float) -> Handshake:
        """Do the TLS handshake, expecting the server name of ``settings`` or else ``host``."""

    def associate(self, target: Target, options: RunOptions) -> Negotiation:
        """Send A-ASSOCIATE-RQ, unless the peer sends or closes first."""

    def echo(self, message_id: int) -> EchoAnswer:
        """Send one C-ECHO-RQ."""

    def release(self) -> Answer:
        """Send A-RELEASE-RQ."""

    def abort(self) -> None:
        """Send A-ABORT if an association is open."""

    def close(self) -> None:
        """Abort an open association and close the connection. Safe to call twice."""

    def now_ms(self) -> float:
        """Return the time since the run began, in ms. All times of the run use this clock."""

    @property
    def cancelled(self) -> bool:
        """Report whether this run was cancelled."""
