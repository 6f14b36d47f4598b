"""The words about each cause, read from ``causes.toml`` and filled with what a run saw."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from types import MappingProxyType

from dcmecho.diagnosis.cause import Cause, CauseId, Confidence, Who

_FILE = "causes.toml"

_FALLBACKS: Mapping[str, str] = MappingProxyType(
    {
        "called_ae": "(called title unknown)",
        "calling_ae": "(calling title unknown)",
        "host": "the host",
        "port": "(unknown)",
        "peer_address": "the peer",
        "local_address": "this machine's address",
        "triple": "(code unknown)",
        "status": "(code unknown)",
        "error": "nothing more",
        "seen": "no bytes",
        "seconds": "some",
        "subject": "(subject unknown)",
        "issuer": "(issuer unknown)",
        "names": "no name",
        "server_name": "the host",
        "not_before": "(date unknown)",
        "not_after": "(date unknown)",
        "days": "some",
        "missing": "(not known which)",
        "moment": "on C-ECHO",
        "alert": "none seen",
        "own_subject": "no certificate",
    }
)

PLACEHOLDERS = frozenset(_FALLBACKS)
"""The names that a text may hold in braces; ``causes.toml`` explains them."""


class CauseTableError(ValueError):
    """``causes.toml`` is not as it should be: the message names the table, the key, the fault."""


@dataclass(frozen=True, slots=True)
class CauseText:
    """The words about one cause, with placeholders unfilled; ``brief`` is empty for none."""

    id: CauseId
    title: str
    explanation: str
    who: Who
    actions: tuple[str, ...]
    reference: str
    brief: str = ""


def describe(cause_id: CauseId, confidence: Confidence, values: Mapping[str, str]) -> Cause:
    """Put ``values`` (by placeholder) into the words about a cause.

    A value that is missing or empty becomes a neutral phrase. Values are data: braces and markup
    in them stay as they are. They have to be printable already (see ``sanitize``).
    """
    text = cause_texts()[cause_id]
    return Cause(
        id=cause_id,
        confidence=confidence,
        title=fill(text.title, values),
        explanation=fill(text.explanation, values),
        who=text.who,
        actions=tuple(fill(action, values) for action in text.actions),
        reference=text.reference,
    )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put ``values`` into one text of a data file; the missing ones become neutral phrases."""
    return text.format_map(
        {**_FALLBACKS, **{name: value for name, value in values.items() if value}}
    )


@cache
def cause_texts() -> Mapping[CauseId, CauseText]:
    """Read the words about every cause, once. Raises :class:`CauseTableError`."""
    source = files(__package__).joinpath(_FILE).read_text(encoding="utf-8")
    return parse_cause_texts(source)


def parse_cause_texts(source: str) -> Mapping[CauseId, CauseText]:
    """Read the TOML of ``causes.toml``; every cause has to be there, and no other.

    Raises :class:`CauseTableError`.
    """
    try:
        tables = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise CauseTableError(f"{_FILE}: {error}") from error
    unknown = tables.keys() - set(CauseId)
    if unknown:
        raise CauseTableError(f"{_FILE}: no such cause: {', '.join(sorted(unknown))}")
    missing = set(CauseId) - tables.keys()
    if missing:
        raise CauseTableError(f"{_FILE}: causes without words: {', '.join(sorted(missing))}")
    return MappingProxyType({cause: _cause_text(cause, tables[cause]) for cause in CauseId})


def _cause_text(cause_id: CauseId, table: object) -> CauseText:
    if not isinstance(table, dict):
        raise CauseTableError(f"{_FILE}: {cause_id} must be a table")
    stray = table.keys() - {"title", "brief", "explanation", "who", "actions", "reference"}
    if stray:
        raise CauseTableError(f"{_FILE}: {cause_id}: no such key: {', '.join(sorted(stray))}")
    return CauseText(
        id=cause_id,
        title=_text(cause_id, "title", table.get("title")),
        explanation=_text(cause_id, "explanation", table.get("explanation")),
        who=_who(cause_id, table.get("who")),
        actions=_actions(cause_id, table.get("actions")),
        reference=_text(cause_id, "reference", table.get("reference")),
        brief=_text(cause_id, "brief", table["brief"]) if "brief" in table else "",
    )


def _who(cause_id: CauseId, value: object) -> Who:
    for who in Who:
        if value == who:
            return who
    raise CauseTableError(f"{_FILE}: {cause_id}: who must be one of {', '.join(Who)}")


def _actions(cause_id: CauseId, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise CauseTableError(f"{_FILE}: {cause_id}: actions must be a list of next steps")
    return tuple(_text(cause_id, "actions", action) for action in value)


def _text(cause_id: CauseId, key: str, value: object) -> str:
    """One line of text whose placeholders all exist. Line breaks become spaces."""
    if not isinstance(value, str) or not value.strip():
        raise CauseTableError(f"{_FILE}: {cause_id}: {key} must be a text")
    try:
        parts = list(Formatter().parse(value))
    except ValueError as error:
        raise CauseTableError(f"{_FILE}: {cause_id}: {key}: {error}") from error
    for _, name, specification, conversion in parts:
        if name is not None and (name not in PLACEHOLDERS or specification or conversion):
            known = ", ".join(sorted(PLACEHOLDERS))
            raise CauseTableError(
                f"{_FILE}: {cause_id}: {key}: {{{name}}} is no placeholder; there are {known}"
            )
    return " ".join(value.split())
