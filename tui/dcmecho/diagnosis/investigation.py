"""A first run and the experiments after it, within a budget that the code keeps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import ip_address

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.conclusion.conclusion import conclude
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.experiments.answers import AnswerKind, answer_of
from dcmecho.diagnosis.experiments.differential import broken, confirmation
from dcmecho.diagnosis.experiments.plans import (
    Attempt,
    Experiment,
    OperatorSetup,
    possible_experiments,
)
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.sanitize import printable
from dcmecho.diagnosis.verdict import VerdictStatus

MAX_ASSOCIATIONS = 18
"""At most so many in one diagnosis, the first one counted."""

PAUSE_S = 1.0
"""At least so long between two associations with a peer."""


@dataclass(frozen=True, slots=True)
class Investigation:
    """Frozen: each experiment's result makes the next one. ``report`` is what is known now."""

    first: Report
    operator_setup: OperatorSetup
    attempts: tuple[Attempt, ...]
    report: Report

    @classmethod
    def of(cls, first: Report, operator_setup: OperatorSetup) -> Investigation:
        """Begin with a finished first run."""
        used = _address_of(first)
        others = tuple(each for each in operator_setup.addresses if _is_another(each, used))
        options = replace(operator_setup.options, peer_address=_one_of_several(first))
        operator_setup = replace(operator_setup, addresses=others, options=options)
        return cls(first, operator_setup, (Attempt(None, first.stages),), first)

    @property
    def refusal(self) -> str:
        """Why no experiment may be made at all; empty where they may."""
        target = self.first.target
        if target.do_not_probe:
            return f"not probed: {printable(target.do_not_probe)}"
        if target.no_experiments:
            return f"no experiments here: {printable(target.no_experiments)}"
        if len(self.attempts) >= MAX_ASSOCIATIONS:
            return f"no more experiments: {MAX_ASSOCIATIONS} associations were made"
        if broken(self.attempts):
            return "no more experiments: the peer does not always answer one request alike"
        return ""

    @property
    def settled(self) -> bool:
        """True where the cause of a failure is proven, and there is nothing left to split."""
        failed = self.report.verdict.status is VerdictStatus.FAILED
        return failed and any(c.confidence is Confidence.PROVEN for c in self.report.causes)

    def possible(self) -> tuple[Experiment, ...]:
        """What may be asked next, the one that splits most first. Empty where refused."""
        ended_well = self.first.verdict.status in (
            VerdictStatus.OK,
            VerdictStatus.WARNING,
            VerdictStatus.FAILED,
        )
        if self.refusal or not ended_well:
            return ()
        further = possible_experiments(self.attempts, self.first.target, self.operator_setup)
        return further if self.confirmation is None else (self.confirmation, *further)

    @property
    def confirmation(self) -> Experiment | None:
        """What to ask again before a difference counts as a proof; ``None`` for nothing."""
        return confirmation(self.attempts, self.first.target, self.operator_setup)

    @property
    def is_for_the_moment(self) -> bool:
        """True where the peer refused for now: however sure the cause, it may pass by itself."""
        return answer_of(self.first.stages) is AnswerKind.REJECTED_FOR_NOW

    @property
    def next(self) -> Experiment | None:
        """What to ask next, ``None`` where there is nothing to split."""
        failed = self.report.verdict.status is VerdictStatus.FAILED
        told = self.settled or (failed and len(self.report.causes) < 2)
        if told and not (self.is_for_the_moment or self.confirmation):
            return None
        return next(iter(self.possible()), None)

    def with_result(self, experiment: Experiment, report: Report) -> Investigation:
        """The investigation after ``experiment`` ended with ``report``.

        One that was cancelled, got no turn or failed on our side tells nothing and is not counted.
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
    """Our address in a run, empty where nothing was connected."""
    for evidence in (each for stage in report.stages for each in stage.evidence):
        if evidence.kind is EvidenceKind.TCP_CONNECTED:
            return str(evidence.data["local"]).rpartition(":")[0].strip("[]")
    return ""


def _one_of_several(report: Report) -> str:
    """The address that a run reached, where the host's name has others too: they take turns."""
    several, reached = False, ""
    for evidence in (each for stage in report.stages for each in stage.evidence):
        if evidence.kind is EvidenceKind.NAME_RESOLVED:
            addresses = evidence.data["addresses"]
            several = isinstance(addresses, list) and len(addresses) > 1
        elif evidence.kind is EvidenceKind.TCP_CONNECTED:
            reached = str(evidence.data["peer"]).rpartition(":")[0].strip("[]")
    # A link-local address is none without its interface, which the evidence does not name.
    return reached if several and not reached.lower().startswith("fe80:") else ""


def _is_another(address: str, used: str) -> bool:
    """True where a peer that ``used`` reached can be asked from ``address`` too."""
    if not used or address == used:
        return False
    one, other = ip_address(address), ip_address(used)
    return one.version == other.version and one.is_loopback == other.is_loopback
