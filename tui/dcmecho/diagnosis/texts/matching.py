"""Finds the known messages in a line. Most lines have none, and are passed by quickly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from dcmecho.diagnosis.texts.knowledge import Message, Software, known_software
from dcmecho.diagnosis.texts.template import compiled

_TOKEN = re.compile(r"[a-z][a-z_]{2,}|[0-9]{4,}|->|<-|<<|>>")
_DATASET = re.compile(r"\((?!0000)[0-9a-f]{4}, ?[0-9a-f]{4}\)", re.IGNORECASE)
"""An element of a dataset: the data of a patient, and never a message."""
_ELEMENT = re.compile(r"\([0-9a-f]{4}, ?[0-9a-f]{4}\)", re.IGNORECASE)
_DIGIT, _FIELD = re.compile("[0-9]"), re.compile(r"\{[^}]*\}")
_WITHOUT_DIGITS = str.maketrans("123456789", "000000000")
_MOST_KEPT, _MOST_KEPT_LENGTH = 8192, 512
"""Kinds of lines that are remembered, and the characters of one: 8 MB at most."""


class Hit(NamedTuple):
    """A message in a line, with its values as they stand there."""

    message: Message
    values: Mapping[str, str]
    start: int
    end: int


class _Entry(NamedTuple):
    message: Message
    position: int


class _Place(NamedTuple):
    """A message in a line, and where its values are."""

    message: Message
    values: tuple[tuple[str, int, int], ...]
    start: int
    end: int


class Matcher:
    """An index of messages by their rarest words.

    Most lines of a log differ only in their digits. What was found in one is remembered, with the
    places of its values, for those like it.
    """

    def __init__(self, software: Iterable[Software]) -> None:
        messages = [message for each in software for message in each.messages]
        counted = Counter(word for each in messages for key in each.keys for word in key)
        self._by_word: dict[str, list[_Entry]] = {}
        self._with_digits: dict[str, list[tuple[frozenset[str], re.Pattern[str]]]] = {}
        for message in messages:
            for position, key in enumerate(message.keys):
                word = min(key, key=lambda word: (counted[word], -len(word), word))
                self._by_word.setdefault(word, []).append(_Entry(message, position))
                if _DIGIT.search(_FIELD.sub("", message.texts[position])):
                    self._add_digits(message.texts[position], key)
        self._words = frozenset(self._by_word)
        self._known: dict[str, tuple[_Place, ...]] = {}

    def _add_digits(self, text: str, key: frozenset[str]) -> None:
        bare = frozenset(word for word in key if not _DIGIT.match(word))
        first = min(bare, default="")
        self._with_digits.setdefault(first, []).append((bare, compiled(text, any_digit=True)))

    def hits(self, line: str) -> list[Hit]:
        """Return the messages in a line, in their order; of overlapping ones the longest."""
        alike = line.translate(_WITHOUT_DIGITS)
        known = self._known.get(alike)
        if known is None:
            known = self._looked_up(line, alike)
        if not known:
            return []
        return [
            Hit(message, {name: line[a:b] for name, a, b in values}, start, end)
            for message, values, start, end in known
        ]

    def _looked_up(self, line: str, alike: str) -> tuple[_Place, ...]:
        words = set(_TOKEN.findall(line.lower()))
        found = () if words.isdisjoint(self._words) else self._apart(line, words)
        may_keep = not (_ELEMENT.search(line) or self._depends_on_digits(line, words))
        if may_keep and len(line) <= _MOST_KEPT_LENGTH:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[alike] = found
        return found

    def _depends_on_digits(self, line: str, words: set[str]) -> bool:
        """Report whether other digits in the line could make it another message."""
        return any(
            key <= words and pattern.search(line)
            for word in (words | {""}) & self._with_digits.keys()
            for key, pattern in self._with_digits[word]
        )

    def _apart(self, line: str, words: set[str]) -> tuple[_Place, ...]:
        return () if _DATASET.search(line) else _apart(self._found(line, words))

    def _found(self, line: str, words: set[str]) -> Iterator[_Place]:
        for word in words & self._words:
            for message, position in self._by_word[word]:
                if message.keys[position] <= words:
                    found = message.patterns[position].search(line)
                    if found:
                        names = (name for name, value in found.groupdict().items() if value)
                        values = tuple((name, *found.span(name)) for name in names)
                        yield _Place(message, values, *_span(found))


def _span(found: re.Match[str]) -> tuple[int, int]:
    """Return where a message is; words at its end that are only looked up do not count."""
    end = found.end()
    if "error" in found.re.groupindex and found.end("error") == end:
        end = found.start("error")
    return found.start(), end


def _apart(found: Iterable[_Place]) -> tuple[_Place, ...]:
    by_worth = sorted(found, key=_worth)
    kept: list[_Place] = []
    for hit in by_worth:
        if not any(_is_within(hit, other) for other in kept):
            kept.append(hit)
    return tuple(sorted(kept, key=lambda hit: (hit.start, hit.end)))


def _worth(hit: _Place) -> tuple[bool, int, int]:
    return hit.message.is_generic, -hit.message.rank, hit.start - hit.end


def _is_within(hit: _Place, other: _Place) -> bool:
    inside = other.start <= hit.start and hit.end <= other.end
    same = (hit.start, hit.end) == (other.start, other.end)
    return inside and not (same and hit.message.software != other.message.software)


@cache
def known_messages() -> Matcher:
    """Return the index of everything that is known."""
    return Matcher(known_software())
