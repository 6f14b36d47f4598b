"""How the problems of a file show a value, and the name that was probably meant. Pure."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable

from dcmecho.diagnosis.sanitize import printable

_LONGEST_VALUE = 60
_LIKENESS = 0.85
"""Names of groups are free: only a typing error shall be taken for one."""


def shown(value: object) -> str:
    """Write a value much as the file has it, printable and not too long."""
    if isinstance(value, str | bool):
        return printable(json.dumps(value, ensure_ascii=False), limit=_LONGEST_VALUE)
    return printable(str(value), limit=_LONGEST_VALUE)


def normalized(key: str) -> str:
    """Write a key the way dcmecho does: ``Do-Not-Probe`` is ``do_not_probe``."""
    return key.lower().replace("-", "_")


def nearest(key: str, known: Iterable[str]) -> str | None:
    """Find the known name that a misspelled key is most like; ``None`` where none is close."""
    names = [str(each) for each in known]
    return next(iter(difflib.get_close_matches(normalized(key), names, n=1)), None)


def suggestion(key: str, known: Iterable[str]) -> str:
    """Write ``: did you mean port?``, or nothing where no known name is close."""
    name = nearest(key, known)
    return f": did you mean {name}?" if name else ""


def nearest_group(name: str, known: Iterable[str]) -> str | None:
    """Find the group that a misspelled name is most like. ``CT 2`` is none of ``CT 1``."""
    alike = {each.lower(): each for each in known if _digits(each) == _digits(name)}
    near = difflib.get_close_matches(name.lower(), alike, n=1, cutoff=_LIKENESS)
    return alike[near[0]] if near else None


def _digits(text: str) -> list[str]:
    return re.findall(r"\d", text)
