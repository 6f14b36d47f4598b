"""Chooses the targets for a check of many, and words its result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dcmecho.console.runs.check import CheckSession
from dcmecho.console.runs.session import profile_key
from dcmecho.console.runs.state.targets import ConsoleState
from dcmecho.console.symbols import Mark
from dcmecho.diagnosis.counting import count
from dcmecho.profiles.book.model import Profile


@dataclass(frozen=True, slots=True)
class CheckSelection:
    """The profiles to check; ``left_out`` says which ones are not, empty for none."""

    profiles: tuple[Profile, ...]
    left_out: str


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a check, in one line."""

    text: str
    mark: Mark


def choose(shown: Sequence[Profile], state: ConsoleState) -> CheckSelection:
    """Choose the shown profiles that have no errors, may be probed and are not running."""
    broken = [each for each in shown if each.target is None]
    forbidden = [each for each in shown if each.target and each.target.do_not_probe]
    running = [each for each in shown if state[profile_key(each)].running]
    left_out = {profile_key(each) for each in (*broken, *forbidden, *running)}
    reasons = (
        (len(forbidden), "not to be probed (do_not_probe)"),
        (len(broken), "with errors in the file"),
        (len(running), "already running"),
    )
    return CheckSelection(
        tuple(each for each in shown if profile_key(each) not in left_out),
        ", ".join(f"{number} {why}" for number, why in reasons if number),
    )


def result_of(finished: CheckSession) -> Result:
    """Return the final message about a check."""
    if finished.fault:
        return Result(f"The checks could not start: {finished.fault}", Mark.ERROR)
    progress = finished.progress
    checked = f"{count(progress.done, 'target')} checked"
    failing = f"{progress.failing} failing" if progress.failing else "none failing"
    if finished.unchecked:
        how = "Cancelled: " if finished.cancelled else ""
        return Result(
            f"{how}{checked}, {failing}, {finished.unchecked} not checked.", Mark.CANCELLED
        )
    first = ", shown first" if progress.failing else ""
    return Result(f"{checked}: {failing}{first}.", Mark.FAILED if progress.failing else Mark.OK)
