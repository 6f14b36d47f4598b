"""The summary of many targets as plain ASCII text: failures by stage and cause, then counts.

If one broken switch makes forty targets fail, the reader sees one group of forty.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from dcmecho.diagnosis.cause import Cause, CauseId, Confidence
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.report.diagnose import name_of
from dcmecho.report.wrapping import wrap

_LISTED = 50
"""Maximum targets named in one group; the others are counted."""

_LISTED_OK = 20
"""Maximum targets named in one line: healthy ones, and those that began to fail together."""

_WORST_FIRST = (
    VerdictStatus.FAILED,
    VerdictStatus.ERROR,
    VerdictStatus.WARNING,
    VerdictStatus.CANCELLED,
    VerdictStatus.UNKNOWN,
)

_INDENT = " " * 12


@dataclass(frozen=True, slots=True)
class _Kind:
    """The values that the reports of one group share."""

    status: VerdictStatus
    stage: StageId
    causes: tuple[tuple[CauseId, Confidence], ...]
    is_forbidden: bool


def render(
    reports: Sequence[Report],
    unchecked: int = 0,
    failing_since: Sequence[datetime | None] = (),
) -> str:
    """Return the summary, ending with a newline. ``unchecked`` targets have no report.

    ``failing_since`` says it of the target of each report; empty if that is not known.
    """
    lines: list[str] = []
    if any(failing_since):
        lines += _beginnings(reports, failing_since)
    for kind, members in _groups(reports):
        lines += [*_group(kind, members), ""]
    lines += _ok([report for report in reports if report.verdict.status is VerdictStatus.OK])
    lines.append(_counts(reports, unchecked))
    if any(report.verdict.status is not VerdictStatus.OK for report in reports):
        lines.append("dcmecho check NAME prints the full report on one target.")
    return "\n".join(lines) + "\n"


def _beginnings(reports: Sequence[Report], since: Sequence[datetime | None]) -> Iterator[str]:
    """Yield which failures began together, and what those targets share."""
    from dcmecho.report.history.together import beginning_words, begun_together

    now = max(report.started for report in reports)
    for group in begun_together(reports, since):
        shared = f", {group.all_words}" if group.shared else ""
        yield from wrap(f"{beginning_words(group, now)}{shared}:", "", "  ")
        yield from _names([reports[number] for number in sorted(group.keys)])
        yield ""


def _names(reports: Sequence[Report]) -> Iterator[str]:
    more = f" and {len(reports) - _LISTED_OK} more" if len(reports) > _LISTED_OK else ""
    names = ", ".join(name_of(report.target) for report in reports[:_LISTED_OK])
    yield from wrap(names + more, "  ", "  ")


def _groups(reports: Iterable[Report]) -> list[tuple[_Kind, list[Report]]]:
    """Group the reports that are not OK, the worst status first, then the largest group."""
    found: dict[_Kind, list[Report]] = {}
    for report in reports:
        if report.verdict.status is not VerdictStatus.OK:
            found.setdefault(_kind(report), []).append(report)
    return sorted(
        found.items(),
        key=lambda group: (
            group[0].is_forbidden,
            _WORST_FIRST.index(group[0].status),
            -len(group[1]),
        ),
    )


def _kind(report: Report) -> _Kind:
    causes = tuple((cause.id, cause.confidence) for cause in report.causes)
    verdict = report.verdict
    return _Kind(verdict.status, verdict.stage, causes, verdict.is_forbidden)


def _group(kind: _Kind, members: Sequence[Report]) -> Iterator[str]:
    failed = f"{kind.status.capitals} at {kind.stage.row.label}"
    head = "NOT CHECKED, forbidden by do_not_probe" if kind.is_forbidden else failed
    yield f"{head}: {count(len(members), 'target')}"
    width = min(28, max(len(name_of(report.target)) for report in members))
    for report in members[:_LISTED]:
        yield from wrap(f"{name_of(report.target):{width}}  {report.verdict.title}", "  ", _INDENT)
    if len(members) > _LISTED:
        yield f"  and {len(members) - _LISTED} more"
    if members[0].causes:
        first = members[0].causes[0]
        proven = "  Symptom" if first.is_symptom else "  Cause"
        yield proven if first.confidence is Confidence.PROVEN else "  Possible causes"
        for alike in zip(*(report.causes for report in members), strict=True):
            yield from _cause(alike, name_of(members[0].target))


def _cause(alike: Sequence[Cause[CauseId]], name: str) -> Iterator[str]:
    """Yield one cause of a group of targets, and its first action."""
    first = alike[0]
    confidence = f"{first.confidence:8}"
    title = _shared([cause.title for cause in alike], name)
    yield from wrap(f"{confidence}  {title}  ({first.who.words})", "  ", _INDENT)
    if first.actions:
        action = _shared([cause.actions[0] for cause in alike], name)
        yield from wrap(action, " " * 10 + "- ", _INDENT)


def _shared(texts: Sequence[str], name: str) -> str:
    """Return the text if all are equal, else the first one with the ``name`` it is about."""
    return texts[0] if len(set(texts)) == 1 else f"for {name}: {texts[0]}"


def _ok(reports: Sequence[Report]) -> Iterator[str]:
    if not reports:
        return
    times = [
        (elapsed_ms, name_of(report.target))
        for report in reports
        if (elapsed_ms := report.stage(StageId.ECHO).elapsed_ms) is not None
    ]
    yield f"OK: {count(len(reports), 'target')}"
    yield from _names(reports)
    if len(times) > 1:
        middle = statistics.median(elapsed_ms for elapsed_ms, _ in times)
        slowest_ms, slowest = max(times)
        yield from wrap(
            f"C-ECHO took {duration(middle)} (median), {duration(slowest_ms)} at most ({slowest})",
            "  ",
            "  ",
        )
    yield ""


def _counts(reports: Sequence[Report], unchecked: int) -> str:
    parts = []
    forbidden = sum(report.verdict.is_forbidden for report in reports)
    for status in (*_WORST_FIRST, VerdictStatus.OK):
        number = sum(report.verdict.status is status for report in reports)
        number -= forbidden if status is VerdictStatus.FAILED else 0
        if number:
            parts.append(f"{number} {status.capitals}")
    if unchecked + forbidden:
        parts.append(f"{unchecked + forbidden} not checked")
    return f"{count(len(reports) + unchecked, 'target')}: {', '.join(parts)}"
