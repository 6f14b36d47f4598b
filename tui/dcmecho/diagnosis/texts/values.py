"""Values as logs have them, words or numbers, as the numbers of the standard and of the system."""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

from dcmecho.diagnosis.target.digits import is_whole
from dcmecho.standard.statuses import SUCCESS

_ERRNO_WORDS: tuple[tuple[str, int], ...] = (
    ("timeout)", errno.ETIMEDOUT),  # DCMTK: the words before it say nothing
    ("refus", errno.ECONNREFUSED),
    ("rehus", errno.ECONNREFUSED),
    ("rechaz", errno.ECONNREFUSED),
    ("rifiut", errno.ECONNREFUSED),
    ("denegó", errno.ECONNREFUSED),
    ("recus", errno.ECONNREFUSED),
    ("abgelehnt", errno.ECONNREFUSED),
    ("verweiger", errno.ECONNREFUSED),
    ("geweigerd", errno.ECONNREFUSED),
    ("odmow", errno.ECONNREFUSED),
    ("отказ", errno.ECONNREFUSED),
    ("отверг", errno.ECONNREFUSED),
    ("拒绝", errno.ECONNREFUSED),
    ("拒否", errno.ECONNREFUSED),
    ("10061", errno.ECONNREFUSED),
    ("timed out", errno.ETIMEDOUT),
    ("timed-out", errno.ETIMEDOUT),
    ("timeout", errno.ETIMEDOUT),
    ("etimedout", errno.ETIMEDOUT),
    ("did not properly respond", errno.ETIMEDOUT),
    ("zeitüberschreitung", errno.ETIMEDOUT),
    ("überschritten", errno.ETIMEDOUT),
    ("wartezeit", errno.ETIMEDOUT),
    ("nicht richtig reagiert", errno.ETIMEDOUT),
    ("expir", errno.ETIMEDOUT),
    ("scadut", errno.ETIMEDOUT),
    ("esgotado", errno.ETIMEDOUT),
    ("10060", errno.ETIMEDOUT),
    ("no route to host", errno.EHOSTUNREACH),
    ("noroutetohost", errno.EHOSTUNREACH),
    ("ehostunreach", errno.EHOSTUNREACH),
    ("unreachable host", errno.EHOSTUNREACH),
    ("keine route", errno.EHOSTUNREACH),
    ("aucun chemin", errno.EHOSTUNREACH),
    ("ninguna ruta", errno.EHOSTUNREACH),
    ("nessun instradamento", errno.EHOSTUNREACH),
    ("há rota", errno.EHOSTUNREACH),
    ("10065", errno.EHOSTUNREACH),
    ("host is down", errno.EHOSTDOWN),
    ("unreachable", errno.ENETUNREACH),
    ("enetunreach", errno.ENETUNREACH),
    ("nicht erreichbar", errno.ENETUNREACH),
    ("pas accessible", errno.ENETUNREACH),
    ("inaccesible", errno.ENETUNREACH),
    ("inacessível", errno.ENETUNREACH),
    ("fora de alcance", errno.ENETUNREACH),
    ("non raggiungibile", errno.ENETUNREACH),
    ("10051", errno.ENETUNREACH),
    ("reset", errno.ECONNRESET),
    ("zurückgesetzt", errno.ECONNRESET),
    ("initialis", errno.ECONNRESET),
    ("reinicializ", errno.ECONNRESET),
    ("interrotta", errno.ECONNRESET),
    ("outra ponta", errno.ECONNRESET),
    ("forcibly closed", errno.ECONNRESET),
    ("vom remotehost", errno.ECONNRESET),
    ("hôte distant", errno.ECONNRESET),
    ("host remoto", errno.ECONNRESET),
    ("10054", errno.ECONNRESET),
    ("in use", errno.EADDRINUSE),
    ("permission denied", errno.EACCES),
    ("operation now in progress", errno.ETIMEDOUT),
)
"""Parts of the words of errors of a connection, in lower case; the first that fits counts.

Java and Windows translate them.
"""

_NUMBER = re.compile(r"^\s*(?:0x)?([0-9]{1,3})\b")
_STATUS_WORDS: tuple[tuple[str, int], ...] = (
    ("success", SUCCESS),
    ("pending", SUCCESS),
    ("outofresourcessub", 0xA702),
    ("outofresources", 0xA700),
    ("out of resources", 0xA700),
    ("movedestinationunknown", 0xA801),
    ("destination unknown", 0xA801),
    ("sopclassnotsupported", 0x0122),
    ("sop class not supported", 0x0122),
    ("datasetdoesnotmatch", 0xA900),
    ("identifierdoesnotmatch", 0xA900),
    ("notauthorized", 0x0124),
    ("not authori", 0x0124),
    ("cannotunderstand", 0xC000),
    ("cannot understand", 0xC000),
    ("unabletoprocess", 0xC000),
    ("unable to process", 0xC000),
    ("suboperationscomplete", 0xB000),
    ("processingfailure", 0x0110),
    ("processing failure", 0x0110),
    ("duplicate sop", 0x0111),
    ("no such object", 0x0112),
    ("no such sop class", 0x0118),
    ("missing attribute", 0x0120),
    ("invalid attribute", 0x0106),
)


def errno_of(words: str) -> int | None:
    """Return the error of a connection; ``None`` for words that are not known."""
    lowered = words.lower()
    return next((number for part, number in _ERRNO_WORDS if part in lowered), None)


def result_of(words: str) -> int | None:
    """Return the result of a rejection: 1 or 2."""
    if (number := _leading(words)) is not None:
        return number
    lowered = words.lower()
    if "transient" in lowered:
        return 2
    return 1 if "permanent" in lowered else None


def source_of(words: str) -> int | None:
    """Return the source of a rejection."""
    if (number := _leading(words)) is not None:
        return number
    lowered = words.lower()
    for part, number in (("presentation", 3), ("acse", 2), ("user", 1)):
        if part in lowered:
            return number
    return None


_REASONS: tuple[tuple[str, int, int], ...] = (
    ("calling", 1, 3),
    ("called", 1, 7),
    ("context", 1, 2),
    ("protocol", 2, 2),
    ("congestion", 3, 1),
    ("limit", 3, 2),
)


def reason_of(words: str) -> tuple[int | None, int | None]:
    """Return the source that a reason implies, if it does, and the reason."""
    if (number := _leading(words)) is not None:
        return None, number
    lowered = words.lower()
    for part, source, reason in _REASONS:
        if part in lowered:
            return source, reason
    return None, (1 if is_no_reason(words) else None)


def is_no_reason(words: str) -> bool:
    """Report whether a reason is that none is given."""
    lowered = words.lower()
    return "no" in lowered and "reason" in lowered


def abort_source_of(words: str) -> int | None:
    """Return the source of an abort: 0 or 2."""
    if (number := _leading(words)) is not None:
        return number
    lowered = words.lower()
    if "provider" in lowered:
        return 2
    return 0 if "user" in lowered else None


_ABORT_REASONS: tuple[tuple[str, int], ...] = (
    ("parameter value", 6),
    ("unexpected pdu param", 5),
    ("unrecogni", 1),
    ("unexpected", 2),
)


def abort_reason_of(words: str) -> int | None:
    """Return the reason of an abort by the service provider."""
    if (number := _leading(words)) is not None:
        return number
    lowered = words.lower().replace("-", " ")
    return next((number for part, number in _ABORT_REASONS if part in lowered), 0)


def status_of(words: str) -> int | None:
    """Return the status that words stand for, 0 for success; ``None`` if they are not known."""
    lowered = words.lower()
    return next((number for part, number in _STATUS_WORDS if part in lowered), None)


def hexadecimal(text: str) -> int | None:
    """Return a number written in hexadecimal: ``0xA700``, ``A700H``, ``a700``."""
    digits = text.lower().removeprefix("0x").removesuffix("h")
    return int(digits, 16) if re.fullmatch(r"[0-9a-f]{1,8}", digits) else None


def decimal(text: str) -> int | None:
    """Return a number written in decimal."""
    return int(text) if is_whole(text) else None


def _leading(words: str) -> int | None:
    found = _NUMBER.match(words)
    return int(found[1]) if found else None


_ZONE = r"(Z|[+-][0-9]{2}:?[0-9]{2})?"
_CLOCK = r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,][0-9]+)?"
_ISO = re.compile(rf"\b([0-9]{{4}})[-/]([0-9]{{2}})[-/]([0-9]{{2}})[T ]{_CLOCK} ?{_ZONE}")
_GERMAN = re.compile(rf"\b([0-9]{{2}})\.([0-9]{{2}})\.([0-9]{{4}}) {_CLOCK}")
_WORDED = re.compile(rf"\b([0-9]{{1,2}}) ([A-Z][a-z]{{2}}) ([0-9]{{4}}) {_CLOCK}")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH: Mapping[str, int] = {name: number for number, name in enumerate(_MONTHS, 1)}


def time_in(line: str) -> datetime | None:
    """Return the time that a line has with its year; one without zone is taken for UTC."""
    head = line[:120]
    try:
        return _iso(head) or _day_first(head)
    except (ValueError, KeyError, OverflowError):
        return None


def _iso(head: str) -> datetime | None:
    found = _ISO.search(head)
    if not found:
        return None
    *numbers, zone = found.groups()
    year, month, day, hour, minute, second = map(int, numbers)
    return datetime(year, month, day, hour, minute, second, tzinfo=_zone(zone)).astimezone(UTC)


def _zone(text: str | None) -> timezone:
    if not text or text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def _day_first(head: str) -> datetime | None:
    if found := _GERMAN.search(head):
        day, month, year, *clock = map(int, found.groups())
    elif found := _WORDED.search(head):
        month = _MONTH[found[2]]
        day, year, *clock = (int(found[group]) for group in (1, 3, 4, 5, 6))
    else:
        return None
    hour, minute, second = clock
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def given_status(given: Mapping[str, str]) -> int | None:
    """Return the status among the values of a message, however it is written."""
    if "status_hex" in given:
        return hexadecimal(given["status_hex"])
    if "status_decimal" in given:
        return decimal(given["status_decimal"])
    return status_of(given.get("status", ""))
