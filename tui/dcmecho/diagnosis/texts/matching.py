"""Finds the known messages in a line. Most lines have none, and are passed by quickly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from dcmecho.diagnosis.texts.knowledge import Message, Software, known_software

_TOKEN = re.compile(r"[a-z][a-z_]{2,}|[0-9]{4,}|->|<-|<<|>>")
_DATASET = re.compile(r"\((?!0000)[0-9a-f]{4}, ?[0-9a-f]{4}\)", re.IGNORECASE)
"""An element of a dataset: the data of a patient, and never a message."""


class Hit(NamedTuple):
    """A message in a line, with its values as they stand there."""

    message: Message
    values: Mapping[str, str]
    start: int
    end: int


class _Entry(NamedTuple):
    message: Message
    position: int


class Matcher:
    """An index of messages by their rarest words."""

    def __init__(self, software: Iterable[Software]) -> None:
        messages = [message for each in software for message in each.messages]
        counted = Counter(word for each in messages for key in each.keys for word in key)
        self._by_word: dict[str, list[_Entry]] = {}
        for message in messages:
            for position, key in enumerate(message.keys):
                word = min(key, key=lambda word: (counted[word], -len(word), word))
                self._by_word.setdefault(word, []).append(_Entry(message, position))
        self._words = frozenset(self._by_word)

    def hits(self, line: str) -> list[Hit]:
        """Return the messages in a line, in their order; of overlapping ones the longest."""
        words = set(_TOKEN.findall(line.lower()))
        if words.isdisjoint(self._words) or _DATASET.search(line):
            return []
        return _apart(self._found(line, words))

    def _found(self, line: str, words: set[str]) -> Iterator[Hit]:
        for word in words & self._words:
            for message, position in self._by_word[word]:
                if message.keys[position] <= words:
                    found = message.patterns[position].search(line)
                    if found:
                        values = {k: v for k, v in found.groupdict().items() if v is not None}
                        yield Hit(message, values, *_span(found))


def _span(found: re.Match[str]) -> tuple[int, int]:
    """Return where a message is; words at its end that are only looked up do not count."""
    end = found.end()
    if "error" in found.re.groupindex and found.end("error") == end:
        end = found.start("error")
    return found.start(), end


def _apart(found: Iterable[Hit]) -> list[Hit]:
    by_length = sorted(found, key=lambda hit: (hit.start - hit.end, hit.message.is_generic))
    kept: list[Hit] = []
    for hit in by_length:
        if not any(_is_within(hit, other) for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: (hit.start, hit.end))


def _is_within(hit: Hit, other: Hit) -> bool:
    inside = other.start <= hit.start and hit.end <= other.end
    same = (hit.start, hit.end) == (other.start, other.end)
    return inside and not (same and hit.message.software != other.message.software)


@cache
def known_messages() -> Matcher:
    """Return the index of everything that is known."""
    return Matcher(known_software())
