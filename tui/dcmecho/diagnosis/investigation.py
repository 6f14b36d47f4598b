"""A first run and the experiments after it, within a limited number of associations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.conclusion.conclusion import conclude
from dcmecho.diagnosis.conclusion.narrowing import shown_by_experiments
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.experiments.answers import REJECTED_TRANSIENTLY, AnswerKind, answer_of
from dcmecho.diagnosis.experiments.choosing import Situation
from dcmecho.diagnosis.experiments.confirming import REPEATS
from dcmecho.diagnosis.experiments.differential import (
    broken,
    confirmation,
    is_repeated,
    unconfirmed,
)
from dcmecho.diagnosis.experiments.plans import (
    Attempt,
    Experiment,
    OperatorSetup,
    possible_experiments,
)
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.verdict import VerdictStatus

MAX_ASSOCIATIONS = 18
"""Maximum associations in one diagnosis, including the first."""

PAUSE_S = 1.0
"""Minimum pause between two associations with a peer, in seconds."""


@dataclass(frozen=True, slots=True)
class Investigation:
    """A first run and its experiments; ``report`` is the diagnosis so far.

    Frozen: :meth:`with_result` returns a new one.
    """

    first: Report
    operator_setup: OperatorSetup
    attempts: tuple[Attempt, ...]
    report: Report

    @classmethod
    def of(cls, first: Report, operator_setup: OperatorSetup) -> Investigation:
        """Return the investigation that begins with a finished first run."""
        used = _address_of(first)
        others = tuple(each for each in operator_setup.addresses if _is_another(each, used))
        options = replace(operator_setup.options, peer_address=_one_of_several(first))
        operator_setup = replace(operator_setup, addresses=others, options=options)
        return cls(first, operator_setup, (Attempt(None, first.stages),), first)

    @property
    def refusal(self) -> str:
        """Return why no experiment is allowed; empty if experiments are allowed."""
        target = self.first.target
        if target.do_not_probe:
            return target.not_checked
        if self.first.verdict.finding is EvidenceKind.DO_NOT_PROBE:
            return self.first.verdict.title
        if target.no_experiments:
            return f"experiments are off: {target.shown_no_experiments}"
        if len(self.attempts) >= MAX_ASSOCIATIONS:
            return f"no more experiments: the limit of {MAX_ASSOCIATIONS} associations is reached"
        if broken(self.attempts):
            return "no more experiments: the peer gives different answers to the same request"
        if unconfirmed(self.attempts):
            return "no more experiments: the peer was too busy to confirm a difference"
        return ""

    @property
    def settled(self) -> bool:
        """Report whether the cause of a failure is proven, so no experiment is needed.

        That a port refuses is proven, and yet it may be open again in a moment.
        """
        failed = self.report.verdict.status is VerdictStatus.FAILED
        proven = any(cause.confidence is Confidence.PROVEN for cause in self.report.causes)
        return failed and proven and not self._is_refused

    def possible(self) -> tuple[Experiment, ...]:
        """Return the experiments that can be run next, the most useful first.

        Empty if :attr:`refusal` forbids them.
        """
        ended_well = self.first.verdict.status in (
            VerdictStatus.OK,
            VerdictStatus.WARNING,
            VerdictStatus.FAILED,
        )
        if self.refusal or not ended_well:
            return ()
        planned = possible_experiments(self.attempts, self.first.target, self.operator_setup)
        further = self._situation.most_telling_first(planned)
        return tuple(further if self.confirmation is None else (self.confirmation, *further))

    def worthwhile(self) -> tuple[Experiment, ...]:
        """Return those of the possible experiments that are expected to tell enough."""
        possible = self.possible()
        if self._takes_all:
            return possible
        repeat = [each for each in possible if each == self.confirmation]
        return (*repeat, *self._situation.worthwhile(possible))

    def most_to_follow(self, possible: Sequence[Experiment]) -> int:
        """Return how many associations can follow at most, if only ``possible`` ones are chosen.

        At worst each of them is needed, and the last one differs and is confirmed.
        """
        left = possible if self._takes_all else self._situation.telling(possible)
        repeats = REPEATS if any(map(is_repeated, left)) else 0
        return min(len(left) + repeats, MAX_ASSOCIATIONS - len(self.attempts))

    @property
    def confirmation(self) -> Experiment | None:
        """Return the request to repeat before a difference counts as proof, or ``None``."""
        return confirmation(self.attempts, self.first.target, self.operator_setup)

    @property
    def is_temporary(self) -> bool:
        """Report whether the peer rejected for now: the problem might end without any change."""
        return answer_of(self.first.stages) in REJECTED_TRANSIENTLY

    @property
    def _is_refused(self) -> bool:
        """Report whether the port refuses: some servers close it while they are busy (odil)."""
        return answer_of(self.first.stages) is AnswerKind.TCP_REFUSED

    @property
    def next(self) -> Experiment | None:
        """Return the next experiment to run, or ``None`` if none would narrow the causes down."""
        failed = self.report.verdict.status is VerdictStatus.FAILED
        is_clear = self.settled or (failed and len(self.report.causes) < 2)
        if is_clear and not (self.is_temporary or self._is_refused or self.confirmation):
            return None
        return next(iter(self.worthwhile()), None)

    @property
    def _takes_all(self) -> bool:
        """Report whether every experiment is run, because there are no causes to tell apart."""
        failed = self.first.verdict.status is VerdictStatus.FAILED
        return not failed or self.is_temporary or self._is_refused

    @property
    def _situation(self) -> Situation:
        first = tuple((cause.id, cause.confidence) for cause in self.first.causes)
        return Situation(first, self.attempts)

    @property
    def shown(self) -> str:
        """Return what the experiments have shown so far; empty before the first."""
        run = len(self.attempts) - 1
        is_last = self.next is None and not self.refusal
        causes = self.first.causes, self.report.causes
        return shown_by_experiments(*causes, run, is_last=is_last) if run else ""

    def with_result(self, experiment: Experiment, report: Report) -> Investigation:
        """Return the investigation after ``experiment`` ended with ``report``.

        An experiment that was cancelled, got no turn at the peer or met a bug is not counted.
        """
        if report.verdict.status in (VerdictStatus.CANCELLED, VerdictStatus.ERROR):
            return self
        attempts = (*self.attempts, Attempt(experiment, report.stages))
        first = self.first
        concluded = conclude(
            first.run_id, first.started, first.elapsed_ms, first.target, first.stages, attempts
        )
        return replace(self, attempts=attempts, report=concluded)


def _address_of(report: Report) -> str:
    """Return the local address of a run; empty if no connection was opened."""
    for evidence in (each for stage in report.stages for each in stage.evidence):
        if evidence.kind is EvidenceKind.TCP_CONNECTED:
            return str(evidence.data["local"]).rpartition(":")[0].strip("[]")
    return ""


def _one_of_several(report: Report) -> str:
    """Return the address that a run reached if the host has several, else an empty text.

    Several addresses can take turns, so experiments must all use the same one.
    """
    several, reached = False, ""
    for evidence in (each for stage in report.stages for each in stage.evidence):
        if evidence.kind is EvidenceKind.NAME_RESOLVED:
            addresses = evidence.data["addresses"]
            several = isinstance(addresses, list) and len(addresses) > 1
        elif evidence.kind is EvidenceKind.TCP_CONNECTED:
            reached = str(evidence.data["peer"]).rpartition(":")[0].strip("[]")
    # A link-local address is unusable without its interface, which the evidence does not name.
    return reached if several and not reached.lower().startswith("fe80:") else ""


def _is_another(address: str, used: str) -> bool:
    """Report whether ``address`` can also reach a peer that ``used`` has reached."""
    if not used or address == used:
        return False
    one, other = ip_address(address), ip_address(used)
    return one.version == other.version and one.is_loopback == other.is_loopback
