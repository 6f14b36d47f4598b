"""A C-MOVE and its sub-associations, set beside each other."""

from __future__ import annotations

from collections.abc import Sequence

from dcmecho.capture.associations.account import Account
from dcmecho.capture.associations.wording import destination_of
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.observed.service_reasoning import C_MOVE, likely
from dcmecho.diagnosis.verdict import VerdictStatus


def with_subs(accounts: Sequence[Account]) -> list[Account]:
    """Set each C-MOVE and its sub-associations beside each other."""
    found = list(accounts)
    for place, mover in enumerate(accounts):
        if mover.judged.service != C_MOVE:
            continue
        subs = [n for n, each in enumerate(accounts) if _is_sub(each, mover)]
        for n in subs:
            found[n] = found[n]._replace(sub_of=place)
        if subs:
            found[place] = _explained_by(mover, accounts[subs[0]])._replace(
                sub_of=found[place].sub_of
            )
    return found


def _explained_by(mover: Account, sub: Account) -> Account:
    """Let a failed sub-association tell why a C-MOVE failed: its answer does not."""
    judged, failed = mover.judged, VerdictStatus.FAILED
    if judged.status is not failed or sub.judged.status is not failed:
        return mover._replace(sub=sub.listener)
    if sub.judged.kind is EvidenceKind.ASSOCIATION_REJECTED:
        found = likely(FindingId.MOVE_WRONG_TITLE, FindingId.MOVE_NOT_REACHED)
    elif sub.judged.stage.row.after_acceptance:
        found = likely(FindingId.MOVE_NOT_STORED, FindingId.MOVE_CANNOT_SEND)
    else:
        found = likely(FindingId.MOVE_NOT_REACHED, FindingId.MOVE_NO_ANSWER)
    server = sub.listener.meeting.server
    title = f"{judged.title}; its association to {server} failed: {sub.judged.title}"
    return mover._replace(judged=judged._replace(found=found, title=title), sub=sub.listener)


def _is_sub(each: Account, mover: Account) -> bool:
    """Whether a conversation was opened by the server of a C-MOVE to its destination meanwhile."""
    one, other = each.conversation, mover.conversation
    if each is mover or one.client.endpoint.address != other.server.endpoint.address:
        return False
    called, wanted = each.target.called_ae, destination_of(mover.listener)
    if called and wanted and called != wanted:
        return False
    return other.first.frame < one.first.frame < other.last.frame
