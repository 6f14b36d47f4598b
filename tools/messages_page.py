"""Writes docs/messages.md: what other software prints, and what each message can mean.

Run: ``make messages``. Made from ``tui/dcmecho/diagnosis/texts/software/*.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.findings import FINDINGS
from dcmecho.diagnosis.causes.texts import CAUSES
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.observed.service_reasoning import by_status
from dcmecho.diagnosis.texts.assembling import Seen
from dcmecho.diagnosis.texts.judging import judge
from dcmecho.diagnosis.texts.knowledge import (
    AnyCauseId,
    Message,
    Moment,
    Side,
    Software,
    known_software,
    parse,
)
from dcmecho.diagnosis.texts.values import errno_of
from dcmecho.standard.refusals import RejectReason

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
    "triple": "this code",
    "status": "this status",
}
_DEPENDS = {
    EvidenceKind.ASSOCIATION_REJECTED: "reason}",
    EvidenceKind.PEER_BYTES: "{pdu",
    EvidenceKind.ECHO_RESPONSE: "{status",
}
"""By evidence the value that tells which of the tables at the top applies."""
_ERRORS = ("Connection refused", "timed out", "No route to host", "Network is unreachable")
_STATUSES = {
    "C-ECHO": (0x0110,),
    "C-STORE": (0x0110, 0x0122, 0x0124, 0xA700, 0xA900, 0xC000),
    "C-FIND": (0x0110, 0x0122, 0x0124, 0xA700, 0xA900, 0xC000),
    "C-MOVE": (0x0110, 0x0122, 0x0124, 0xA701, 0xA702, 0xA801, 0xA900, 0xB000, 0xC000),
}
_FIRST_BYTES = {Side.CALLING: (0x48, 0x53, 0x15, 0x32, 0x0B), Side.CALLED: (0x16, 0x47, 0x50)}
_RULE = "|---|---|---|"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """Return the page."""
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    yield from _HEAD.splitlines()
    yield from _rejections()
    yield from _statuses()
    yield from _bytes()
    for software in known_software():
        yield from _software(software)


def _rejections() -> Iterator[str]:
    yield from ("", "## Source and reason of a rejection", "", "| source/reason | is | can mean |")
    yield _RULE
    for reason in RejectReason:
        data = {"source": str(reason.source.value), "reason": str(reason.number)}
        found = _judged(EvidenceKind.ASSOCIATION_REJECTED, data)
        yield f"| {reason.source}/{reason.number} | {reason.words} | {found} |"


def _statuses() -> Iterator[str]:
    yield from ("", "## Statuses", "", "| command | status | can mean |", _RULE)
    for service, statuses in _STATUSES.items():
        for status in statuses:
            found = _causes(cause for cause, _ in by_status(service, status))
            yield f"| {service} | `0x{status:04X}` (decimal {status}) | {found} |"


def _bytes() -> Iterator[str]:
    yield from ("", "## Types of a PDU that is none", "")
    yield "DCMTK, pynetdicom and CTN write them in hexadecimal, dcm4che and dcmjs in decimal."
    yield from ("", "| hexadecimal | decimal | received by | can mean |", f"{_RULE}---|")
    for side, firsts in _FIRST_BYTES.items():
        for first in firsts:
            found = _judged(EvidenceKind.PEER_BYTES, {"pdu_hex": f"{first:x}"}, side)
            yield f"| {first:x} | {first} | {_side(side)} | {found} |"


def _judged(kind: EvidenceKind, values: Mapping[str, str], side: Side = Side.CALLING) -> str:
    lines = ("[[message]]", 'text = "text"', f'evidence = "{kind}"', 'moment = "request"')
    source = (*lines, f'side = "{side}"', 'seen = "run"')
    (message,) = parse("tables", "\n".join(('name = "tables"', *source))).messages
    return _found(message, values)


def _found(message: Message, values: Mapping[str, str]) -> str:
    given = {**{name: str(value) for name, value in message.data.items()}, **values}
    seen = Seen(failure=message, failure_values=given, side=message.side, service=message.service)
    judged = judge(seen)
    return _causes(cause for cause, _ in judged.found) if judged else ""


def _software(software: Software) -> Iterator[str]:
    failures = [each for each in software.messages if each.is_failure]
    if not failures:
        return
    versions = f" {software.versions}" if software.versions else ""
    yield from ("", f"## {software.name}", "", f"Seen in{versions or ' use'}.", "")
    yield "| message | when | can mean |"
    yield "|---|---|---|"
    for message in failures:
        yield from _rows(message)


def _rows(message: Message) -> Iterator[str]:
    ended = [text for text in message.texts if "{error}" in text]
    by_error = {error: _found(message, {"error": error}) for error in _ERRORS}
    if ended and errno_of(ended[0]) is None and len(set(by_error.values())) > 1:
        for error, causes in by_error.items():
            texts = [text.replace("{error}", error) for text in ended]
            yield f"| {_texts(texts)} | {_when(message)} | {causes} |"
    else:
        yield f"| {_texts(message.texts)} | {_when(message)} | {_meaning(message)} |"


def _texts(texts: Iterable[str]) -> str:
    return "<br>".join(f"`{_cell(text)}`" for text in texts)


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
    value = _DEPENDS.get(message.evidence) if message.evidence and not message.causes else None
    if value and value in message.texts[0]:
        return "see the table at the top"
    lead = "proves " if message.is_proof else ""
    return lead + (_found(message, {}) or "a failure")


def _causes(causes: Iterable[AnyCauseId]) -> str:
    return "<br>".join(map(_cause, causes))


def _cause(cause: AnyCauseId) -> str:
    sure = Confidence.POSSIBLE
    if isinstance(cause, CauseId):
        title = CAUSES.describe(cause, sure, _VALUES).title
    else:
        title = FINDINGS.describe(cause, sure, _VALUES).title
    return f"{_cell(title)} (`{cause.value}`)"


if __name__ == "__main__":
    main()
