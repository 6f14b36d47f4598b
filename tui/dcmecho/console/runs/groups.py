"""The groups of the target list: failures that began together, failures alike, those of the file.

No I/O.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from dcmecho.console.runs.session import profile_key
from dcmecho.console.runs.state.targets import ConsoleState
from dcmecho.diagnosis.history.beginnings import Beginning, beginnings
from dcmecho.diagnosis.history.compared import values_seen
from dcmecho.diagnosis.history.sharing import Traits, needs_values, traits_of
from dcmecho.profiles.book.model import Profile
from dcmecho.report.history.together import beginning_words

PLAIN_GROUP = "Other targets"
"""The heading of targets without a group, if others have one."""

FAILING_GROUP = "Failing"
"""The heading of targets that failed in a check of many, each in another way."""


class Group(NamedTuple):
    """Targets that stand together, below their headings."""

    headings: Sequence[str]
    members: Sequence[Profile]
    word: str = ""
    """The state of all of them, if the heading says it."""
    is_apart: bool = False
    """True if they are not in their group of the file."""


def begun_together(
    shown: Sequence[Profile], every: Sequence[Profile], state: ConsoleState
) -> Sequence[Beginning[str]]:
    """Return the shown failures that began together; ``every`` target tells what they share."""
    failing = {
        profile_key(each): since
        for each in shown
        if each.target and (since := state.course(profile_key(each)).failing_since)
    }
    targets = {profile_key(each): each.target for each in every if each.target}

    def traits(key: str) -> Traits:
        target, record = targets[key], state[key]
        if target.tls is None and not needs_values(target):
            return traits_of(target, {})
        if record.past and record.is_past:
            return traits_of(target, record.past.values)
        seen = values_seen(record.new_report.stages) if record.new_report else {}
        return traits_of(target, seen)

    working = [key for key in targets if state.course(key).works]
    return beginnings(failing, working, traits)


def grouped(
    shown: Sequence[Profile],
    together: Sequence[Beginning[str]],
    words: Mapping[str, str],
    now: datetime,
) -> Iterator[Group]:
    """Yield the shown targets in their groups, those that fail first.

    ``words`` are the states of those that failed in a check of many, by their keys.
    """
    left = {profile_key(each): each for each in shown}
    for each in together:
        headings = filter(None, (beginning_words(each, now), each.all_words))
        keys = set(each.keys)
        members = [left.pop(key) for key in [*left] if key in keys]
        yield Group(tuple(headings), members, is_apart=True)
    yield from _alike([left.pop(key) for key in [*left] if key in words], words)
    by_group: dict[str, list[Profile]] = {}
    for profile in left.values():
        by_group.setdefault(profile.group, []).append(profile)
    is_headed = len(by_group) > 1 or len(left) < len(shown)
    for name, members in by_group.items():
        yield Group((name or PLAIN_GROUP,) if name or is_headed else (), members)


def _alike(failing: Sequence[Profile], words: Mapping[str, str]) -> Iterator[Group]:
    """Yield failing targets in the order of the file, those that failed alike together."""
    by_word: dict[str, list[Profile]] = {}
    for profile in failing:
        by_word.setdefault(words[profile_key(profile)], []).append(profile)
    if single := [members[0] for members in by_word.values() if not members[1:]]:
        yield Group((FAILING_GROUP,), single, is_apart=True)
    for word, members in by_word.items():
        if members[1:]:
            heading = f"{FAILING_GROUP}, {len(members)} alike: {word}"
            yield Group((heading,), members, word, is_apart=True)
