"""The words about a cause, where an observer has not measured what a check measures. No I/O.

A sentence about a value that is not known is left out: "an unknown number of some bytes" helps
nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import TypeVar

from dcmecho.diagnosis.cause import Cause, CauseId, Confidence
from dcmecho.diagnosis.causes.findings import FINDINGS, FindingId
from dcmecho.diagnosis.causes.texts import CAUSES
from dcmecho.diagnosis.causes.words import CauseWords

Id = TypeVar("Id", CauseId, FindingId)

_MISSING = "\0"
_NATURAL = frozenset(
    {
        "host",
        "peer_address",
        "local_address",
        "time",
        "this_machine",
        "This_machine",
        "server_name",
        "loopback",
        "vantage",
        "moment",
        "object",
        "syntax",
        "comment",
        "seconds",
    }
)
"""Placeholders whose neutral words can be read for a value."""
_TRIED = (
    "In segments of",
    "The same request in segments",
    "All data that was sent is acknowledged",
    "Smaller requests are",
    "From there on, the data",
)
"""How sentences begin that tell what only a check has tried."""
_SENTENCE = re.compile(r"(?<=[.!?]) +(?=[A-Z\0\"(])")


def described(
    cause: CauseId | FindingId, sure: Confidence, values: Mapping[str, str]
) -> Cause[CauseId] | Cause[FindingId]:
    """Return the words about a cause, without what only a check would know."""
    if isinstance(cause, CauseId):
        return _told(_bare_causes(), CAUSES, cause, sure, values)
    return _told(_bare_findings(), FINDINGS, cause, sure, values)


@cache
def _bare_causes() -> CauseWords[CauseId]:
    return replace(CAUSES, neutral=_bare(CAUSES.neutral))


@cache
def _bare_findings() -> CauseWords[FindingId]:
    return replace(FINDINGS, neutral=_bare(FINDINGS.neutral))


def _bare(neutral: Mapping[str, str]) -> Mapping[str, str]:
    return {name: text if name in _NATURAL else _MISSING for name, text in neutral.items()}


def _told(
    bare: CauseWords[Id],
    usual: CauseWords[Id],
    cause: Id,
    sure: Confidence,
    values: Mapping[str, str],
) -> Cause[Id]:
    told, fallback = bare.describe(cause, sure, values), usual.describe(cause, sure, values)
    return told._replace(
        title=fallback.title if _MISSING in told.title else told.title,
        explanation=_explanation(told.explanation, told.title) or told.explanation,
        actions=tuple(_known_of(told.actions)),
        behind=tuple(each for each in told.behind if _MISSING not in each.text),
        where=tuple(each for each in told.where if _MISSING not in each.text),
    )


def _explanation(text: str, title: str) -> str:
    """Return a text without what is not known; its title stands for a beginning that is not."""
    begins = _is_known(_SENTENCE.split(text)[0])
    return _known(text) if begins or not _is_known(title) else f"{title}. {_known(text)}".strip()


def _known(text: str) -> str:
    """Return a text without the sentences that lack a value."""
    return " ".join(part for part in _SENTENCE.split(text) if _is_known(part))


def _is_known(sentence: str) -> bool:
    return _MISSING not in sentence and not sentence.startswith(_TRIED)


def _known_of(texts: Iterable[str]) -> Iterator[str]:
    yield from filter(None, map(_known, texts))
