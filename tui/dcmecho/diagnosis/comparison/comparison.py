"""One peer, asked from several machines: where they first differ, and what that leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dcmecho.diagnosis.cause import Cause, CauseId, Confidence
from dcmecho.diagnosis.comparison.seen import (
    Seen,
    addresses_of,
    own_address_of,
    seen_of,
    was_asked,
)
from dcmecho.diagnosis.network.connection import NameFailure
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId, ladder_of
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.vantage.vantage import HERE


class Comparison(NamedTuple):
    """The reports on one target, in the order of the vantage points that were asked for."""

    reports: tuple[Report, ...]
    differs_at: StageId | None
    """The first stage that is not the same from everywhere, if there is one."""
    causes: tuple[Cause[CauseId], ...]
    """What only several vantage points can show."""

    @property
    def target(self) -> Target:
        """The target, as the first vantage point asked it."""
        return self.reports[0].target

    @property
    def is_known(self) -> bool:
        """Report whether it could be asked from at least one vantage point."""
        return any(map(was_asked, self.reports))


def compare(reports: Sequence[Report]) -> Comparison:
    """Compare reports on the same peer, each from another machine. No I/O."""
    asked = [report for report in reports if was_asked(report)]
    differs_at = next(_differing(asked), None)
    return Comparison(tuple(reports), differs_at, tuple(_causes(asked)))


def vantage_of(report: Report) -> str:
    """Return the name of the vantage point that a report is from."""
    return report.target.vantage or HERE


def stages_of(reports: Sequence[Report]) -> tuple[StageId, ...]:
    """Return the stages that a comparison shows: those that ask the network."""
    ladder = ladder_of(reports[0].target)
    return tuple(stage for stage in ladder if stage not in (StageId.PROFILE, StageId.RELEASE))


def _differing(reports: Sequence[Report]) -> Iterator[StageId]:
    """Yield the stages whose facts are not equal."""
    for stage in stages_of(reports) if reports else ():
        if len({seen_of(report, stage).facts for report in reports}) > 1:
            yield stage


class _Pair(NamedTuple):
    """A vantage point that failed at ``stage``, and one that passed it."""

    stage: StageId
    failed: Report
    works: Report
    seen: Seen
    """What the one that failed saw there."""


def _pairs(reports: Sequence[Report]) -> Iterator[_Pair]:
    for stage in stages_of(reports) if reports else ():
        seen = [(report, seen_of(report, stage)) for report in reports]
        works = next((report for report, each in seen if each.passed), None)
        if works is None:
            continue
        for report, each in seen:
            if each.facts and not each.passed:
                yield _Pair(stage, report, works, each)


def _causes(reports: Sequence[Report]) -> Iterator[Cause[CauseId]]:
    # Imported here because a comparison without a difference needs no words.
    from dcmecho.diagnosis.causes.texts import CAUSES
    from dcmecho.diagnosis.conclusion.conclusion import values_of

    found: dict[CauseId, tuple[Confidence, _Pair]] = {}
    for pair in _pairs(reports):
        for cause, confidence in _suspects(pair):
            found.setdefault(cause, (confidence, pair))
    for cause, (confidence, pair) in found.items():
        failed = pair.failed
        values = values_of(failed.target, failed.started, failed.stages) | _values(pair)
        yield CAUSES.describe(cause, confidence, values)


def _suspects(pair: _Pair) -> Iterator[tuple[CauseId, Confidence]]:
    """Yield what one vantage point that fails and one that does not leave, the likelier first."""
    names_differ = addresses_of(pair.failed) != addresses_of(pair.works)
    if pair.stage is StageId.RESOLVE:
        # A lookup that was not answered says nothing of the name.
        is_known = pair.seen.facts == (NameFailure.NOT_FOUND.value,)
        sure = Confidence.PROVEN if is_known else Confidence.POSSIBLE
        yield CauseId.PATH_NAME_DIFFERS, sure
        return
    if names_differ:
        yield CauseId.PATH_NAME_DIFFERS, Confidence.LIKELY
    if pair.stage in (StageId.CONNECT, StageId.TLS) or _is_lost(pair):
        sure = Confidence.POSSIBLE if names_differ else Confidence.LIKELY
        yield CauseId.PATH_BLOCKED_FROM, sure
        return
    if pair.failed.target.calling_ae == pair.works.target.calling_ae:
        yield CauseId.PATH_ADDRESS_NOT_REGISTERED, Confidence.LIKELY
        yield CauseId.PATH_TITLE_PER_ADDRESS, Confidence.POSSIBLE
    else:
        yield CauseId.PATH_TITLE_PER_ADDRESS, Confidence.LIKELY
        yield CauseId.PATH_ADDRESS_NOT_REGISTERED, Confidence.POSSIBLE
    if pair.stage is StageId.ASSOCIATE:
        yield CauseId.PATH_BLOCKED_FROM, Confidence.POSSIBLE


def _is_lost(pair: _Pair) -> bool:
    """Report whether the peer's machine did not even acknowledge what was sent to it."""
    finding = pair.failed.stage(pair.stage).evidence[0]
    return finding.data.get("acknowledged") is False


def _values(pair: _Pair) -> dict[str, str]:
    return {
        "works_from": _place(pair.works),
        "fails_from": _place(pair.failed),
        "works_as": pair.works.target.calling_ae,
        "fails_with": pair.seen.text,
        "addresses_there": ", ".join(addresses_of(pair.failed)) or "no address",
        "addresses_here": ", ".join(addresses_of(pair.works)) or "no address",
    }


def _place(report: Report) -> str:
    name = "this machine" if not report.target.vantage else report.target.vantage
    address = own_address_of(report)
    return f"{name} ({address})" if address else name
