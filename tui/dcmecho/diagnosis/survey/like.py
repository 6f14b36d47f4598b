"""Judges whether the peer would accept an object, from its answers about the SOP class."""

from __future__ import annotations

from collections.abc import Iterable

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.findings import FINDINGS, Finding, FindingId
from dcmecho.diagnosis.sanitize import title_bytes
from dcmecho.diagnosis.services.catalogue import Catalogue, SopClass, Syntax
from dcmecho.diagnosis.services.decoders import decoders_of
from dcmecho.diagnosis.services.model import (
    ContextReply,
    LikeOutcome,
    LikeResult,
    ObjectKind,
    SopClassRow,
)
from dcmecho.diagnosis.survey.matrix import Names
from dcmecho.diagnosis.target.target import Target
from dcmecho.standard.uids import NATIVE, is_private, is_video


def asked_for(kind: ObjectKind, catalogue: Catalogue) -> SopClass:
    """Return what to ask about an object: its own transfer syntax first, then all others."""
    known = catalogue.find(kind.sop_class_uid)
    syntaxes = known.syntaxes if known else catalogue.images
    own = next((each for each in syntaxes if each.uid == kind.transfer_syntax_uid), None)
    first = own or Syntax(kind.transfer_syntax_uid, "--", "its own", "own")
    others = tuple(each for each in syntaxes if each != first)
    short = known.short if known else kind.sop_class_name
    return SopClass(kind.sop_class_uid, short, "Object", (first, *others))


def judge(kind: ObjectKind, row: SopClassRow, target: Target, names: Names) -> LikeResult:
    """Judge an object from its row of answers."""
    own = row.cells[0].reply
    others = [cell.syntax for cell in row.cells[1:] if cell.reply is ContextReply.ACCEPTED]
    what = f"{kind.sop_class_name} with {kind.transfer_syntax_name}"
    if own is ContextReply.ACCEPTED:
        return LikeResult(kind, LikeOutcome.TAKEN, row, f"the peer accepts {what}")
    if own in (ContextReply.NOT_ASKED, ContextReply.UNANSWERED):
        return LikeResult(kind, LikeOutcome.NOT_ASKED, row, f"{what}: {own.words}")
    outcome = LikeOutcome.NOT_AS_IT_IS if others else LikeOutcome.REFUSED
    values = {
        "object": kind.sop_class_name,
        "syntax": kind.transfer_syntax_name,
        "taken": _listed(names(syntax.uid) for syntax in others),
        "tools": ", ".join(decoders_of(kind.transfer_syntax_uid)),
        "called_ae": title_bytes(target.called_ae),
        "calling_ae": title_bytes(target.calling_ae),
    }
    found = _why(kind, row, others, values)
    return LikeResult(kind, outcome, row, f"the peer does not accept {what}: {own.words}", (found,))


def _why(
    kind: ObjectKind, row: SopClassRow, others: list[Syntax], values: dict[str, str]
) -> Finding:
    if others:
        return FINDINGS.describe(_what_helps(kind, others), Confidence.PROVEN, values)
    seen = {cell.reply for cell in row.cells if cell.reply.is_refused}
    if ContextReply.USER_REJECTION in seen or ContextReply.NO_REASON in seen:
        return FINDINGS.describe(FindingId.OBJECT_USER_REJECTION, Confidence.LIKELY, values)
    if seen == {ContextReply.TRANSFER_SYNTAX}:
        return FINDINGS.describe(FindingId.OBJECT_NO_SYNTAX_TAKEN, Confidence.LIKELY, values)
    return FINDINGS.describe(FindingId.OBJECT_SOP_CLASS_REFUSED, Confidence.LIKELY, values)


def _what_helps(kind: ObjectKind, others: list[Syntax]) -> FindingId:
    own = kind.transfer_syntax_uid
    takes_native = any(syntax.uid in NATIVE for syntax in others)
    if not decoders_of(own):
        return _what_nobody_decodes(own)
    if takes_native and own in NATIVE:
        return FindingId.OBJECT_NEEDS_OTHER_ENCODING
    if takes_native:
        return FindingId.OBJECT_NEEDS_DECOMPRESSION
    return FindingId.OBJECT_NEEDS_OTHER_COMPRESSION


def _what_nobody_decodes(syntax_uid: str) -> FindingId:
    if is_private(syntax_uid):
        return FindingId.OBJECT_PRIVATE_SYNTAX
    if is_video(syntax_uid):
        return FindingId.OBJECT_VIDEO_REFUSED
    return FindingId.OBJECT_NO_KNOWN_DECODER


def _listed(names: Iterable[str]) -> str:
    several = list(names)
    if len(several) > 3:
        return f"{', '.join(several[:3])} and {len(several) - 3} more"
    return ", ".join(several)
