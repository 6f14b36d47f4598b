"""What captures tell of associations, as plain text: failures on top, alike ones together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dcmecho.capture.associations.reading import ReadCapture
from dcmecho.capture.passed.others import total, words_of
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.observed.comparing import compared
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.report.observed.association import association_parts, facts_line
from dcmecho.report.page import Bullet, Gap, Heading, Item, Part, Text
from dcmecho.report.plain import plain_lines

_NOTHING = "No DICOM association in it."
_MOST_FINE = 50
_MOST_OTHERS = 8
_ORDER = (VerdictStatus.FAILED, VerdictStatus.UNKNOWN, VerdictStatus.OK)


def render(found: ReadCapture, known: Sequence[Target] = ()) -> str:
    """Return all that is told; it ends with a newline.

    ``known`` are the targets of the profile file, which failures are compared with.
    """
    return "".join(f"{line}\n" for line in plain_lines(_parts(found, known)))


def _parts(found: ReadCapture, known: Sequence[Target]) -> Iterator[Part]:
    yield Heading(_summary(found))
    yield from _reading(found)
    fine = 0
    for told in sorted(found.grouped(), key=lambda each: _ORDER.index(each.report.verdict.status)):
        if told.report.verdict.status is VerdictStatus.OK:
            fine += 1
            if fine == 1:
                yield Gap()
                yield Heading("Without a failure")
            if fine <= _MOST_FINE:
                yield Text(facts_line(told))
            continue
        yield Gap()
        yield from association_parts(told, compared(told.report.target, known))
    if fine > _MOST_FINE:
        yield Text(f"and {count(fine - _MOST_FINE, 'other kind')}")
    yield from other_parts(found)


def _summary(found: ReadCapture) -> str:
    if not found.accounts:
        return _NOTHING
    statuses = [each.status for each in found.different]
    parts = [count(len(statuses), "association")]
    if failed := statuses.count(VerdictStatus.FAILED):
        parts.append(f"{failed} failed")
    if unknown := statuses.count(VerdictStatus.UNKNOWN):
        parts.append(f"{unknown} with an unknown end")
    if twice := len(found.accounts) - len(statuses):
        parts.append(f"{twice} of them captured twice")
    return ", ".join(parts)


def other_parts(found: ReadCapture) -> Iterator[Part]:
    """Yield what the conversations are that are no associations, a line for each kind."""
    if found.uncounted:
        yield Gap()
        words = "more attempts to connect that nobody answered, not listed"
        yield Text(f"{found.uncounted} {words}")
    shown = found.named[:_MOST_OTHERS]
    if not shown:
        return
    yield Gap()
    yield Heading("Not DICOM")
    for each in shown:
        yield Bullet(words_of(each))
    if rest := total(found.named[_MOST_OTHERS:]):
        yield Text(f"and {count(rest, 'more conversation')}")


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
