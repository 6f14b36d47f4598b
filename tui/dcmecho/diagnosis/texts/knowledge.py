"""What each software writes, read from the TOML files in ``software/`` and checked strictly."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.texts.template import TemplateError, check, literal_words

_PACKAGE = "dcmecho.diagnosis.texts.software"


class Tells(StrEnum):
    """What a message tells of the course of an association, besides a failure."""

    NAMES = "names"
    """Nothing but values, or that this software wrote the text."""
    REQUESTED = "requested"
    """This side requests an association: a new one begins."""
    RECEIVED = "received"
    """This side received a request or a connection: a new one begins."""
    CONNECTED = "connected"
    """TCP is connected."""
    ENCRYPTED = "encrypted"
    """The TLS handshake is complete."""
    ACCEPTED = "accepted"
    """The association was accepted."""
    COMMAND = "command"
    """A command was sent or received; its ``service``."""
    ANSWERED = "answered"
    """A command was answered with success."""
    RELEASING = "releasing"
    """This side asks for the release."""
    RELEASED = "released"
    """The association ended normally."""
    ENDED = "ended"
    """It ended, in whatever way."""
    OWN_ABORT = "own-abort"
    """This side aborts: the reason stands before it."""
    FAILS = "fails"
    """A failure of the request follows in this line or the next: a new association, if this one
    has failed already."""

    ELSEWHERE = "elsewhere"
    """Another connection is spoken of, to a database or a web server: what the system writes is
    about that one, until a DICOM program writes again."""


_TIMED = (Tells.REQUESTED, Tells.RECEIVED, Tells.FAILS)


class Side(StrEnum):
    """The side of the association on which the writer stands."""

    CALLING = "calling"
    CALLED = "called"


class Moment(StrEnum):
    """When in the association something failed."""

    REQUEST = "request"
    """Until it was accepted."""
    COMMAND = "command"
    """After that."""
    RELEASE = "release"
    """While it was released."""


AnyCauseId = CauseId | FindingId


@dataclass(frozen=True, slots=True)
class Message:
    """One message of one software: its texts, and what they say."""

    software: str
    texts: tuple[str, ...]
    keys: tuple[frozenset[str], ...]
    """For each text the words that a line must have to match it."""
    tells: Tells | None
    evidence: EvidenceKind | None
    """The kind of evidence that a check would have collected."""
    causes: tuple[AnyCauseId, ...]
    """What it can mean, the most likely first, where that is not what its evidence means."""
    is_proof: bool
    """Whether it proves the first of its causes."""
    data: Mapping[str, str | int]
    """Values of fields that its text implies."""
    side: Side | None
    moment: Moment | None
    service: str
    rank: int
    """How much it says: 0 follows from another failure, 1 is shared by many, 2 usual, 3 exact.

    4 tells the consequence of what stands before it.
    """
    is_generic: bool
    """Others write it too: it counts only where something else shows this software."""
    cannot_tell: str
    look_for: str
    since: str
    seen: str
    is_of_system: bool
    """The system, the language or a library writes it, inside any program: it counts only where a
    DICOM program wrote something of the same association."""

    @property
    def is_failure(self) -> bool:
        """Report whether it says that an association failed."""
        return self.evidence is not None or bool(self.causes)

    @property
    def is_timed(self) -> bool:
        """Report whether the time of its line is that of a failure or a beginning."""
        return self.is_failure or self.tells in _TIMED


@dataclass(frozen=True, slots=True)
class Software:
    """A software, or a family of them that write the same."""

    name: str
    versions: str
    messages: tuple[Message, ...]


class KnowledgeError(ValueError):
    """A file is wrong; the message names the file, the text and the error."""


_KEYS = frozenset(
    {
        "text",
        "tells",
        "evidence",
        "causes",
        "proves",
        "data",
        "side",
        "moment",
        "service",
        "rank",
        "generic",
        "cannot_tell",
        "look_for",
        "since",
        "seen",
    }
)
_SERVICES = ("", "C-ECHO", "C-STORE", "C-FIND", "C-MOVE", "C-GET")
_RANKS = range(5)
_SEEN = ("run", "source", "thread", "use")
_CAUSE_IDS: Mapping[str, AnyCauseId] = {
    each.value: each for ids in (CauseId, FindingId) for each in ids
}


@cache
def known_software() -> tuple[Software, ...]:
    """Return everything that is known. Raises :class:`KnowledgeError`."""
    found = [each for each in files(_PACKAGE).iterdir() if each.name.endswith(".toml")]
    by_name = sorted(found, key=lambda each: each.name)
    return tuple(parse(each.name, each.read_text(encoding="utf-8")) for each in by_name)


def parse(file: str, source: str) -> Software:
    """Read one file. Raises :class:`KnowledgeError`."""
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError(f"{file}: {error}") from error
    if stray := table.keys() - {"name", "versions", "system", "message"}:
        raise KnowledgeError(f"{file}: no such key: {', '.join(sorted(stray))}")
    name = str(table.get("name", ""))
    if not name:
        raise KnowledgeError(f"{file}: name is missing")
    system = bool(table.get("system", False))
    messages = tuple(_message(file, name, system, each) for each in table.get("message", ()))
    return Software(name, str(table.get("versions", "")), messages)


def _message(file: str, software: str, is_of_system: bool, table: Mapping[str, Any]) -> Message:
    given = table.get("text", ())
    texts = (given,) if isinstance(given, str) else tuple(given)
    where = f"{file}: {texts[0] if texts else 'a message without text'}"
    if stray := table.keys() - _KEYS:
        raise KnowledgeError(f"{where}: no such key: {', '.join(sorted(stray))}")
    if not texts or not any(key in table for key in ("tells", "evidence", "causes")):
        raise KnowledgeError(f"{where}: needs a text, and tells, evidence or causes")
    try:
        return Message(
            software=software,
            texts=texts,
            keys=tuple(map(_key, texts)),
            tells=Tells(table["tells"]) if "tells" in table else None,
            evidence=EvidenceKind(table["evidence"]) if "evidence" in table else None,
            causes=_causes(table.get("causes", ())),
            is_proof=bool(table.get("proves", False)),
            data=MappingProxyType(dict(table.get("data", {}))),
            side=Side(table["side"]) if "side" in table else None,
            moment=Moment(table["moment"]) if "moment" in table else None,
            service=_one_of(_SERVICES, str(table.get("service", ""))),
            rank=_rank(table.get("rank", 2)),
            is_generic=is_of_system or bool(table.get("generic", False)),
            cannot_tell=str(table.get("cannot_tell", "")),
            look_for=str(table.get("look_for", "")),
            since=str(table.get("since", "")),
            seen=_one_of(_SEEN, str(table.get("seen", ""))),
            is_of_system=is_of_system,
        )
    except (ValueError, TemplateError) as error:
        raise KnowledgeError(f"{where}: {error}") from error


def _key(text: str) -> frozenset[str]:
    check(text)
    found = frozenset(literal_words(text))
    if not found:
        raise TemplateError(
            f"{text!r} needs a word of three letters or more, or an arrow, beside its fields"
        )
    return found


def _causes(names: Iterable[str]) -> tuple[AnyCauseId, ...]:
    if unknown := [name for name in names if name not in _CAUSE_IDS]:
        raise ValueError(f"no such cause: {', '.join(unknown)}")
    return tuple(_CAUSE_IDS[name] for name in names)


def _one_of(allowed: tuple[str, ...], value: str) -> str:
    if value not in allowed:
        raise ValueError(f"{value!r} is none of {', '.join(filter(None, allowed))}")
    return value


def _rank(value: object) -> int:
    if not isinstance(value, int) or value not in _RANKS:
        raise ValueError(f"rank {value!r} is none of 0, 1, 2, 3, 4")
    return value
