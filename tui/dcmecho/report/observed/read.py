"""What captures tell of associations, as plain text: failures on top, alike ones together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dcmecho.capture.associations.reading import ReadCapture
from dcmecho.diagnosis.conclusion.clock import moment
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.observed.association import ObservedAssociation
from dcmecho.diagnosis.sanitize import title_words
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.report.diagnose import verdict_line
from dcmecho.report.page import Explained, Gap, Heading, Item, Part, Text, bullets, causes_heading
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
    groups = _alike(found.associations)
    fine = 0
    for group in sorted(groups, key=lambda each: _ORDER.index(each[0].report.verdict.status)):
        if group[0].report.verdict.status is VerdictStatus.OK:
            fine += 1
            if fine == 1:
                yield Gap()
                yield Heading("Without a failure")
            if fine <= _MOST_FINE:
                yield Text(_line(group))
            continue
        yield Gap()
        yield from _failure(group)
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


def _alike(associations: Sequence[ObservedAssociation]) -> list[list[ObservedAssociation]]:
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


def _failure(group: list[ObservedAssociation]) -> Iterator[Part]:
    first = group[0]
    yield Heading(verdict_line(first.report))
    yield Text(_line(group))
    for evidence in first.report.stages[0].evidence[1:4]:
        yield Item("packets:", evidence.text)
    if first.causes:
        yield Gap()
        yield Heading(causes_heading(first.causes))
        surest = first.causes[0].confidence
        for cause in first.causes:
            yield Explained(cause, whole=cause.confidence is surest)
    yield from bullets("The capture does not tell", first.report.not_proven)
    if first.next_step is not None:
        yield Gap()
        yield Heading("Next")
        yield Text(first.next_step.command)
        yield Text(first.next_step.text)


def _line(group: list[ObservedAssociation]) -> str:
    """Return who called whom, in one line."""
    first = group[0]
    target = first.report.target
    parts = [first.service] if first.service else []
    if target.calling_ae or target.called_ae:
        calling = title_words(target.calling_ae) if target.calling_ae else "?"
        called = title_words(target.called_ae) if target.called_ae else "?"
        parts.append(f"{calling} -> {called}")
    parts.append(f"{first.client} -> {first.server}")
    if len(group) > 1:
        parts.append(f"{len(group)} times")
    if first.is_time_known:
        parts.append(f"{'since ' if len(group) > 1 else ''}{moment(first.report.started)}")
    parts.append(f"ended by: {first.ended_by.value}")
    return ", ".join(parts)
