"""A link over which the answers of a play come, each at its own time."""

from __future__ import annotations

import errno
import struct
import threading
from dataclasses import replace

from dcmecho.diagnosis.events import Direction, Emit, LogLayer, LogLine
from dcmecho.diagnosis.network.association import (
    Acceptance,
    Answer,
    ContextAnswer,
    EchoAnswer,
    Ending,
    Negotiation,
)
from dcmecho.diagnosis.network.connection import Address, Connection, Resolution
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import Handshake, TlsCheck, TlsEnding, TlsSettings
from dcmecho.dicom.pdu.decode import readable
from dcmecho.dicom.pdu.read import read_pdu
from dcmecho.lab.pdu import PduType, associate_rj, echo_rsp, pdu
from dcmecho.standard.uids import VERIFICATION_SOP_CLASS
from tests.console.played_peers import PlayedPeer
from tests.unit.dicom import pdu_bytes

OURS = Address("192.168.1.20", 53412)


def address_of(host: str) -> str:
    """One private address for every name."""
    return host if host[0].isdigit() else "192.168.1.50"


def _element(number: int, value: bytes) -> bytes:
    return struct.pack("<HHL", 0, number, len(value)) + value


def echo_rq(message_id: int) -> bytes:
    """P-DATA-TF with a C-ECHO-RQ on context 1 (PS3.7 9.3.5.1)."""
    elements = b"".join(
        (
            _element(0x0002, VERIFICATION_SOP_CLASS.encode() + b"\0"),
            _element(0x0100, struct.pack("<H", 0x0030)),
            _element(0x0110, struct.pack("<H", message_id)),
            _element(0x0800, struct.pack("<H", 0x0101)),
        )
    )
    command = _element(0x0000, struct.pack("<L", len(elements))) + elements
    return pdu(PduType.DATA_TF, struct.pack(">LBB", len(command) + 2, 1, 3) + command)


class CannedLink:
    """Answers as the play says, and logs what would have passed over the wire."""

    def __init__(self, peer: PlayedPeer, run_id: str, emit: Emit) -> None:
        self._peer = peer
        self._run_id = run_id
        self._emit = emit
        self._now = 0.0
        self._cancelled = False
        self._go = threading.Event()
        self._target: Target | None = None

    def reach(self) -> None:
        """It is asked from this machine."""

    @property
    def vantage_failure(self) -> None:
        """Nothing, on this machine."""
        return

    @property
    def cancelled(self) -> bool:
        """True once somebody asked this run to end."""
        return self._cancelled

    def now_ms(self) -> float:
        """A clock that goes as the play says."""
        return self._now

    def cancel(self) -> None:
        """End the run, at once unless the play says that this takes until ``go_on``."""
        self._cancelled = True
        if not self._peer.lingers:
            self._go.set()

    def release_hold(self) -> None:
        """Let the held stage go on."""
        self._go.set()

    def wait(self) -> None:
        """Wait to be cancelled or released."""
        if not self._go.wait(timeout=30):
            raise TimeoutError("nobody let the experiment begin")

    def resolve(self, host: str, port: int, _timeout_s: float) -> Resolution:
        """One private address for every name."""
        if self._peer.fault:
            raise RuntimeError(self._peer.fault)
        address = Address(address_of(host), port)
        self._hold(StageId.RESOLVE)
        if address.ip != host:
            self._note(StageId.RESOLVE, LogLayer.NAME, Direction.SENT, f"resolve {host}")
            self._now += 2.1
            self._note(StageId.RESOLVE, LogLayer.NAME, Direction.RECEIVED, f"{host}: {address.ip}")
            return Resolution(self._now, 2.1, (address,))
        return Resolution(self._now, 0.0, (address,))

    def connect(self, address: Address, timeout_s: float, _options: RunOptions) -> Connection:
        """Connect, or be refused."""
        self._note(StageId.CONNECT, LogLayer.TCP, Direction.SENT, f"connect to {address}")
        self._hold(StageId.CONNECT)
        if self._peer.forbidden:
            return Connection(address, self._now, 0.0, forbidden=self._peer.forbidden)
        if self._peer.lost:
            self._now += timeout_s * 1000
            message = f"no answer within {timeout_s:g} s"
            self._note(StageId.CONNECT, LogLayer.TCP, Direction.LOCAL, f"{address}: {message}")
            return Connection(address, self._now, timeout_s * 1000, timed_out=True, message=message)
        self._now += 1.0
        if self._peer.refused:
            message = "connection refused"
            said = f"{address}: {message}"
            self._note(StageId.CONNECT, LogLayer.TCP, Direction.RECEIVED, said)
            return Connection(address, self._now, 1.0, errno=errno.ECONNREFUSED, message=message)
        said = f"connected from {OURS}"
        self._note(StageId.CONNECT, LogLayer.TCP, Direction.RECEIVED, said)
        return Connection(address, self._now, 1.0, local=OURS)

    def check_tls(self, _settings: TlsSettings) -> TlsCheck:
        """Every file is there."""
        return TlsCheck()

    def secure(self, _settings: TlsSettings, host: str, _timeout_s: float) -> Handshake:
        """Do the handshake of the play, at its own time."""
        self._hold(StageId.TLS)
        handshake = self._peer.handshake or Handshake(TlsEnding.CLOSED, 0.0, 12.0)
        self._note(StageId.TLS, LogLayer.TLS, Direction.SENT, f"ClientHello for {host}")
        self._now += handshake.elapsed_ms
        for alert in handshake.alerts:
            direction = Direction.RECEIVED if alert.from_peer else Direction.SENT
            self._note(StageId.TLS, LogLayer.TLS, direction, f"alert {alert.name}")
        return replace(handshake, at_ms=self._now)

    def associate(self, target: Target, _options: RunOptions) -> Negotiation:
        """Accept, or reject."""
        self._target = target
        request = pdu_bytes.request(target.called_ae, target.calling_ae)
        self._now += 0.2
        self._wire(StageId.ASSOCIATE, Direction.SENT, request)
        answer = self._answer(StageId.ASSOCIATE, self._peer.association_ms)
        if answer.ending is not Ending.ANSWERED:
            return Negotiation(answer)
        rejection = self._peer.answers(target)
        if rejection is not None:
            raw = associate_rj(rejection.result, rejection.source, rejection.reason)
            self._wire(StageId.ASSOCIATE, Direction.RECEIVED, raw)
            return Negotiation(answer, rejection=rejection)
        version = self._peer.implementation
        raw = pdu_bytes.accept(target.called_ae.encode().ljust(16), version=version.encode())
        self._wire(StageId.ASSOCIATE, Direction.RECEIVED, raw)
        context = ContextAnswer(
            1, VERIFICATION_SOP_CLASS, 0, "1.2.840.10008.1.2", "Implicit VR Little Endian"
        )
        return Negotiation(answer, Acceptance(16384, "1.2.3.4", PeerText(version), (context,)))

    def echo(self, message_id: int) -> EchoAnswer:
        """Answer with the play's status."""
        self._now += 0.1
        self._wire(StageId.ECHO, Direction.SENT, echo_rq(message_id))
        answer = self._answer(StageId.ECHO, self._peer.echo_ms)
        if answer.ending is not Ending.ANSWERED:
            return EchoAnswer(answer, message_id)
        self._wire(
            StageId.ECHO, Direction.RECEIVED, echo_rsp(1, message_id, self._peer.echo_status)
        )
        for line in self._peer.extra_lines:
            self._emit(line._replace(run_id=self._run_id, at_ms=self._now))
        return EchoAnswer(answer, message_id, self._peer.echo_status)

    def release(self) -> Answer:
        """End in order."""
        self._wire(StageId.RELEASE, Direction.SENT, pdu(PduType.RELEASE_RQ, bytes(4)))
        answer = self._answer(StageId.RELEASE, 0.4)
        if answer.ending is Ending.ANSWERED:
            raw = pdu(PduType.RELEASE_RP, bytes(4))
            self._wire(StageId.RELEASE, Direction.RECEIVED, raw)
        return answer

    def abort(self) -> None:
        """Nothing is open."""

    def close(self) -> None:
        """Nothing is open."""

    def _answer(self, stage: StageId, elapsed_ms: float) -> Answer:
        self._hold(stage)
        self._now += elapsed_ms
        ending = Ending.CANCELLED if self._cancelled else Ending.ANSWERED
        return Answer(ending, self._now, elapsed_ms)

    def _hold(self, stage: StageId) -> None:
        if self._peer.held_at is stage and not self._go.wait(timeout=30):
            raise TimeoutError(f"nobody let stage {stage} go on")

    def _note(self, stage: StageId, layer: LogLayer, direction: Direction, text: str) -> None:
        self._emit(LogLine(self._run_id, stage, self._now, layer, direction, text))

    def _wire(self, stage: StageId, direction: Direction, raw: bytes) -> None:
        said = readable(read_pdu(raw))
        self._emit(
            LogLine(
                self._run_id, stage, self._now, said.layer, direction, said.text, said.details, raw
            )
        )
