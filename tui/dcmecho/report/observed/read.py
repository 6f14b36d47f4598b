"""What captures tell of associations, as plain text: failures on top, alike ones together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dcmecho.capture.associations.reading import ReadCapture
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.observed.association import Alike, ObservedAssociation
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.report.observed.association import association_parts, facts_line
from dcmecho.report.page import Gap, Heading, Item, Part, Text
from dcmecho.report.plain import plain_lines

_NOTHING = "No DICOM association in it."
_MOST_FINE = 50
_ORDER = (VerdictStatus.FAILED, VerdictStatus.UNKNOWN, VerdictStatus.OK)


def render(found: ReadCapture) -> str:
    """Return all that is told; it ends with a newline."""
    return "".join(f"{line}\n" for line in plain_lines(_parts(found)))


def _parts(found: ReadCapture) -> Iterator[Part]:
    yield Heading(_summary(found))
    yield from _reading(found)
    groups = grouped(found.associations)
    fine = 0
    for group in sorted(groups, key=lambda each: _ORDER.index(each[0].report.verdict.status)):
        if group[0].report.verdict.status is VerdictStatus.OK:
            fine += 1
            if fine == 1:
                yield Gap()
                yield Heading("Without a failure")
            if fine <= _MOST_FINE:
                yield Text(facts_line(counted(group)))
            continue
        yield Gap()
        yield from association_parts(counted(group))
    if fine > _MOST_FINE:
        yield Text(f"and {count(fine - _MOST_FINE, 'other kind')}")


def _summary(found: ReadCapture) -> str:
    if not found.associations:
        return _NOTHING
    statuses = [each.report.verdict.status for each in found.associations]
    parts = [count(len(statuses), "association")]
    if failed := statuses.count(VerdictStatus.FAILED):
        parts.append(f"{failed} failed")
    if unknown := statuses.count(VerdictStatus.UNKNOWN):
        parts.append(f"{unknown} with an unknown end")
    return ", ".join(parts)


def _reading(found: ReadCapture) -> Iterator[Part]:
    """Yield what is to be known of the capture itself."""
    facts = found.facts
    words = f"{count(facts.frames, 'frame')} ({facts.form})"
    if found.others:
        words += f", {count(found.others, 'other conversation')}"
    yield Text(words)
    if facts.damaged:
        yield Item("damaged:", f"{facts.damaged}; what is before that was read")
    if facts.cut:
        yield Item("cut:", f"{count(facts.cut, 'frame')}, the shortest after {facts.snaplen} bytes")
    if facts.duplicates:
        yield Item("twice:", f"{count(facts.duplicates, 'frame')} captured twice, counted once")
    for what, frames in facts.not_read[:3]:
        yield Item("not read:", f"{what}: {count(frames, 'frame')}")


def grouped(associations: Sequence[ObservedAssociation]) -> list[list[ObservedAssociation]]:
    """Put together those that ended alike."""
    groups: dict[tuple[object, ...], list[ObservedAssociation]] = {}
    for each in associations:
        report = each.report
        key = (
            report.verdict,
            tuple(cause.id for cause in each.causes),
            each.service,
            report.target,
            each.client.rpartition(":")[0],
        )
        groups.setdefault(key, []).append(each)
    return list(groups.values())


def counted(group: Sequence[ObservedAssociation]) -> ObservedAssociation:
    """Return the first of associations that ended alike, with how many there are."""
    first, last = group[0], group[-1]
    if len(group) == 1:
        return first
    since = first.report.started if first.is_time_known else None
    until = last.report.started if last.is_time_known else None
    return replace(first, alike=Alike(len(group), since, until))
