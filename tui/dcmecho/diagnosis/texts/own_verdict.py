"""From a pasted report of dcmecho to what it said: its own causes, as sure as it was. No I/O."""

from __future__ import annotations

from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.observed.association import C_ECHO
from dcmecho.diagnosis.texts.assembling import Seen
from dcmecho.diagnosis.texts.judging import Judged, judge, kind_of
from dcmecho.diagnosis.texts.own_report import OwnVerdict
from dcmecho.diagnosis.verdict import VerdictStatus


def judged(seen: Seen) -> Judged | None:
    """Return what a text tells of a failure: dcmecho's report what it says, others by judging."""
    own = seen.own
    by_messages = judge(seen)
    if own is None or own.verdict is None:
        return by_messages
    if own.verdict.status is VerdictStatus.OK:
        return None
    return _as_said(seen, own.verdict, by_messages)


def _as_said(seen: Seen, verdict: OwnVerdict, by_messages: Judged | None) -> Judged:
    assert seen.own is not None
    said = tuple((each.id, each.sure) for each in seen.own.causes)
    if by_messages is not None:
        return by_messages._replace(
            stage=verdict.stage, found=said or by_messages.found, service=C_ECHO
        )
    kind = kind_of(said[0][0]) if said else EvidenceKind.PEER_ODD
    return Judged(verdict.stage, kind, {}, said, C_ECHO)
