"""The logs of the associations in a capture, in the form of ``-v`` and ``-d`` of a check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dcmecho.diagnosis.observed.association import ObservedAssociation
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.report.observed.association import facts_line
from dcmecho.report.steps import details


def logs(associations: Iterable[ObservedAssociation], *, whole: bool) -> Iterator[str]:
    """Yield each association and what passed; ``whole``: with all fields and the bytes."""
    yield "I: > is sent by the client, < by the server"
    for number, each in enumerate(associations, start=1):
        yield f"I: association {number}: {facts_line(each)}"
        yield from _log(each, whole=whole)
        yield f"{_sign(each)}: {each.report.verdict.title}"


def _log(observed: ObservedAssociation, *, whole: bool) -> Iterator[str]:
    for line in observed.log:
        shown = details(line)
        if whole:
            yield from shown
        else:
            yield f"I{next(shown)[1:]}"


def _sign(observed: ObservedAssociation) -> str:
    return "E" if observed.report.verdict.status is VerdictStatus.FAILED else "I"
