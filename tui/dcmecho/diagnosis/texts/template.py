"""A message as people write it, ``Unrecognized PDU type: {pdu_hex}``, made into a pattern.

Letters of either case match, and any white space, or none, where the template has a space: logs are
wrapped and mailed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

_TITLE = r"[!-~](?:[ -~]{0,14}?[!-~])??"
_LAST_TITLE = r"(?:(?![\"'\\,;:)\]}>])[!-~]){1,16}"
_FIRST_TITLE = r"(?<![^\s\"'(\[|])[^\s\"'(\[|]{1,16}?"
_NUMBER = r"(?:0x[0-9a-f]{1,8}|[0-9]{1,10})"

FIELDS: Mapping[str, str] = {
    "called": _TITLE,
    "calling": _TITLE,
    "destination": _TITLE,
    "host": r"[\w.\-:%]*[\w\-]",
    "port": r"[0-9]{1,5}",
    "client": r"[\w.\-:%]*[\w\-]",
    "client_port": r"[0-9]{1,5}",
    "result": r"(?:[0-9]{1,3}(?: - [\w\-]+)?|[A-Za-z][\w\-() ]{0,60}?)",
    "source": r"(?:[0-9]{1,3}(?: - [\w\-() ]+?)?|[A-Za-z][\w\-() ]{0,60}?)",
    "reason": r"(?:[0-9]{1,3}(?: - [\w\-() ]+?)?|[A-Za-z][\w\-() ]{0,60}?)",
    "combined_reason": r"(?:[0-9]{1,3}|[A-Za-z][\w\-() ]{0,60}?)",
    "abort_source": r"(?:[0-9]{1,3}(?: - [\w\-() ]+?)?|[A-Za-z][\w\-() ]{0,40}?)",
    "abort_reason": r"(?:[0-9]{1,3}(?: - [\w\-() ]+?)?|[A-Za-z][\w\-() ]{0,60}?)",
    "pdu_hex": r"(?:0x)?[0-9a-f]{1,2}(?![0-9a-z])",
    "pdu_decimal": r"[0-9]{1,3}(?![0-9])",
    "length": r"[0-9]{4,10}",
    "status_hex": r"(?:0x)?[0-9a-f]{1,4}(?:h)?(?![0-9a-z])",
    "status_decimal": r"[0-9]{1,5}(?![0-9])",
    "status": r"[A-Za-z][\w:\- ]{2,60}",
    "error": r"[^\n]{1,200}",
    "state": r"(?:Sta)?[0-9]{1,2}",
    "association": r"[0-9]{1,9}",
    "thread": r"[^\s\]\)\}>|][^\]\)\}>|]{0,60}?",
    "number": _NUMBER,
    "word": r"[^\s,;()\[\]]{1,80}",
    "*": r"[^\n]{0,200}?",
}
"""By the name of a field what it can be; ``word``, ``number`` and ``*`` are skipped.

A ``combined_reason`` is fo-dicom's: source * 16 + reason.
"""

_LAST: Mapping[str, str] = {
    "called": _LAST_TITLE,
    "calling": _LAST_TITLE,
    "destination": _LAST_TITLE,
    "result": r"(?:[0-9]{1,3}(?: - [\w\-]+)?|[A-Za-z][\w\-() ]{0,60})",
    "source": r"(?:[0-9]{1,3}(?: - [\w\-() ]+)?|[A-Za-z][\w\-() ]{0,60})",
    "reason": r"(?:[0-9]{1,3}(?: - [\w\-() ]+)?|[A-Za-z][\w\-() ]{0,60})",
    "abort_source": r"(?:[0-9]{1,3}(?: - [\w\-() ]+)?|[A-Za-z][\w\-() ]{0,60})",
    "abort_reason": r"(?:[0-9]{1,3}(?: - [\w\-() ]+)?|[A-Za-z][\w\-() ]{0,60})",
    "thread": r"[^\s\]\)\}>|]{1,60}",
    "*": r"",
}
"""At the end of a template a field takes what it can get."""

_FIRST: Mapping[str, str] = {"called": _FIRST_TITLE, "calling": _FIRST_TITLE}
"""At the beginning of a template a title is one word, after what comes before words."""

_SKIPPED = frozenset({"*", "word", "number"})
_PART = re.compile(r"\{([a-z_]+|\*)\}|(\s+)|([^{}\s]+)")
_WORD = re.compile(r"[A-Za-z][A-Za-z_]{2,}|[0-9]{4,}|->|<-|<<|>>")


class TemplateError(ValueError):
    """A template is wrong; the message says how."""


def words_of(text: str) -> set[str]:
    """Return the words of a line or of the literal parts of a template, in lower case."""
    return {word.lower() for word in _WORD.findall(text)}


def literal_words(template: str) -> set[str]:
    """Return the words that any line must have that the template matches.

    A word that touches a field can be longer in a line: ``{called}Service``.
    """
    return words_of(re.sub(r"\w*\0\w*", " ", re.sub(r"\{[^}]*\}", "\0", template)))


def check(template: str) -> None:
    """Raise :class:`TemplateError` if a template is wrong. Compiling all of them takes a second."""
    for field, _, _ in _parts(template):
        if field:
            _require_field(field)


@cache
def compiled(template: str, *, any_digit: bool = False) -> re.Pattern[str]:
    """Return a template as a pattern with a group for each field; raise :class:`TemplateError`.

    With ``any_digit`` it also matches other digits than the template's own.
    """
    parts = _parts(template)
    made, seen = [], set()
    for position, (field, space, literal) in enumerate(parts):
        if space:
            made.append(r"\s*")
        elif literal:
            made.append(_any_digit(literal, position) if any_digit else re.escape(literal))
        else:
            is_last = position == len(parts) - 1
            made.append(_field(field, position == 0, is_last, field in seen))
            seen.add(field)
    return re.compile("".join(made), re.IGNORECASE)


def digits_in(found: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield where the digits are that a template has itself, of a match with any of them."""
    for name in found.re.groupindex:
        if name.startswith(_DIGITS):
            yield found.span(name)


_DIGITS = "digits"


def _any_digit(literal: str, position: int) -> str:
    if not re.search("[0-9]", literal):
        return re.escape(literal)
    return f"(?P<{_DIGITS}{position}>{re.sub('[0-9]', '[0-9]', re.escape(literal))})"


def _parts(template: str) -> list[tuple[str, str, str]]:
    if not template.strip():
        raise TemplateError("a text must not be empty")
    found = list(_PART.finditer(template))
    if "".join(each[0] for each in found) != template:
        raise TemplateError(f"{template!r} has a brace that is no field")
    return [(each[1] or "", each[2] or "", each[3] or "") for each in found]


def _field(name: str, is_first: bool, is_last: bool, is_known: bool) -> str:
    _require_field(name)
    special: Mapping[str, str] = _LAST if is_last else _FIRST if is_first else {}
    pattern = special.get(name, FIELDS[name])
    if name in _SKIPPED or is_known:
        return f"(?:{pattern})"
    return f"(?P<{name}>{pattern})"


def _require_field(name: str) -> None:
    if name not in FIELDS:
        raise TemplateError(f"{{{name}}} is no field; there are {', '.join(sorted(FIELDS))}")
