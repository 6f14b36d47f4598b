"""What the rungs of the ladder and the people who act are called, wherever a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dcmecho.diagnosis.answers import AnswerKind
from dcmecho.diagnosis.model import StageId, Who

STAGE_NAMES: Mapping[StageId, str] = MappingProxyType(
    {
        StageId.PROFILE: "Profile",
        StageId.RESOLVE: "Name",
        StageId.CONNECT: "TCP",
        StageId.TLS: "TLS",
        StageId.ASSOCIATE: "Association",
        StageId.AE_TITLE: "AE titles",
        StageId.CONTEXT: "Verification",
        StageId.ECHO: "C-ECHO",
        StageId.RELEASE: "Release",
    }
)

ANSWERS: Mapping[AnswerKind, str] = MappingProxyType(
    {
        AnswerKind.GREEN: "C-ECHO answered with success",
        AnswerKind.REJECTED_CALLED: "rejected: called AE title not recognised",
        AnswerKind.REJECTED_CALLING: "rejected: calling AE title not recognised",
        AnswerKind.REJECTED_APP_CONTEXT: "rejected: application context not supported",
        AnswerKind.REJECTED_FOR_NOW: "rejected for the moment",
        AnswerKind.REJECTED: "rejected",
        AnswerKind.ABORTED: "aborted in answer to the request",
        AnswerKind.ABORTED_AT_ECHO: "accepted, then aborted at C-ECHO",
        AnswerKind.CLOSED_AT_ECHO: "accepted, then closed at C-ECHO",
        AnswerKind.NO_ECHO: "accepted, C-ECHO not answered",
        AnswerKind.ECHO_STATUS: "accepted, C-ECHO answered with a failure",
        AnswerKind.CONTEXT_REFUSED: "accepted, C-ECHO not among what it offers",
        AnswerKind.SILENT: "no answer",
        AnswerKind.EATEN: "no answer, the request was lost on the way",
        AnswerKind.CLOSED: "the connection was closed or reset",
        AnswerKind.NOT_DICOM: "an answer that is not DICOM",
        AnswerKind.TLS_DONE: "TLS was agreed",
        AnswerKind.TLS_REFUSED: "TLS is spoken there, and was refused",
        AnswerKind.TLS_BROKEN: "the TLS handshake was broken off",
        AnswerKind.TLS_SILENT: "no answer to the TLS greeting",
        AnswerKind.NOT_TLS: "an answer that is not TLS",
        AnswerKind.UNREACHED: "nothing was reached",
    }
)

WHO_ACTS: Mapping[Who, str] = MappingProxyType(
    {Who.YOU: "you", Who.NETWORK: "network team", Who.PEER: "peer's administrator"}
)

CONTEXT_RESULTS: Mapping[int, str] = MappingProxyType(
    {
        0: "accepted",
        1: "user rejection",
        2: "no reason",
        3: "abstract syntax not supported",
        4: "transfer syntaxes not supported",
    }
)
"""The results of a presentation context (PS3.8 9.3.3.2)."""


def duration(elapsed_ms: float) -> str:
    """A measured duration, with as many digits as it deserves."""
    if elapsed_ms < 9.95:
        return f"{elapsed_ms:.1f} ms"
    if elapsed_ms < 1000:
        return f"{elapsed_ms:.0f} ms"
    return f"{elapsed_ms / 1000:.1f} s"
