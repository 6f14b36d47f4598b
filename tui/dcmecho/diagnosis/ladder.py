"""Runs the stages in order, over one connection, and stops at the first failure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dcmecho.diagnosis.conclusion.conclusion import conclude
from dcmecho.diagnosis.events import (
    Detail,
    Emit,
    RunFinished,
    RunStarted,
    StageFinished,
    StageStarted,
)
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.faults import fault_text
from dcmecho.diagnosis.network.association import Acceptance, Answer, EchoAnswer, Negotiation
from dcmecho.diagnosis.network.connection import Address, Connection
from dcmecho.diagnosis.network.link import Link
from dcmecho.diagnosis.network.shortage import is_shortage, shortage_text
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.stage import StageId, StageResult, Status, ladder_of
from dcmecho.diagnosis.stages import (
    ae_title,
    associate,
    connect,
    context,
    echo,
    profile,
    release,
    resolve,
)
from dcmecho.diagnosis.stages.outcome import (
    Outcome,
    cancelled,
    failed,
    from_vantage,
    vantage_failed,
)
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.vantage.vantage import VantageFailure, VantageReached

if TYPE_CHECKING:
    from dcmecho.diagnosis.target.tls import Handshake, TlsSettings

RESOLVE_TIMEOUT_S = 5.0
"""Without a limit of our own, a DNS server that does not answer costs 10 s or more."""

_LEFT_TO_THE_CALLER = (StageId.CONTEXT, StageId.ECHO)


UseAssociation = Callable[[Acceptance], bool]
"""Uses an accepted association; returns whether it is still open and must be released."""


def climb(
    run_id: str,
    target: Target,
    link: Link,
    emit: Emit,
    options: RunOptions,
    use: UseAssociation | None = None,
    detail: Detail = Detail.LOG,
) -> Report:
    """Check ``target`` through ``link``. Raises nothing: a bug in dcmecho becomes a report.

    If ``use`` is given, it replaces what follows acceptance: Verification and C-ECHO. ``detail``
    says which of its events ``emit`` wants; the lines of the log are the link's.
    """
    return _Climb(run_id, target, link, emit, options, use, detail).run()


class _LadderEnds(Exception):
    """No further stage runs; the last result has the reason."""


class _Climb:
    def __init__(
        self,
        run_id: str,
        target: Target,
        link: Link,
        emit: Emit,
        options: RunOptions,
        use: UseAssociation | None,
        detail: Detail,
    ) -> None:
        self._run_id = run_id
        self._target = target
        self._link = link
        self._emit = emit
        self._options = options
        self._use = use
        self._tells_steps = detail is not Detail.REPORT
        self._stage = StageId.PROFILE
        self._results: dict[StageId, StageResult] = {}

    def run(self) -> Report:
        started = datetime.now(UTC)
        if self._tells_steps:
            self._emit(RunStarted(self._run_id, started, self._target))
        try:
            self._climb()
        except _LadderEnds:
            pass
        except Exception as error:
            self._tell(self._result(_internal_error(error, self._link.now_ms())))
        finally:
            self._link.close()
        ladder = ladder_of(self._target)
        for stage in ladder:
            if stage not in self._results:
                self._tell(StageResult(stage, Status.NOT_REACHED, "not reached"))
        stages = tuple(self._results[stage] for stage in ladder)
        report = self._conclude(started, stages)
        self._emit(RunFinished(self._run_id, report))
        return report

    def _conclude(self, started: datetime, stages: tuple[StageResult, ...]) -> Report:
        elapsed_ms = self._link.now_ms()
        try:
            return conclude(self._run_id, started, elapsed_ms, self._target, stages)
        except Exception as error:
            fault = _bug(error, elapsed_ms)
            first = stages[0]._replace(
                status=fault.status, summary=fault.summary, evidence=fault.evidence
            )
            return conclude(self._run_id, started, elapsed_ms, self._target, (first, *stages[1:]))

    def _climb(self) -> None:
        target, link = self._target, self._link
        self._begin(StageId.PROFILE)
        check = link.check_tls(target.tls) if target.tls else None
        self._end(profile.judge(target, check, datetime.now(UTC), self._link.now_ms()))

        self._begin(StageId.RESOLVE)
        reached = self._reach()
        host = self._options.peer_address or target.host
        resolution = link.resolve(host, target.port, RESOLVE_TIMEOUT_S)
        judged = resolve.judge(host, resolution)
        self._end(from_vantage(judged, reached, link.now_ms()))

        self._begin(StageId.CONNECT)
        self._end(connect.judge(self._attempts(resolution.addresses)))

        handshake = self._secure(target.tls) if target.tls else None

        self._begin(StageId.ASSOCIATE)
        negotiation = link.associate(target, self._options)
        answered = associate.judge(negotiation)
        if target.tls and handshake:
            answered = self._after_handshake(target.tls, handshake, negotiation.answer, answered)
        self._end(answered)

        self._begin(StageId.AE_TITLE)
        self._end(ae_title.judge(target, negotiation))

        if self._use is not None and negotiation.acceptance is not None:
            for stage in _LEFT_TO_THE_CALLER:
                self._tell(StageResult(stage, Status.SKIPPED, "not asked"))
            if not self._use(negotiation.acceptance):
                raise _LadderEnds
        else:
            self._verify(negotiation)

        self._begin(StageId.RELEASE)
        if self._options.abort:
            link.abort()
            self._end(release.aborted(self._link.now_ms()))
        else:
            self._end(release.judge(link.release()))

    def _reach(self) -> VantageReached | None:
        """Reach the machine from which the peer is asked; without it the ladder ends."""
        reached = self._link.reach()
        if isinstance(reached, VantageFailure):
            self._end(vantage_failed(reached, self._link.now_ms()))
        return reached if isinstance(reached, VantageReached) else None

    def _verify(self, negotiation: Negotiation) -> None:
        self._begin(StageId.CONTEXT)
        self._end(context.judge(negotiation))

        self._begin(StageId.ECHO)
        self._end(echo.judge(self._echoes()))

    def _secure(self, settings: TlsSettings) -> Handshake:
        from dcmecho.diagnosis.stages import tls

        self._begin(StageId.TLS)
        target = self._target
        handshake = self._link.secure(settings, target.host, target.connect_timeout_s)
        self._end(tls.judge(handshake, settings, target.host, datetime.now(UTC)))
        return handshake

    def _after_handshake(
        self, settings: TlsSettings, handshake: Handshake, answer: Answer, judged: Outcome
    ) -> Outcome:
        """Return ``judged``, with what it can mean for the client certificate.

        Ends at stage ``tls`` if the answer is the peer's refusal of that certificate.
        """
        from dcmecho.diagnosis.stages import tls

        if tls.belongs_to_tls(answer, handshake):
            self._stage = StageId.TLS
            self._end(tls.refused_later(answer, handshake, settings, self._target.host))
        return tls.with_certificate(judged, handshake)

    def _attempts(self, addresses: Iterable[Address]) -> tuple[Connection, ...]:
        """Try the addresses in order until one connects."""
        attempts: list[Connection] = []
        for address in addresses:
            timeout_s = self._target.connect_timeout_s
            attempts.append(self._link.connect(address, timeout_s, self._options))
            last = attempts[-1]
            if last.connected or last.no_turn or last.forbidden or self._link.cancelled:
                break
        return tuple(attempts)

    def _echoes(self) -> tuple[EchoAnswer, ...]:
        """Send the requested number of C-ECHOs on one association, until one fails."""
        answers: list[EchoAnswer] = []
        for message_id in range(1, self._options.repeat + 1):
            answers.append(self._link.echo(message_id))
            if not echo.succeeded(answers[-1]):
                break
        return tuple(answers)

    def _begin(self, stage: StageId) -> None:
        self._stage = stage
        if self._tells_steps:
            self._emit(StageStarted(self._run_id, stage, self._link.now_ms()))

    def _end(self, outcome: Outcome) -> None:
        """Report the end of the stage. Raises :class:`_LadderEnds` if no further stage runs."""
        if not outcome.status.is_success:
            outcome = self._unless_over(outcome)
        self._tell(self._result(outcome))
        if not outcome.status.is_success or self._stage is self._options.last_stage:
            raise _LadderEnds

    def _unless_over(self, outcome: Outcome) -> Outcome:
        """Return ``outcome``, or what ended the run and says nothing about the peer."""
        at_ms = self._link.now_ms()
        if failure := self._link.vantage_failure:
            return vantage_failed(failure, at_ms)
        return cancelled(at_ms) if self._link.cancelled else outcome

    def _result(self, outcome: Outcome) -> StageResult:
        return StageResult(
            self._stage, outcome.status, outcome.summary, outcome.elapsed_ms, outcome.evidence
        )

    def _tell(self, result: StageResult) -> None:
        self._results[result.id] = result
        if self._tells_steps:
            self._emit(StageFinished(self._run_id, result))


def _internal_error(error: Exception, at_ms: float) -> Outcome:
    if is_shortage(error):
        return failed(Evidence(EvidenceKind.LOCAL_SHORTAGE, at_ms, shortage_text(error)))
    return _bug(error, at_ms)


def _bug(error: Exception, at_ms: float) -> Outcome:
    return failed(Evidence(EvidenceKind.INTERNAL_ERROR, at_ms, fault_text(error)))
