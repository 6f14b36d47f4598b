"""Questions to name servers over UDP, and whether they were answered. Source: RFC 1035."""

from __future__ import annotations

from typing import NamedTuple

from dcmecho.capture.conversation import NameLookUp, Seen
from dcmecho.diagnosis.sanitize import PeerText

PORT = 53
_HEADER_BYTES = 12
_ANSWER = 0x80
_MOST = 256
_LONGEST_NAME = 255


class _Question(NamedTuple):
    name: bytes
    type: int


class Names:
    """The look-ups of a capture."""

    def __init__(self) -> None:
        """Begin with none."""
        self._found: dict[tuple[str, str, _Question], NameLookUp] = {}

    def asked(self, seen: Seen, client: str, server: str, message: bytes) -> None:
        """Take a message to port 53."""
        question = _question(message)
        if question is None or message[2] & _ANSWER:
            return
        key = client, server, question
        before = self._found.get(key)
        if before is not None:
            self._found[key] = before._replace(times=before.times + 1)
        elif self._has_room():
            name = PeerText(question.name)
            self._found[key] = NameLookUp(seen, client, server, name, question.type, 1, None)

    def answered(self, seen: Seen, client: str, server: str, message: bytes) -> None:
        """Take a message from port 53."""
        question = _question(message)
        if question is None or not message[2] & _ANSWER:
            return
        before = self._found.get((client, server, question))
        if before is not None and before.answered is None:
            self._found[client, server, question] = before._replace(answered=seen)

    def _has_room(self) -> bool:
        """Forget one that was answered, if there are many."""
        if len(self._found) >= _MOST:
            old = next((key for key, each in self._found.items() if each.answered), None)
            if old is None:
                return False
            del self._found[old]
        return True

    def look_ups(self) -> tuple[NameLookUp, ...]:
        """Return all, those without an answer first."""
        return tuple(sorted(self._found.values(), key=lambda each: each.answered is not None))


def _question(message: bytes) -> _Question | None:
    """Return the first question of a message, its name in small letters, ``None`` without one."""
    if len(message) < _HEADER_BYTES or message[4:6] == b"\0\0":
        return None
    labels, at = [], _HEADER_BYTES
    while at < len(message) and message[at] and at < _HEADER_BYTES + _LONGEST_NAME:
        labels.append(message[at + 1 : at + 1 + message[at]])
        at += 1 + message[at]
    if at + 5 > len(message) or message[at]:
        return None
    kind = (message[at + 1] << 8) | message[at + 2]
    return _Question(b".".join(labels).lower(), kind)
