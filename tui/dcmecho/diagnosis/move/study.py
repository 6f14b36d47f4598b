"""Checks a Study Instance UID that a person typed."""

from __future__ import annotations

import re

_MOST_CHARACTERS = 64
_UID = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+")


def uid_fault(uid: str) -> str:
    """Return what is wrong with a UID (PS3.5 9.1), in words, or an empty text."""
    if not uid:
        return "enter the Study Instance UID of a test study"
    if any(each in uid for each in "*?\\"):
        return "enter one study. Wildcards and lists are not allowed"
    if len(uid) > _MOST_CHARACTERS:
        return f"it has {len(uid)} characters, but a UID has at most {_MOST_CHARACTERS}"
    if _UID.fullmatch(uid) is None:
        return "not a UID. Use numbers without leading zeros, separated by dots"
    return ""
