"""The message for the network team or for the peer's administrator."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from dcmecho.diagnosis.cause import Cause, CauseId, Confidence, Who
from dcmecho.diagnosis.conclusion.clock import moment_and_utc
from dcmecho.diagnosis.conclusion.conclusion import values_of
from dcmecho.diagnosis.guide.words import look_for
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.sanitize import title_words
from dcmecho.diagnosis.stage import StageId, StageResult
from dcmecho.diagnosis.target.value_checks import DICOM_PORT
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.report.wrapping import WIDTH

_ABOUT_THE_CALLER = frozenset({CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED})
_ABOUT_REGISTERING = frozenset(
    {
        CauseId.AE_CALLING_UNKNOWN,
        CauseId.AE_HOST_NOT_ALLOWED,
        CauseId.AUTH_PER_COMMAND,
        CauseId.AE_CALLED_UNKNOWN,
        CauseId.AE_CASE,
    }
)


def render(report: Report, who: Who, causes: Sequence[Cause[CauseId]], local_zone: datetime) -> str:
    """Return the message for ``who`` about ``causes``: ASCII except for the AE titles.

    It ends with a newline. ``local_zone`` is any aware time in the zone to show times in.
    """
    target = report.target
    values = values_of(target, report.started, report.stages)
    address = values.get("local_address", "")
    fails = report.verdict.status is VerdictStatus.FAILED
    titles = f"{title_words(target.calling_ae)} to {title_words(target.called_ae)}"
    lines = [
        f"DICOM from {titles} {'fails' if fails else 'is slow'}:",
        *_headline(report, causes),
        "",
        *_what_we_see(report, address, local_zone),
    ]
    if who is Who.NETWORK and fails:
        lines += _what_to_open(report, address)
    checks = (look_for(cause.id, values, report.set_aside) for cause in causes)
    lines += _section("Please check", dict.fromkeys(checks))
    lines += _section("What can be behind it", _behind(causes, who))
    if who is Who.PEER:
        # Hints of the most likely cause only: the message stays short enough to be read.
        lines += _section("Where to look", (str(hint) for c in causes[:1] for hint in c.where))
    if who is Who.PEER and _is_about_registering(report, causes):
        lines += _what_to_enter(report, address)
    lines += _what_we_tried(report)
    return "\n".join(lines) + "\n"


def _behind(causes: Sequence[Cause[CauseId]], who: Who) -> Iterator[str]:
    """Yield what can be behind the symptoms among ``causes`` and is for ``who`` to find out."""
    for cause in causes:
        yield from (each.text for each in cause.behind if each.who is who)


def _is_about_registering(report: Report, causes: Sequence[Cause[CauseId]]) -> bool:
    is_known = report.set_aside >= _ABOUT_THE_CALLER
    return not is_known and any(cause.id in _ABOUT_REGISTERING for cause in causes)


def _what_we_see(report: Report, address: str, local_zone: datetime) -> Iterator[str]:
    target = report.target
    yield "What we see"
    yield f"  time   {moment_and_utc(report.started, local_zone.tzinfo)}"
    yield f"  from   {title_words(target.calling_ae)} at {address or 'an unknown address'}"
    yield (
        f"  to     {title_words(target.called_ae)} at {target.shown_host}"
        f"{_numeric(report)}, port {target.port}"
    )
    for sentence in report.proven:
        yield from _wrapped(f"  works  {sentence}", " " * 9)
    yield ""


def _headline(report: Report, causes: Sequence[Cause[CauseId]]) -> Iterator[str]:
    """Yield the verdict, and the cause if it is proven; a guess does not belong in a headline."""
    yield from _wrapped(report.verdict.title, "")
    first = causes[0] if causes else None
    if first is not None and first.confidence is Confidence.PROVEN and not first.is_symptom:
        yield from _wrapped(f"{first.title}.", "")


def _what_we_tried(report: Report) -> Iterator[str]:
    """Yield the experiments; they come last, because the reader must first know what to do."""
    tried = (f"{each.sent}: {each.outcome}" for each in report.experiments)
    yield from _section("What we tried", tried)


def _numeric(report: Report) -> str:
    resolved = next((s for s in report.stages if s.id is StageId.RESOLVE), None)
    addresses = _addresses(resolved) if resolved else ()
    return f" ({', '.join(addresses)})" if addresses else ""


def _addresses(resolved: StageResult) -> tuple[str, ...]:
    for evidence in resolved.evidence:
        found = evidence.data.get("addresses")
        if isinstance(found, list):
            return tuple(map(str, found))
    return ()


def _what_to_open(report: Report, address: str) -> Iterator[str]:
    target = report.target
    yield "What is needed"
    yield (
        f"  TCP from {address or 'this machine'} to {target.shown_host}{_numeric(report)},"
        f" port {target.port}, and the answers back"
    )
    yield ""


def _what_to_enter(report: Report, address: str) -> Iterator[str]:
    calling = report.target.calling_ae
    host = address or "OUR_ADDRESS"
    entry = json.dumps({calling: [calling, host, DICOM_PORT]})[1:-1]
    yield "What to register, if it is missing"
    yield from _wrapped(
        f"  AE title {title_words(calling)} (case counts), address {host}. If you send to us, also"
        f" the port we listen on. The examples below use {DICOM_PORT}.",
        "  ",
    )
    yield "  Orthanc, in DicomModalities:"
    yield f"    {entry}"
    row = f"{calling.lower()} = ({calling}, {host}, {DICOM_PORT})"
    yield "  dcmqrscp, in the HostTable; add its name to the peers in the AETable row:"
    yield f"    {row}"
    yield "  dcm4chee-arc:"
    yield from _wrapped(
        f"    a device with the Network AE {calling} and a connection to {host}, port"
        f" {DICOM_PORT}; add {calling} to the accepted calling AE titles",
        "    ",
    )
    yield ""


def _section(title: str, sentences: Iterable[str]) -> Iterator[str]:
    found = [sentence for sentence in sentences if sentence]
    if found:
        yield title
        for sentence in found:
            yield from _wrapped(f"  - {sentence}", "    ")
        yield ""


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
