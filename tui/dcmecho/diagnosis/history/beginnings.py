"""Failures that began together, and what those targets share. No I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Generic, NamedTuple, TypeVar

from dcmecho.diagnosis.history.sharing import Traits, shared_words

FEWEST = 3
"""Targets that are a group."""

_TOGETHER = timedelta(minutes=10)

_Key = TypeVar("_Key", bound=Hashable)


class Beginning(NamedTuple, Generic[_Key]):
    """Failures that began within ten minutes. ``since`` is when the first did: aware, UTC."""

    since: datetime
    keys: Sequence[_Key]
    shared: str = ""
    """What the targets share, in words: ``on 192.168.4.0/24``; empty if nothing is known."""

    @property
    def all_words(self) -> str:
        """Return ``all on 192.168.4.0/24``; empty if nothing is known to be shared."""
        return f"all {self.shared}" if self.shared else ""


def beginnings(
    failing: Mapping[_Key, datetime],
    working: Collection[_Key],
    traits: Callable[[_Key], Traits],
) -> list[Beginning[_Key]]:
    """Return the groups of failures, the newest first.

    ``failing`` are the targets that worked before, and since when each fails. What they share
    counts if fewer of the ``working`` ones have it too, but not if every target has it.
    """
    clusters = list(_at_one_time(failing))
    if not clusters:
        return []
    shared = {key: shared_words(traits(key)) for key in (*failing, *working)}
    everyone = Counter(words for of_one in shared.values() for words in of_one)
    tell_nothing = {words for words, number in everyone.items() if number == len(shared)}
    telling = {
        key: [words for words in of_one if words not in tell_nothing]
        for key, of_one in shared.items()
    }
    healthy = Counter(words for key in working for words in telling[key])
    found = [
        Beginning(min(failing[key] for key in members), tuple(members), words)
        for keys in clusters
        for members, words in _groups(keys, telling, healthy)
    ]
    return sorted(found, key=lambda each: each.since, reverse=True)


def _at_one_time(failing: Mapping[_Key, datetime]) -> Iterator[Sequence[_Key]]:
    """Yield the targets that began to fail within the same minutes, if they are enough."""
    left = sorted(failing, key=failing.__getitem__)
    while left:
        until = failing[left[0]] + _TOGETHER
        members = [key for key in left if failing[key] <= until]
        left = left[len(members) :]
        if len(members) >= FEWEST:
            yield members


def _groups(
    keys: Sequence[_Key], shared: Mapping[_Key, Sequence[str]], others: Counter[str]
) -> Iterator[tuple[Sequence[_Key], str]]:
    """Yield the targets that share something, the largest group first, then those left."""
    left = list(keys)
    while len(left) >= FEWEST:
        by_words: dict[str, list[_Key]] = {}
        for key in left:
            for words in shared[key]:
                by_words.setdefault(words, []).append(key)
        groups = [
            (members, words)
            for words, members in by_words.items()
            if len(members) >= max(FEWEST, 1 + others[words])
        ]
        members, words = max(groups, key=lambda group: len(group[0]), default=(left, ""))
        yield members, words
        taken = set(members)
        left = [key for key in left if key not in taken]
