"""The entries of an LDIF (RFC 2849): folded lines, comments, base64."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_SAFE = re.compile(r"(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*(?<! )")


@dataclass(slots=True)
class LdifEntry:
    """One entry. ``line`` is where it begins; attribute names are in small letters."""

    line: int
    attributes: dict[str, list[str]] = field(default_factory=dict)
    problem: str = ""

    def first(self, name: str) -> str:
        """Return the first value of an attribute; empty if there is none."""
        return next(iter(self.attributes.get(name.lower(), ())), "")

    def all(self, name: str) -> list[str]:
        """Return all values of an attribute."""
        return self.attributes.get(name.lower(), [])


def entries(text: str) -> Iterator[LdifEntry]:
    """Read the entries; a line that cannot be read is a problem of its entry."""
    entry: LdifEntry | None = None
    for number, line in _unfolded(text):
        if not line.strip():
            if entry is not None:
                yield entry
            entry = None
        elif not line.startswith("#"):
            entry = entry or LdifEntry(number)
            _read_attribute(entry, number, line)
    if entry is not None:
        yield entry


def attribute(name: str, value: str) -> str:
    """Write one line, in base64 if LDIF cannot have the plain value."""
    if _SAFE.fullmatch(value):
        return f"{name}: {value}\n"
    return f"{name}:: {base64.b64encode(value.encode()).decode('ascii')}\n"


def escaped(value: str) -> str:
    """Escape a value for use in a distinguished name (RFC 4514 2.4)."""
    text = re.sub(r'[\\,+"<>;=]', lambda match: f"\\{match[0]}", value)
    if text.startswith(("#", " ")):
        text = f"\\{text}"
    return f"{text[:-1]}\\ " if text.endswith(" ") and len(text) > 1 else text


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Join folded lines to the line they continue (RFC 2849, note 2)."""
    whole, first = "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith(" ") and first:
            whole += line[1:]
            continue
        if first:
            yield first, whole
        whole, first = line, number
    if first:
        yield first, whole


def _read_attribute(entry: LdifEntry, number: int, line: str) -> None:
    name, colon, value = line.partition(":")
    if not colon:
        entry.problem = f"line {number} has no colon; write an attribute as name: value"
        return
    if value.startswith(":"):
        try:
            value = base64.b64decode(value[1:].strip(), validate=True).decode("utf-8")
        except ValueError:
            entry.problem = f"line {number} is not base64 of UTF-8 text"
            return
    elif value.startswith("<"):
        entry.problem = f"line {number} refers to another file, which is not read"
        return
    else:
        value = value.removeprefix(" ")
    entry.attributes.setdefault(name.strip().partition(";")[0].lower(), []).append(value)
