"""A DIMSE response as text: its status, or how the association ended instead."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from dcmecho.diagnosis.network.association import Abort, Answer, Ending
from dcmecho.diagnosis.sanitize import PeerText


class _Words(NamedTuple):
    """One ending in the grammatical forms that sentences need."""

    noun: str
    verb: str
    clause: str
    inserted: str


_ENDINGS: Mapping[Ending, _Words] = MappingProxyType(
    {
        Ending.CLOSED: _Words(
            noun="a closed connection",
            verb="closed",
            clause="the peer closed the connection",
            inserted="the connection was closed",
        ),
        Ending.RESET: _Words(
            noun="a reset connection",
            verb="reset the connection",
            clause="the connection was reset",
            inserted="the connection was reset",
        ),
    }
)


def code_text(status: int | None, words: str) -> str:
    """Return ``0xA700 (out of resources)``."""
    return "none" if status is None else f"0x{status:04X} ({words})"


def status_text(status: int | None, words: str, comment: PeerText) -> str:
    """Return ``status 0xA700 (out of resources): disk full``; empty without a status."""
    if status is None:
        return ""
    text = f"status {code_text(status, words)}"
    return f"{text}: {comment}" if comment else text


def ending_noun(answer: Answer) -> str:
    """Return ``a closed connection``: what came instead of a response, as a noun."""
    if answer.abort is not None:
        return _code(answer.abort)
    known = _ENDINGS.get(answer.ending)
    return known.noun if known else "bytes that are not DICOM"


def ending_verb(answer: Answer) -> str:
    """Return ``closed``: what the peer did instead of a response, as a verb."""
    if answer.abort is not None:
        return f"aborted ({answer.abort.source}/{answer.abort.reason}, {answer.abort.words})"
    return _ENDINGS.get(answer.ending, _ENDINGS[Ending.RESET]).verb


def ending_clause(answer: Answer) -> str:
    """Return ``the peer closed the connection``, as a whole sentence."""
    if answer.abort is not None:
        return f"{_code(answer.abort)} ({answer.abort.words})"
    known = _ENDINGS.get(answer.ending)
    return known.clause if known else answer.message or str(answer.ending)


def ending_inserted(answer: Answer) -> str:
    """Return ``the connection was closed``, for use in brackets."""
    if answer.abort is not None:
        return f"{_code(answer.abort)}, {answer.abort.words}"
    known = _ENDINGS.get(answer.ending)
    return known.inserted if known else answer.message or str(answer.ending)


def _code(abort: Abort) -> str:
    return f"A-ABORT {abort.source}/{abort.reason}"
