"""JSON with comments, as Orthanc accepts it. All characters keep their places and lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dcmecho.diagnosis.target.digits import MOST_DIGITS

_TOKENS = re.compile(r'"(?:[^"\\\n]++|\\.)*+"?|//[^\n]*|/\*.*?(?:\*/|\Z)|,(?=\s*[]}])', re.DOTALL)
_SPACE = re.compile(r"\s*")
_NEXT_MEMBER = re.compile(r'^[^\S\n]*(?="(?:[^"\\\n]++|\\.)*+"\s*:)', re.MULTILINE)


_MOST_FAULTS = 100
"""Each costs as much as the whole text is long, to find its line."""


@dataclass(frozen=True, slots=True)
class Member:
    """One pair of an object. ``problem`` says why the value cannot be read."""

    line: int
    key: str
    value: Any = None
    problem: str = ""


def without_comments(text: str) -> str:
    """Replace comments and trailing commas with spaces; strings stay."""
    bare = _TOKENS.sub(_blanked, text)
    return _TOKENS.sub(_blanked, bare)


def members(text: str, start: int) -> Iterator[Member]:
    """Read the object that begins at ``start``, pair by pair.

    What cannot be read is told, and the reading goes on at the next line that begins a pair. After
    ``_MOST_FAULTS`` of them it ends.
    """
    decoder = json.JSONDecoder(parse_int=_whole)
    at = _after_space(text, start + 1)
    line, counted_to, faults = 1, 0, 0
    while at < len(text) and text[at] != "}":
        begin, key = at, ""
        line += text.count("\n", counted_to, at)
        counted_to = at
        try:
            key, at = decoder.raw_decode(text, at)
            value, at = decoder.raw_decode(text, _after(text, ":", _after_space(text, at)))
            yield Member(line, str(key), value)
            at = _after_space(text, at)
            if text[at : at + 1] == ",":
                at = _after_space(text, at + 1)
        except (json.JSONDecodeError, RecursionError) as error:
            faults += 1
            yield _fault(error, line, str(key))
            if faults == _MOST_FAULTS:
                yield Member(line, "", problem=f"the rest was not read, after {faults} errors")
                return
            further = _NEXT_MEMBER.search(text, max(at, begin + 1))
            at = further.end() if further else len(text)


def _whole(digits: str) -> int | str:
    """Return a number, or a text of digits if it is too long for one."""
    return int(digits) if len(digits) <= MOST_DIGITS else digits


def _fault(error: json.JSONDecodeError | RecursionError, line: int, key: str) -> Member:
    if isinstance(error, json.JSONDecodeError):
        return Member(error.lineno, key, problem=f"is not JSON: {error.msg}")
    return Member(line, key, problem="is nested too deeply")


def _blanked(match: re.Match[str]) -> str:
    token = match[0]
    return token if token.startswith('"') else re.sub(r"[^\n]", " ", token)


def _after_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _after(text: str, mark: str, at: int) -> int:
    if text[at : at + 1] != mark:
        raise json.JSONDecodeError(f"{mark} is missing", text, at)
    return _after_space(text, at + 1)
