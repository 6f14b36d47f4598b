"""Can a value work at all? Pure judgement of host, port, AE title, timeout and PDU length."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.sanitize import printable, title_bytes
from dcmecho.diagnosis.target.host_syntax import host_error
from dcmecho.diagnosis.target.target import UNSAID_CALLED_AE

if TYPE_CHECKING:
    from dcmecho.diagnosis.target.tls import TlsSettings

MIN_PORT, MAX_PORT = 1, 65535
MAX_AE_TITLE_BYTES = 16
"""PS3.5 6.2, VR AE."""
MIN_TIMEOUT_S, MAX_TIMEOUT_S = 0.001, 86_400
"""Nothing answers in less: a healthy peer would be called silent."""
MIN_MAX_PDU_BYTES, MAX_MAX_PDU_BYTES = 4096, 131_072
"""What DCMTK takes for ``--max-pdu``; 0 stands for no limit (PS3.8 D.1)."""
ACR_NEMA_PORT, DICOM_TLS_PORT, DICOM_PORT = 104, 2762, 11112
"""The ports that IANA registers under these names; everybody may listen on the last one."""

_DEFAULT_TITLES = {
    UNSAID_CALLED_AE: (
        "the placeholder that DCMTK and pynetdicom send when no called title is given"
    ),
    "CONQUESTSRV1": "the default title of Conquest",
    "DCM4CHEE": "the default title of dcm4chee",
    "DCMRECV": "the default title of DCMTK's dcmrecv",
    "ECHOSCU": "the default title of DCMTK's echoscu",
    "FINDSCU": "the default title of DCMTK's findscu",
    "GETSCU": "the default title of DCMTK's getscu",
    "MOVESCU": "the default title of DCMTK's movescu",
    "ORTHANC": "the default title of Orthanc",
    "PYNETDICOM": "the default title of pynetdicom",
    "STORESCP": "the default title of DCMTK's and dcm4che's storescp",
    "STORESCU": "the default title of DCMTK's storescu",
}


class Severity(StrEnum):
    """``ERROR``: this value cannot work, nothing is sent. ``WARNING``: it can, look twice."""

    ERROR = "error"
    WARNING = "warning"


class Flaw(NamedTuple):
    """What is wrong with one value and what to do.

    ``message`` is printable, on one line, and does not name the value. ``cause`` is set on errors
    that have an explanation of their own in ``causes.toml``.
    """

    severity: Severity
    message: str
    cause: CauseId | None = None


def error(message: str, cause: CauseId | None = None) -> tuple[Flaw, ...]:
    """The one flaw of a value that cannot work."""
    return (Flaw(Severity.ERROR, message, cause),)


def _warning(message: str) -> tuple[Flaw, ...]:
    return (Flaw(Severity.WARNING, message),)


def number_text(number: float) -> str:
    """Write a number so that it is read back as the same: ``5``, ``86399.99``."""
    if isinstance(number, int):
        return str(number)
    short = f"{number:g}"
    return short if float(short) == number else repr(number)


def check_host(host: str) -> tuple[Flaw, ...]:
    """Judge a host name, IPv4 or IPv6 address (``fe80::1%eth0`` with its interface)."""
    message = host_error(host)
    if message is not None:
        return error(message, CauseId.HOST_INVALID)
    if host in ("0.0.0.0", "::"):
        message = f"{host} is an address to listen on: connecting to it reaches this machine"
        return _warning(message)
    return ()


def check_port(port: int, tls: TlsSettings | None = None) -> tuple[Flaw, ...]:
    """Judge a TCP port for a target with this TLS, or for a plain one."""
    if not MIN_PORT <= port <= MAX_PORT:
        message = (
            f"there is no port {port}: ports go from {MIN_PORT} to {MAX_PORT} "
            f"(DICOM mostly uses {ACR_NEMA_PORT} or {DICOM_PORT})"
        )
        return error(message, CauseId.PORT_INVALID)
    if port == DICOM_TLS_PORT and tls is None:
        message = (
            f"{port} is the port of DICOM over TLS, and this target is plain: "
            "ask the peer's administrator which it is"
        )
        return _warning(message)
    if port == ACR_NEMA_PORT and tls is not None:
        message = (
            f"{port} is the port of plain DICOM, and this target uses TLS (mostly "
            f"{DICOM_TLS_PORT}): ask the peer's administrator which it is"
        )
        return _warning(message)
    return ()


def check_ae_title(title: str) -> tuple[Flaw, ...]:
    """Judge an AE title: 1 to 16 bytes of ASCII, no backslash, no control (PS3.5 6.2, VR AE)."""
    errors = _ae_title_errors(title)
    if errors:
        cause = CauseId.AE_TITLE_INVALID
        return tuple(Flaw(Severity.ERROR, text, cause) for text in errors)
    return tuple(Flaw(Severity.WARNING, text) for text in _ae_title_warnings(title))


def check_timeout(timeout_s: float) -> tuple[Flaw, ...]:
    """Judge a timeout in seconds."""
    if MIN_TIMEOUT_S <= timeout_s <= MAX_TIMEOUT_S:
        return ()
    message = f"{number_text(timeout_s)} s cannot be waited for: use {MIN_TIMEOUT_S:g}"
    return error(f"{message} to {MAX_TIMEOUT_S} s")


def check_max_pdu(max_pdu_bytes: int) -> tuple[Flaw, ...]:
    """Judge the longest PDU that we announce to receive, in bytes (PS3.8 D.1)."""
    if max_pdu_bytes == 0 or MIN_MAX_PDU_BYTES <= max_pdu_bytes <= MAX_MAX_PDU_BYTES:
        return ()
    message = (
        f"{max_pdu_bytes} bytes is out of range: use {MIN_MAX_PDU_BYTES} to {MAX_MAX_PDU_BYTES}, "
        "or 0 for no limit"
    )
    return error(message)


def _ae_title_errors(title: str) -> list[str]:
    if not title:
        return ["an AE title is needed: ask the peer's administrator for the exact spelling"]
    if not title.strip(" "):
        return ["an AE title of only spaces is not allowed, and some peers fall silent at it"]
    return [text for text in (_length_error(title), _character_error(title)) if text]


def _length_error(title: str) -> str | None:
    length = len(title.encode("utf-8", "surrogatepass"))
    if length <= MAX_AE_TITLE_BYTES:
        return None
    text = f"{length} bytes is too long: an AE title has at most {MAX_AE_TITLE_BYTES} bytes"
    trimmed = len(title.strip(" ").encode("utf-8", "surrogatepass"))
    if trimmed <= MAX_AE_TITLE_BYTES:
        return f"{text}; without the spaces around it, it has {trimmed}"
    return text


def _character_error(title: str) -> str | None:
    for index, ch in enumerate(title):
        reason = _character_reason(ch)
        if reason:
            raw = ch.encode("utf-8", "surrogatepass").hex(" ")
            byte = len(title[:index].encode("utf-8", "surrogatepass")) + 1
            noun = "byte" if len(raw) == 2 else "bytes"
            return f"{noun} {raw} at position {byte} {reason}"
    return None


def _character_reason(ch: str) -> str | None:
    if ch == "\\":
        return "is a backslash, which DICOM keeps to separate values: remove it"
    if unicodedata.category(ch) == "Cc":
        return "is a control character: type the title again rather than pasting it"
    if not ch.isascii():
        name = unicodedata.name(ch, f"U+{ord(ch):04X}")
        return f"({printable(ch)}, {name}) is not ASCII: AE titles have A-Z, 0-9, _ - and the like"
    return None


def _ae_title_warnings(title: str) -> list[str]:
    warnings = []
    if title.startswith(" "):
        warnings.append(
            f"begins with a space: {title_bytes(title)}; DICOM ignores it, "
            "many peers do not and refuse the title: remove it"
        )
    if title.endswith(" "):
        warnings.append(
            f"ends with a space: {title_bytes(title)}; it is sent like the title without it, "
            "but a peer that was given it may match it literally: remove it"
        )
    origin = _DEFAULT_TITLES.get(title.strip(" ").upper())
    if origin:
        warnings.append(f"{title.strip(' ')} is {origin}: check that this is really the title")
    return warnings
