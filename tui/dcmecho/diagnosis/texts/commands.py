"""The command line of a DICOM tool in a pasted text: whom it called."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import NamedTuple

from dcmecho.diagnosis.target.digits import is_whole

_SERVICES: Mapping[str, str] = {
    "echoscu": "C-ECHO",
    "storescu": "C-STORE",
    "dcmsend": "C-STORE",
    "findscu": "C-FIND",
    "movescu": "C-MOVE",
    "getscu": "C-GET",
    "dcmecho": "C-ECHO",
    "dicom_echo": "C-ECHO",
}
_COMMAND = re.compile(
    r"(?:^|[\s/\\>$#])(echoscu|storescu|dcmsend|findscu|movescu|getscu|dcmecho|dicom_echo)"
    r"(?:\.exe|\.py|\.bat)?\s+(?=\S)(.{3,400})"
)
_CALLED = ("-aec", "--call", "-c")
_CALLING = ("-aet", "--aetitle", "-b", "--bind")
_WITH_VALUE = re.compile(r"^(?:-(?:aem|to|ta|td|pdu|ll|k|P|S|m|L)|--(?:max-pdu|log-level|repeat))$")
_AT = re.compile(r"^([^@\s]{1,16})@([\w.\-]+):([0-9]{1,5})$")


class Command(NamedTuple):
    """What a command line tells."""

    service: str
    values: Mapping[str, str]


def may_be_command(line: str) -> bool:
    """Report whether a line can have a command; looks at none of its digits."""
    return "scu" in line or "dcmsend" in line or "dcmecho" in line or "dicom_echo" in line


def command_in(line: str) -> Command | None:
    """Return the command in a line; ``None`` if there is none with a host and a port."""
    found = _COMMAND.search(line)
    if found is None:
        return None
    values = _values(_split(found[2]))
    return Command(_SERVICES[found[1]], values) if "port" in values else None


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text, posix="\\" not in text)
    except ValueError:
        return text.split()


def _values(words: list[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    plain: list[str] = []
    position = 0
    while position < len(words):
        word, following = words[position], (words[position + 1 : position + 2] or [""])[0]
        at = _AT.match(following)
        if word in _CALLED and at:
            values |= {"called": at[1], "host": at[2], "port": at[3]}
        elif word in _CALLED:
            values["called"] = following
        elif word in _CALLING:
            values["calling"] = following.partition("@")[0]
        elif not _WITH_VALUE.match(word):
            position -= 1
            if not word.startswith("-"):
                plain.append(word)
        position += 2
    if len(plain) > 1 and is_whole(plain[1]):
        values |= {"host": plain[0], "port": plain[1]}
    return values
