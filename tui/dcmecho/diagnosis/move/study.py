"""A Study Instance UID as a person types it."""

from __future__ import annotations

import re

_MOST_CHARACTERS = 64
_UID = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+")


def uid_fault(uid: str) -> str:
    """What is wrong with a UID (PS3.5 9.1), in words; empty where nothing is."""
    if not uid:
        return "the Study Instance UID of a phantom study is needed"
    if any(each in uid for each in "*?\\"):
        return "it has to be one study: no wildcards and no lists"
    if len(uid) > _MOST_CHARACTERS:
        return f"it has {len(uid)} characters, and a UID at most {_MOST_CHARACTERS}"
    if _UID.fullmatch(uid) is None:
        return "no UID: numbers without leading zeros, with dots between them"
    return ""
