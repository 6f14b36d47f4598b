"""A report without the values of a site: pseudonyms stand for them, so that it can be handed over.

What diagnosis needs stays: what is the same and what is not, kinds of addresses and their subnets,
lengths and odd characters of titles, ports, times, software that is the same at every site.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import PurePath
from typing import Any, TypeVar

from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.target.target import Target
from dcmecho.report.json.diagnose import report_data
from dcmecho.report.redaction.known import (
    KnownValue,
    known_values,
    standard_words,
    values_of_target,
)
from dcmecho.report.redaction.pseudonyms import Pseudonyms
from dcmecho.report.redaction.texts import TextRedaction
from dcmecho.report.redaction.vocabulary import own_vocabulary

_T = TypeVar("_T")

_OURS = frozenset(
    {"schema", "source", "run_id", "started", "began", "ended", "last_ok", "id", "kind", "what"}
)
"""Keys and fields whose texts are dcmecho's own: ids, names of enums, times."""

_BYTES = frozenset({"first_bytes", "raw", "bytes"})
"""Keys of bytes in hexadecimal, of which nothing stays."""

_UID_BEGINS = frozenset("012")
"""With what a UID begins (PS3.5 9): no key of ours does."""


class Redaction:
    """Redacts with one secret: the same value has the same pseudonym in all that it returns."""

    def __init__(self, secret: bytes) -> None:
        self._pseudonyms = Pseudonyms(secret)

    def name(self, name: str) -> str:
        """Return the pseudonym of a name, such as it stands in the reports."""
        return self._pseudonyms.of(name)

    def report(self, report: Report) -> Report:
        """Return a report, with all that belongs to it, without the values of the site."""
        data = report_data(report)
        return _Walk(self._texts(data, values_of_target(report.target))).of(report)

    def data(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return a report that was read from JSON without the values of the site."""
        return _Walk(self._texts(data)).of(dict(data))

    def event(self, event: _T, target: Target | None) -> _T:
        """Return an event of a run at ``target`` without the values of the site."""
        known = values_of_target(target) if target else ()
        return _Walk(self._texts({}, known)).of(event)

    def _texts(self, data: Mapping[str, Any], more: Iterable[KnownValue] = ()) -> TextRedaction:
        vocabulary = own_vocabulary().with_words_of(standard_words(data))
        return TextRedaction(self._pseudonyms, vocabulary, (*more, *known_values(data)))


class _Walk:
    """Goes through values of any shape and changes every text in them."""

    def __init__(self, texts: TextRedaction) -> None:
        self._texts = texts

    def of(self, value: _T) -> _T:
        found: Any = self._changed(value)
        return found  # type: ignore[no-any-return]

    def _changed(self, value: Any) -> Any:
        match value:
            case Enum():
                return value
            case str():
                return self._texts.of(value)
            case PeerText():
                return PeerText(self._texts.of(value.raw)) if value else value
            case bytes() | bytearray():
                return b""
            case PurePath():
                return type(value)(self._texts.of(str(value)))
            case Mapping():
                return {self._key(key): self._member(key, each) for key, each in value.items()}
            case tuple() if hasattr(value, "_fields"):
                return type(value)(*map(self._member, value._fields, value))
            case list() | tuple() | frozenset() | set():
                return type(value)(map(self._changed, value))
            case _ if is_dataclass(value) and not isinstance(value, type):
                return self._dataclass(value)
            case _:
                return value

    def _key(self, key: Any) -> Any:
        """Return a key, which can be the UID of a transfer syntax of the site."""
        return self._texts.of(key) if isinstance(key, str) and key[:1] in _UID_BEGINS else key

    def _dataclass(self, value: Any) -> Any:
        names = [each.name for each in fields(value) if each.init]
        return replace(value, **{name: self._member(name, getattr(value, name)) for name in names})

    def _member(self, name: object, value: Any) -> Any:
        if name in _BYTES:
            return type(value)()
        # A call has an address by the name that our word for the origin of a report has, and an
        # answer about a file has by the name of our words for kinds what that file is.
        is_ours = name in _OURS and isinstance(value, str)
        return value if is_ours else self._changed(value)
