"""What the target list says of a target, and what a filter finds in it. No I/O."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dcmecho.console.runs.state.record import Phase, Record
from dcmecho.console.symbols import Mark
from dcmecho.console.words import failure_word
from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.profiles.book.model import Profile
from dcmecho.report.history.since import age

EDITED = "edited"
"""The state of a target whose last check was made with other values."""


def state_word(record: Record) -> str:
    """Return the state of a target in one or two words."""
    if record.phase is Phase.CANCELLING:
        return "cancelling"
    if record.phase is Phase.WAITING:
        return Mark.WAITING.word
    if record.running:
        return f"running {record.elapsed_s:.0f} s"
    if (service := record.failing_service) is not None:
        return service.row.brief
    if record.status is None:
        return Mark.NOT_RUN.word
    if record.forbidden:
        return "not checked"
    return _result_word(record, record.status)


def _result_word(record: Record, status: VerdictStatus) -> str:
    if status is VerdictStatus.OK:
        took = _echo_ms(record)
        return "ok" if took is None else duration(took)
    if status is VerdictStatus.FAILED and record.report is not None:
        return failure_word(record.report)
    return record.mark.word


def _echo_ms(record: Record) -> float | None:
    if record.past is not None and record.is_past:
        return record.past.echo_ms
    return record.report.stage(StageId.ECHO).elapsed_ms if record.report else None


def with_age(word: str, record: Record, now: datetime, room: int) -> str:
    """Return a state with its age, if it is one of the past and both fit into ``room`` cells."""
    if record.past is None or not record.is_past or record.running:
        return word
    aged = f"{word} {age(now - record.past.at)}"
    return aged if len(aged) <= room else word


def haystack(profile: Profile) -> str:
    """Return everything that a filter searches of the file."""
    target = profile.target
    values: Iterable[object] = (
        (target.host, target.port, target.called_ae, target.calling_ae)
        if target
        else profile.own.values()
    )
    return "\n".join(map(str, (profile.name, profile.group, *values))).casefold()


def state_haystack(record: Record, mark: Mark, word: str) -> str:
    """Return what the screen says of a target's last check, for a filter."""
    said = [word, mark.word]
    # The report of a past check that worked is not read only for its title: there can be thousands.
    is_read = not record.is_past or mark is Mark.FAILED
    if word != EDITED and is_read and (report := record.report) is not None:
        said += ["failing" if report.verdict.is_failing else "", report.verdict.title]
        said += [cause.title for cause in report.causes]
        said += [cause.who.short for cause in report.causes]
    return "\n".join(said).casefold()
