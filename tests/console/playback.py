"""Runs without a network: the real ladder and the real reasoning over canned answers.

A peer that answers at the right moment, to the same millisecond on every run, is the one thing that
no real peer can be. Everything else of a run is real: stages, causes, texts, decoded PDUs.
"""

from __future__ import annotations

import errno
import itertools
import struct
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from dcmecho.console.engine import ListenerHandle
from dcmecho.diagnosis.events import (
    Direction,
    Emit,
    Event,
    Layer,
    LogLine,
    RunFinished,
    RunStarted,
    ServicesFinished,
    ServicesProgressed,
    StageFinished,
)
from dcmecho.diagnosis.experiments import Experiment
from dcmecho.diagnosis.investigation import Investigation
from dcmecho.diagnosis.ladder import climb
from dcmecho.diagnosis.link import (
    Acceptance,
    Address,
    Answer,
    Connection,
    ContextAnswer,
    EchoAnswer,
    Ending,
    Negotiation,
    Rejection,
    Resolution,
)
from dcmecho.diagnosis.listening.calls import Call
from dcmecho.diagnosis.listening.events import EmitListening
from dcmecho.diagnosis.model import Report, RunOptions, StageId, StageResult, Target
from dcmecho.diagnosis.services.model import ServicesResult
from dcmecho.diagnosis.services.survey import Asked
from dcmecho.diagnosis.tls import (
    Handshake,
    TlsCheck,
    TlsEnding,
    TlsSettings,
)
from dcmecho.diagnosis.uids import VERIFICATION_SOP_CLASS
from dcmecho.dicom.decode import readable
from dcmecho.dicom.listening.listener import ListenerConfig
from dcmecho.lab.pdu import PduType, associate_rj, echo_rsp, pdu
from tests.console.handshakes import DONE, NOT_TRUSTED
from tests.console.played_callers import listen
from tests.unit import pdu_bytes
from tests.unit.surveyed import surveyed

STARTED = datetime(2026, 11, 23, 10, 32, 5, 118000, UTC)
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


@dataclass(frozen=True)
class Play:
    """How the peer of one run behaves.

    ``held_at`` keeps that stage waiting for ``Stage.go_on``, with ``outlasts_cancel`` even in a
    cancelled run.

    ``rejection`` meets whoever does not come with one of ``called`` and one of ``callers``, where
    those are given, and everybody where they are not; ``stranger_rejection`` whoever is not among
    ``callers``, where the peer tells the two apart.
    """

    refused: bool = False
    lost: bool = False
    """No answer to TCP."""
    rejection: Rejection | None = None
    called: tuple[str, ...] = ()
    callers: tuple[str, ...] = ()
    stranger_rejection: Rejection | None = None
    handshake: Handshake | None = None
    fault: str = ""
    """What dcmecho itself fails with."""
    implementation: str = "OFFIS_DCMTK_367"
    echo_status: int = 0
    echo_ms: float = 0.9
    held_at: StageId | None = None
    lingers: bool = False
    """Held when cancelled too, so that one sees it being cancelled."""
    extra_lines: tuple[LogLine, ...] = ()

    def answers(self, target: Target) -> Rejection | None:
        """Give the rejection of a request with the titles of ``target``, if there is one."""
        if not self.called and not self.callers:
            return self.rejection
        if self.callers and target.calling_ae not in self.callers:
            return self.stranger_rejection or self.rejection
        return self.rejection if self.called and target.called_ae not in self.called else None


GREEN = Play()
REFUSED = Play(refused=True)
CALLED_UNKNOWN = Play(
    rejection=Rejection(1, 1, 7, "called AE title not recognised", "permanent, service user")
)
CONGESTED = Play(rejection=Rejection(2, 3, 1, "temporary congestion", "transient"))
TRUSTED = Play(handshake=DONE)
ISSUER_UNKNOWN = Play(handshake=NOT_TRUSTED)


@dataclass
class PlayedRun:
    """A run handle, as ``dcmecho.dicom.workers.Run`` is one."""

    target: Target
    thread: threading.Thread
    link: CannedLink

    def cancel(self) -> None:
        """End what is held."""
        self.link.cancel()

    def join(self, timeout_s: float | None = None) -> Report | None:
        """Wait for the thread."""
        self.thread.join(timeout_s)
        return None


class PlayedRound:
    """A round's handle, as ``dcmecho.dicom.pool.Pool`` is one; two runs at once."""

    def __init__(self, theatre: Theatre, targets: Sequence[Target], emits: Sequence[Emit]) -> None:
        self._theatre = theatre
        self._work = deque(zip(targets, emits, strict=True))
        self._running: list[PlayedRun] = []
        self.thread = threading.Thread(target=self._play, daemon=True)

    def cancel(self) -> None:
        """End what is held, and begin no more."""
        self._work.clear()
        for run in self._running:
            run.cancel()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the end of all."""
        self.thread.join(timeout_s)
        return not self.thread.is_alive()

    def _play(self) -> None:
        while self._work:
            pairs = [self._work.popleft() for _ in range(min(2, len(self._work)))]
            self._running = [self._theatre.diagnose(*pair) for pair in pairs]
            for run in self._running:
                run.join()


@dataclass
class PlayedSurvey:
    """The handle of a survey; it waits for ``go`` and tells what the play has for it."""

    finishes: Callable[[bool], None]
    go: threading.Event = field(default_factory=threading.Event)
    cancelled: bool = False

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._play, daemon=True)
        self.thread.start()

    def _play(self) -> None:
        if not self.go.wait(timeout=30):
            raise TimeoutError("nobody let the survey go on")
        self.finishes(self.cancelled)

    def cancel(self) -> None:
        """End it."""
        self.cancelled = True
        self.go.set()

    def join(self, timeout_s: float | None = None) -> None:
        """Wait for the thread."""
        self.thread.join(timeout_s)


def _set() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


@dataclass
class Theatre:
    """An ``Engine`` that plays: by target name, else ``GREEN``.

    Experiments do not wait; while ``pausing`` they wait for ``go_on``.
    """

    plays: dict[str, Play] = field(default_factory=dict)
    runs: list[PlayedRun] = field(default_factory=list)
    experiments: list[Experiment] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    """What was asked of services."""
    survey_result: ServicesResult = field(default_factory=surveyed)
    """What each survey finds out."""
    surveys: list[PlayedSurvey] = field(default_factory=list)
    unknown_hosts: frozenset[str] = frozenset()
    names_known: threading.Event = field(default_factory=_set)
    pausing: bool = False
    local_addresses: tuple[str, ...] = ()
    callers: tuple[Call, ...] = ()
    """They call as soon as the console listens; without any a real listener begins."""
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def prepare(self) -> None:
        """There is nothing to load."""

    def diagnose(self, target: Target, emit: Emit) -> PlayedRun:
        """Start a run on a thread of its own."""
        return self._start(target, emit, RunOptions())

    def diagnose_all(self, targets: Sequence[Target], emits: Sequence[Emit]) -> PlayedRound:
        """Start all runs, two at once."""
        played = PlayedRound(self, targets, emits)
        played.thread.start()
        return played

    def experiment(
        self, investigation: Investigation, experiment: Experiment, emit: Emit
    ) -> PlayedRun:
        """Start an experiment, without the pause that a real peer is given."""
        self.experiments.append(experiment)
        return self._start(experiment.target, emit, experiment.options, pausing=self.pausing)

    def survey(self, target: Target, asked: Asked, used: int, emit: Emit) -> PlayedSurvey:
        """Begin a survey; it ends at once, while ``pausing`` at ``go_on``."""
        self.asked.append(asked)
        result = self.survey_result
        nothing = replace(result, matrix=None, query=None, probe=None)
        emit(ServicesProgressed("run-s", STARTED, "association 1 of 4", nothing))

        def finish(cancelled: bool) -> None:
            found = replace(nothing, cancelled=True) if cancelled else result
            emit(ServicesFinished("run-s", found))

        survey = PlayedSurvey(finish)
        self.surveys.append(survey)
        if not self.pausing:
            survey.go.set()
        return survey

    def addresses_of(self, host: str) -> frozenset[str]:
        """Know every name but a few, as soon as ``names_known`` says so."""
        if not self.names_known.wait(timeout=120):
            raise TimeoutError("nobody let the names be known")
        return frozenset() if host in self.unknown_hosts else frozenset({address_of(host)})

    def name_problem(self, host: str) -> str:
        """Know every name but a few."""
        return "does not resolve here: no such name" if host in self.unknown_hosts else ""

    def nonsense_title(self) -> str:
        """One title for all, so that pictures do not differ."""
        return "NOSUCH4F1C"

    def addresses(self) -> tuple[str, ...]:
        """Those that the test gives, so that pictures do not differ."""
        return self.local_addresses

    def listen(self, config: ListenerConfig, emit: EmitListening) -> ListenerHandle:
        """Play the callers, if there are any."""
        return listen(self.callers, config, emit)

    def _start(
        self, target: Target, emit: Emit, options: RunOptions, *, pausing: bool = False
    ) -> PlayedRun:
        number = next(self._numbers)
        run_id = f"run-{number}"
        stamped = _stamp(emit, number)
        link = CannedLink(self.plays.get(target.name, GREEN), run_id, stamped)

        def play() -> None:
            if pausing:
                link.wait()
            climb(run_id, target, link, stamped, options)

        run = PlayedRun(target, threading.Thread(target=play, daemon=True), link)
        self.runs.append(run)
        run.thread.start()
        return run

    def go_on(self) -> None:
        """Let every held stage go on."""
        for run in self.runs:
            run.link.release_hold()
        for survey in self.surveys:
            survey.go.set()


class CannedLink:
    """Answers as the play says, and logs what would have passed over the wire."""

    def __init__(self, play: Play, run_id: str, emit: Emit) -> None:
        self._play = play
        self._run_id = run_id
        self._emit = emit
        self._now = 0.0
        self._cancelled = False
        self._go = threading.Event()
        self._target: Target | None = None

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
        if not self._play.lingers:
            self._go.set()

    def release_hold(self) -> None:
        """Let the held stage go on."""
        self._go.set()

    def wait(self) -> None:
        """Wait to be cancelled or released."""
        if not self._go.wait(timeout=30):
            raise TimeoutError("nobody let the experiment begin")

    def resolve(self, host: str, port: int, timeout_s: float) -> Resolution:
        """One private address for every name."""
        if self._play.fault:
            raise RuntimeError(self._play.fault)
        address = Address(address_of(host), port)
        self._hold(StageId.RESOLVE)
        if address.ip != host:
            self._note(StageId.RESOLVE, Layer.NAME, Direction.SENT, f"resolve {host}")
            self._now += 2.1
            self._note(StageId.RESOLVE, Layer.NAME, Direction.RECEIVED, f"{host}: {address.ip}")
            return Resolution(self._now, 2.1, (address,))
        return Resolution(self._now, 0.0, (address,))

    def connect(self, address: Address, timeout_s: float, options: RunOptions) -> Connection:
        """Connect, or be refused."""
        self._note(StageId.CONNECT, Layer.TCP, Direction.SENT, f"connect to {address}")
        self._hold(StageId.CONNECT)
        if self._play.lost:
            self._now += timeout_s * 1000
            message = f"no answer within {timeout_s:g} s"
            self._note(StageId.CONNECT, Layer.TCP, Direction.LOCAL, f"{address}: {message}")
            return Connection(address, self._now, timeout_s * 1000, timed_out=True, message=message)
        self._now += 1.0
        if self._play.refused:
            message = "connection refused"
            said = f"{address}: {message}"
            self._note(StageId.CONNECT, Layer.TCP, Direction.RECEIVED, said)
            return Connection(address, self._now, 1.0, errno=errno.ECONNREFUSED, message=message)
        said = f"connected from {OURS}"
        self._note(StageId.CONNECT, Layer.TCP, Direction.RECEIVED, said)
        return Connection(address, self._now, 1.0, local=OURS)

    def check_tls(self, settings: TlsSettings) -> TlsCheck:
        """Every file is there."""
        return TlsCheck()

    def secure(self, settings: TlsSettings, host: str, timeout_s: float) -> Handshake:
        """Do the handshake of the play, at its own time."""
        self._hold(StageId.TLS)
        handshake = self._play.handshake or Handshake(TlsEnding.CLOSED, 0.0, 12.0)
        self._note(StageId.TLS, Layer.TLS, Direction.SENT, f"ClientHello for {host}")
        self._now += handshake.elapsed_ms
        for alert in handshake.alerts:
            direction = Direction.RECEIVED if alert.from_peer else Direction.SENT
            self._note(StageId.TLS, Layer.TLS, direction, f"alert {alert.name}")
        return replace(handshake, at_ms=self._now)

    def associate(self, target: Target, options: RunOptions) -> Negotiation:
        """Accept, or reject."""
        self._target = target
        request = pdu_bytes.request(target.called_ae, target.calling_ae)
        self._now += 0.2
        self._wire(StageId.ASSOCIATE, Direction.SENT, request)
        answer = self._answer(StageId.ASSOCIATE, 3.8)
        if answer.ending is not Ending.ANSWERED:
            return Negotiation(answer)
        rejection = self._play.answers(target)
        if rejection is not None:
            raw = associate_rj(rejection.result, rejection.source, rejection.reason)
            self._wire(StageId.ASSOCIATE, Direction.RECEIVED, raw)
            return Negotiation(answer, rejection=rejection)
        version = self._play.implementation
        raw = pdu_bytes.accept(target.called_ae.encode().ljust(16), version=version.encode())
        self._wire(StageId.ASSOCIATE, Direction.RECEIVED, raw)
        context = ContextAnswer(
            1, VERIFICATION_SOP_CLASS, 0, "1.2.840.10008.1.2", "Implicit VR Little Endian"
        )
        return Negotiation(answer, Acceptance(16384, "1.2.3.4", version, (context,)))

    def echo(self, message_id: int) -> EchoAnswer:
        """Answer with the play's status."""
        self._now += 0.1
        self._wire(StageId.ECHO, Direction.SENT, echo_rq(message_id))
        answer = self._answer(StageId.ECHO, self._play.echo_ms)
        if answer.ending is not Ending.ANSWERED:
            return EchoAnswer(answer, message_id)
        self._wire(
            StageId.ECHO, Direction.RECEIVED, echo_rsp(1, message_id, self._play.echo_status)
        )
        for line in self._play.extra_lines:
            self._emit(line._replace(run_id=self._run_id, at_ms=self._now))
        return EchoAnswer(answer, message_id, self._play.echo_status)

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
        if self._play.held_at is stage and not self._go.wait(timeout=30):
            raise TimeoutError(f"nobody let stage {stage} go on")

    def _note(self, stage: StageId, layer: Layer, direction: Direction, text: str) -> None:
        self._emit(LogLine(self._run_id, stage, self._now, layer, direction, text))

    def _wire(self, stage: StageId, direction: Direction, raw: bytes) -> None:
        said = readable(raw)
        self._emit(
            LogLine(
                self._run_id, stage, self._now, said.layer, direction, said.text, said.details, raw
            )
        )


def _stamp(emit: Emit, number: int) -> Callable[[Event], None]:
    """Take the one clock out that a canned run still reads: that of the ladder itself."""
    started = STARTED.replace(second=(STARTED.second + number) % 60)

    def stamped(event: Event) -> None:
        match event:
            case RunStarted():
                emit(event._replace(at=started))
            case StageFinished():
                emit(event._replace(result=_without_clock(event.result)))
            case RunFinished():
                stages = tuple(map(_without_clock, event.report.stages))
                elapsed = sum(each.elapsed_ms or 0.0 for each in stages)
                report = replace(event.report, started=started, elapsed_ms=elapsed, stages=stages)
                emit(event._replace(report=report))
            case _:
                emit(event)

    return stamped


def _without_clock(result: StageResult) -> StageResult:
    if result.id is not StageId.PROFILE:
        return result
    evidence = tuple(each._replace(at_ms=0.0) for each in result.evidence)
    return result._replace(elapsed_ms=0.0, evidence=evidence)
