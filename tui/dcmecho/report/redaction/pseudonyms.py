"""Stable pseudonyms: the same value has the same one wherever the same secret is used."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import assert_never

from dcmecho.diagnosis.target.target import DEFAULT_CALLED_AE, DEFAULT_CALLING_AE
from dcmecho.report.redaction.addresses import address_in, other_address
from dcmecho.report.redaction.keyed import digest
from dcmecho.report.redaction.letters import other_letters
from dcmecho.standard.implementations import is_known_uid, is_known_version
from dcmecho.standard.uids import is_private

_UID = re.compile(r"[0-9]+(?:\.[0-9]+){4,}")
_KEPT = frozenset({DEFAULT_CALLED_AE.casefold(), DEFAULT_CALLING_AE.casefold(), "localhost"})
"""What is the same at every site."""

_UUID_ROOT = "2.25"
_UUID_BYTES = 16


class Kind(Enum):
    """What a value is, as far as its pseudonym depends on that."""

    NAME = auto()
    """A title, a host, an address, a UID, a name: its form stays."""
    SOFTWARE = auto()
    """The name of a product, which stays if it is known."""
    NUMBER = auto()
    """A serial number or a fingerprint: of the same length."""
    SUBJECT = auto()
    FILE = auto()
    SENTENCE = auto()
    """Free text, of which nothing stays."""
    SAID = auto()
    """Free text that stays if all its words are dcmecho's own."""


class Pseudonyms:
    """The pseudonyms that belong to one secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def of(self, value: str, kind: Kind = Kind.NAME) -> str:
        """Return the pseudonym of a value; one that is the same at every site stays."""
        match kind:
            case Kind.NAME:
                return self._name(value)
            case Kind.SOFTWARE:
                return value if is_known_version(value) else self._name(value)
            case Kind.NUMBER:
                return digest(self._secret, value, (len(value) + 1) // 2).hex()[: len(value)]
            case Kind.SUBJECT:
                return self._token("subject", value)
            case Kind.FILE:
                return self._token("file", value)
            case Kind.SENTENCE | Kind.SAID:
                return self._token("text", value)
            case _:
                assert_never(kind)

    def _name(self, value: str) -> str:
        if value.casefold() in _KEPT:
            return value
        if (address := address_in(value)) is not None:
            return other_address(self._secret, address)
        if _UID.fullmatch(value):
            return self._uid(value)
        if "." in value and " " not in value:
            # The labels of a host name on their own: hosts of one domain stay such.
            return ".".join(other_letters(self._secret, label) for label in value.split("."))
        return other_letters(self._secret, value)

    def _uid(self, uid: str) -> str:
        if not is_private(uid) or is_known_uid(uid):
            return uid
        number = int.from_bytes(digest(self._secret, uid, _UUID_BYTES), "big")
        return f"{_UUID_ROOT}.{number}"

    def _token(self, word: str, value: str) -> str:
        return f"{word}-{digest(self._secret, f'{word} {value}', 4).hex()}"
