"""Writes docs/messages.md: what other software prints, and what each message can mean.

Run: ``make messages``. Made from ``tui/dcmecho/diagnosis/texts/software/*.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.findings import FINDINGS
from dcmecho.diagnosis.causes.texts import CAUSES
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.texts.knowledge import (
    AnyCauseId,
    Message,
    Moment,
    Side,
    Software,
    known_software,
)

PAGE = Path(__file__).parent.parent / "docs/messages.md"
_HEAD = """\
# Messages of DICOM software, and what they can mean

Search this page for the line that you have. `dcmecho explain` reads a whole log, takes titles,
addresses and reasons from the lines around it, and says what splits the causes that are left:

    dcmecho explain server.log

Words in braces stand for values. Where several causes are listed, the message alone proves none of
them; the likeliest comes first. The ids are those of `dcmecho --json`. `make messages` makes this
page from `tui/dcmecho/diagnosis/texts/software/`, where you can add what is missing
([CONTRIBUTING.md](../CONTRIBUTING.md)).
"""
_VALUES = {
    "called_ae": "CALLED",
    "calling_ae": "CALLING",
    "host": "the peer",
    "port": "PORT",
    "peer_address": "the peer",
    "local_address": "the caller",
}
_BY_EVIDENCE = {
    EvidenceKind.ASSOCIATION_REJECTED: "rejected: what that means depends on result, source and"
    " reason",
    EvidenceKind.ASSOCIATION_ABORTED: "aborted: what that means depends on when",
    EvidenceKind.TCP_FAILED: "no TCP connection: what that means depends on the error",
    EvidenceKind.NAME_FAILED: "the name has no address",
    EvidenceKind.PEER_CLOSED: "the other side closed the connection",
    EvidenceKind.PEER_RESET: "the other side reset the connection",
    EvidenceKind.PEER_SILENT: "no answer in time",
    EvidenceKind.PEER_BYTES: "what came is not DICOM: its first byte tells what it is",
    EvidenceKind.PEER_MALFORMED: "what came breaks the standard",
    EvidenceKind.CONTEXT_REFUSED: "no presentation context was accepted",
    EvidenceKind.ECHO_RESPONSE: "a command was answered with a failure: its status tells which",
    EvidenceKind.TLS_FAILED: "the TLS handshake failed",
    EvidenceKind.RELEASE_MISSING: "no answer to the release; everything before it worked",
}
"""What a message says whose causes follow from the values in it."""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """Return the page."""
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    yield from _HEAD.splitlines()
    for software in known_software():
        yield from _software(software)


def _software(software: Software) -> Iterator[str]:
    failures = [each for each in software.messages if each.is_failure]
    if not failures:
        return
    versions = f" {software.versions}" if software.versions else ""
    yield from ("", f"## {software.name}", "", f"Seen in{versions or ' use'}.", "")
    yield "| message | when | can mean |"
    yield "|---|---|---|"
    for message in failures:
        texts = "<br>".join(f"`{_cell(text)}`" for text in message.texts)
        yield f"| {texts} | {_when(message)} | {_meaning(message)} |"


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|").replace("`", "'")


def _when(message: Message) -> str:
    return ", ".join(filter(None, (_side(message.side), _moment(message.moment), message.service)))


def _side(side: Side | None) -> str:
    match side:
        case Side.CALLING:
            return "caller"
        case Side.CALLED:
            return "server"
        case None:
            return ""


def _moment(moment: Moment | None) -> str:
    match moment:
        case Moment.REQUEST:
            return "request"
        case Moment.COMMAND:
            return "after acceptance"
        case Moment.RELEASE:
            return "release"
        case None:
            return ""


def _meaning(message: Message) -> str:
    if not message.causes:
        return _BY_EVIDENCE.get(message.evidence or EvidenceKind.PEER_ODD, "a failure")
    lead = "proves " if message.is_proof else ""
    return lead + "<br>".join(map(_cause, message.causes))


def _cause(cause: AnyCauseId) -> str:
    sure = Confidence.POSSIBLE
    if isinstance(cause, CauseId):
        title = CAUSES.describe(cause, sure, _VALUES).title
    else:
        title = FINDINGS.describe(cause, sure, _VALUES).title
    return f"{_cell(title)} (`{cause.value}`)"


if __name__ == "__main__":
    main()
