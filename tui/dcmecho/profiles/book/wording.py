"""Words for the problems of a file: values, and the name probably meant. No I/O."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable

from dcmecho.diagnosis.sanitize import BRIEF, printable

_LIKENESS = 0.85
"""Minimum similarity of group names. High, because any name is allowed for a group."""


def shown(value: object) -> str:
    """Return a value much as it is in the file, printable and not too long."""
    if isinstance(value, str | bool):
        return printable(json.dumps(value, ensure_ascii=False), BRIEF)
    try:
        return printable(str(value), BRIEF)
    except (RecursionError, ValueError):
        # Nested thousands deep, or a number of thousands of digits.
        return "this value"


def normalized(key: str) -> str:
    """Return a key as dcmecho writes it: ``Do-Not-Probe`` is ``do_not_probe``."""
    return key.lower().replace("-", "_")


def nearest(key: str, known: Iterable[str]) -> str | None:
    """Return the known name most similar to a misspelled key, or ``None``."""
    names = [str(each) for each in known]
    return next(iter(difflib.get_close_matches(normalized(key), names, n=1)), None)


def suggestion(key: str, known: Iterable[str]) -> str:
    """Return ``. Did you mean port?``, or an empty text if no known name is similar."""
    name = nearest(key, known)
    return f". Did you mean {name}?" if name else ""


def nearest_group(name: str, known: Iterable[str]) -> str | None:
    """Return the group most similar to a misspelled name; names with other digits are not."""
    alike = {each.lower(): each for each in known if _digits(each) == _digits(name)}
    near = difflib.get_close_matches(name.lower(), alike, n=1, cutoff=_LIKENESS)
    return alike[near[0]] if near else None


def _digits(text: str) -> list[str]:
    return re.findall(r"\d", text)
