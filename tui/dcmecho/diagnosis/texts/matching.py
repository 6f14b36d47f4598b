"""Finds the known messages in a line. Most lines have none, and are passed by quickly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from dcmecho.diagnosis.texts.commands import may_be_command
from dcmecho.diagnosis.texts.knowledge import Message, Software, Tells, known_software
from dcmecho.diagnosis.texts.own_report import may_be_own
from dcmecho.diagnosis.texts.template import compiled, digits_in

_TOKEN = re.compile(r"[a-z][a-z_]{2,}|[0-9]{4,}|->|<-|<<|>>")
_DATASET = re.compile(r"\((?!0000)[0-9a-f]{4}, ?[0-9a-f]{4}\)", re.IGNORECASE)
"""An element of a dataset: the data of a patient, and never a message."""
_ELEMENT = re.compile(r"\([0-9a-f]{4}, ?[0-9a-f]{4}\)", re.IGNORECASE)
_DIGIT, _FIELD = re.compile("[0-9]"), re.compile(r"\{[^}]*\}")
_WITHOUT_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_MOST_KEPT, _MOST_KEPT_LENGTH = 8192, 512
"""Kinds of lines that are remembered, and the characters of one: 8 MB at most."""
_NO_VALUES: Mapping[str, str] = {}


class Hit(NamedTuple):
    """A message in a line, with its values as they stand there."""

    message: Message
    text: str
    """The text of it that is there, as it is known."""
    values: Mapping[str, str]
    start: int
    end: int


class _Entry(NamedTuple):
    message: Message
    position: int


class _Place(NamedTuple):
    """A message in a line, and where its values are."""

    message: Message
    text: str
    values: tuple[tuple[str, int, int], ...]
    start: int
    end: int


class Shape(NamedTuple):
    """What is known of all lines that differ in their digits only."""

    places: tuple[_Place, ...]
    fixed: tuple[Hit, ...] | None
    """The messages, where none has a value."""
    may_be_command: bool
    may_be_own: bool
    """Whether dcmecho can have written it."""
    is_certain: bool
    """Whether a message is one that only DICOM programs write."""
    is_elsewhere: bool
    """Whether it speaks of another connection than DICOM."""
    is_timed: bool
    """Whether its time is that of a failure or a beginning."""

    def hits(self, line: str) -> Sequence[Hit]:
        """Return the messages in a line of this shape, with their values."""
        if self.fixed is not None:
            return self.fixed
        return [
            Hit(message, text, {name: line[a:b] for name, a, b in values}, start, end)
            for message, text, values, start, end in self.places
        ]


NOTHING = Shape(
    (),
    (),
    may_be_command=False,
    may_be_own=False,
    is_certain=False,
    is_elsewhere=False,
    is_timed=False,
)
"""The shape of a line that tells nothing."""


class _Varying(NamedTuple):
    """Lines that differ in their digits only, but some digits decide what they tell."""

    spans: tuple[tuple[int, int], ...]
    """Where those are."""
    shapes: dict[tuple[str, ...], Shape]
    """By what stands there."""


class Matcher:
    """An index of messages by their rarest words.

    Most lines of a log differ only in their digits. What was found in one is remembered, with the
    places of its values, for those like it.
    """

    def __init__(self, software: Iterable[Software]) -> None:
        messages = [message for each in software for message in each.messages]
        counted = Counter(word for each in messages for key in each.keys for word in key)
        self._by_word: dict[str, list[_Entry]] = {}
        self._with_digits: dict[str, list[tuple[frozenset[str], str]]] = {}
        for message in messages:
            for position, key in enumerate(message.keys):
                word = min(key, key=lambda word: (counted[word], -len(word), word))
                self._by_word.setdefault(word, []).append(_Entry(message, position))
                if _DIGIT.search(_FIELD.sub("", message.texts[position])):
                    self._add_digits(message.texts[position], key)
        self._words = frozenset(self._by_word)
        self._known: dict[str, Shape | _Varying] = {}
        self._kept = 0

    def _add_digits(self, text: str, key: frozenset[str]) -> None:
        bare = frozenset(word for word in key if not _DIGIT.match(word))
        self._with_digits.setdefault(min(bare, default=""), []).append((bare, text))

    def hits(self, line: str) -> Sequence[Hit]:
        """Return the messages in a line, in their order; of overlapping ones the longest."""
        ((_, shape),) = self.shapes([line])
        return shape.hits(line)

    def shapes(self, lines: Sequence[str]) -> Iterator[tuple[str, Shape]]:
        """Yield lines with their shapes. None of them may have the end of a line in it."""
        known = self._known
        for line, alike in zip(lines, _without_digits(lines), strict=True):
            shape = known.get(alike)
            if isinstance(shape, _Varying):
                shape = shape.shapes.get(_parts(line, shape.spans))
            yield line, shape or self._looked_up(line, alike)

    def _looked_up(self, line: str, alike: str) -> Shape:
        words = set(_TOKEN.findall(line.lower()))
        found = () if words.isdisjoint(self._words) else self._apart(line, words)
        shape = _shape(found, line)
        if len(line) <= _MOST_KEPT_LENGTH:
            self._keep(line, alike, words, shape)
        return shape

    def _keep(self, line: str, alike: str, words: set[str], shape: Shape) -> None:
        if self._kept >= _MOST_KEPT:
            self._known.clear()
            self._kept = 0
        self._kept += 1
        known = self._known.get(alike)
        if isinstance(known, _Varying):
            known.shapes[_parts(line, known.spans)] = shape
        elif spans := tuple(self._deciding(line, words)):
            self._known[alike] = _Varying(spans, {_parts(line, spans): shape})
        else:
            self._known[alike] = shape

    def _deciding(self, line: str, words: set[str]) -> Iterator[tuple[int, int]]:
        """Yield where other digits in the line could make it another message."""
        yield from (found.span() for found in _ELEMENT.finditer(line))
        for word in (words | {""}) & self._with_digits.keys():
            for key, text in self._with_digits[word]:
                if key <= words:
                    for found in compiled(text, any_digit=True).finditer(line):
                        yield from digits_in(found)

    def _apart(self, line: str, words: set[str]) -> tuple[_Place, ...]:
        return () if _DATASET.search(line) else _apart(self._found(line, words))

    def _found(self, line: str, words: set[str]) -> Iterator[_Place]:
        for word in words & self._words:
            for message, position in self._by_word[word]:
                if message.keys[position] <= words:
                    text = message.texts[position]
                    found = compiled(text).search(line)
                    if found:
                        names = (name for name, value in found.groupdict().items() if value)
                        values = tuple((name, *found.span(name)) for name in names)
                        yield _Place(message, text, values, *_span(found))


def _parts(line: str, spans: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    return tuple([line[start:end] for start, end in spans])


def _without_digits(lines: Sequence[str]) -> list[str]:
    """Return lines with a zero for each digit, all at once: one by one it takes half the time."""
    whole = "\n".join(lines).encode("utf-8", "surrogatepass")
    return whole.translate(_WITHOUT_DIGITS).decode("utf-8", "surrogatepass").split("\n")


def _shape(places: tuple[_Place, ...], line: str) -> Shape:
    is_command, is_own = may_be_command(line), may_be_own(line)
    if not (places or is_command or is_own):
        return NOTHING
    has_values = any(place.values for place in places)
    fixed = tuple(Hit(each.message, each.text, _NO_VALUES, each.start, each.end) for each in places)
    messages = [place.message for place in places]
    return Shape(
        places,
        None if has_values else fixed,
        is_command,
        is_own,
        any(not message.is_generic for message in messages),
        any(message.tells is Tells.ELSEWHERE for message in messages),
        any(message.is_timed for message in messages),
    )


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
