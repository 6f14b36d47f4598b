"""Variables as a .env file sets them: ``NAME=value``, a quoted value over several lines too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dcmecho.profiles.exchange.formats.syntax.variable import Variable

_FIRST = re.compile(r"(?:export\s+)?[A-Za-z_]\w*=")
_PAIR = re.compile(
    r"^[^\S\n]*(?:export[^\S\n]+)?(?P<name>[A-Za-z_]\w*)=[^\S\n]*"
    r"(?:'(?P<single>[^']*)(?:'|\Z)|\"(?P<double>[^\"\\]*(?:\\.[^\"\\]*)*)(?:\"|\\?\Z)"
    r"|(?P<bare>[^\n]*))",
    re.MULTILINE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def looks_like_dotenv(text: str) -> bool:
    """Report whether the first line that is no comment sets a variable."""
    said = (line.strip() for line in text.split("\n"))
    first = next((line for line in said if line and not line.startswith("#")), "")
    return _FIRST.match(first) is not None


def read_variables(text: str) -> Iterator[Variable]:
    """Yield the variables. Raises nothing."""
    line, counted_to = 1, 0
    for pair in _PAIR.finditer(text):
        line += text.count("\n", counted_to, pair.start("name"))
        counted_to = pair.start("name")
        yield Variable(pair["name"], _value(pair), line, line)


def _value(pair: re.Match[str]) -> str:
    if pair["double"] is not None:
        return _ESCAPED.sub(lambda each: "\n" if each[1] == "n" else each[1], pair["double"])
    return pair["single"] if pair["single"] is not None else pair["bare"].strip()
